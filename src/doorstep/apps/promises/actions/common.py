"""The one way a promise takes a step: its leaf, the step, and the promise's row."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from doorstep.apps.promises.models import Promise, Step, StepKind
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, Log, Wording

RELATED = ("place", "owed_by_organisation", "owed_to_organisation", "words")


def promised(kind: str, subject: str) -> QuerySet[Promise]:
    """Every promise of one thing: the first, and each time it was owed again."""
    again = Q(subject=subject) | Q(subject__startswith=f"{subject}#")
    return Promise.objects.select_related(*RELATED).filter(again, kind=kind)


def held(promise: Promise) -> Promise:
    """The promise as it stands now, under the record's pen until the transaction ends."""
    lock_head()
    return Promise.objects.select_related(*RELATED).get(pk=promise.pk)


def step_of(
    promise: Promise,
    kind: StepKind,
    *,
    on: date,
    actor: Actor,
    reason: Wording | None = None,
    leaf: Leaf | None = None,
    **now: Any,
) -> Step:
    """Let a held promise take its next step; `now` is what of it becomes different."""
    for name, value in now.items():
        setattr(promise, name, value)
    promise.steps_taken += 1
    if leaf is None:
        leaf = write_leaf(
            f"promise.{kind}",
            {**leaf_of(promise, kind, reason), "actor": actor.as_leaf()},
            log=Log.PUBLIC if promise.public else Log.AUDIT,
        )
    promise.save(update_fields=["steps_taken", *now])
    return Step.objects.create(
        promise=promise,
        seq=promise.steps_taken,
        kind=kind,
        on=on,
        due_on=promise.due_on,
        state=promise.state,
        reason=reason,
        leaf=leaf,
    )


def leaf_of(promise: Promise, kind: StepKind, reason: Wording | None) -> dict[str, Any]:
    """What a step's own leaf says, but for the actor. Words enter by commitment only."""
    body: dict[str, Any] = {
        "promise": promise.pk,
        "promised": promise.kind,
        "step": promise.steps_taken,
        "place": promise.place.slug if promise.place else "",
        "role": promise.owed_by_role,
        "organisation": getattr(promise.owed_by_organisation, "slug", ""),
        "due": promise.due_on.isoformat(),
        "state": str(promise.state),
        "reason": reason.commitment if reason else "",
    }
    if kind is StepKind.MADE:
        body |= {
            "words": promise.words.commitment if promise.words else "",
            "rule": promise.rule_key,
            "counted_from": promise.counted_from.isoformat() if promise.counted_from else "",
            "days": promise.days or 0,
        }
    return body
