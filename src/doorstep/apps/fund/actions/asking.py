"""A step is asked for by one person and agreed to by another; only then does its money move.

A step is tried when it is asked for, and the try is undone: so whoever asks hears at once what the
fund would refuse, and a second person is not troubled with it.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.fund import rules
from doorstep.apps.fund.models import Fund, Step, StepAnswer
from doorstep.apps.ledger.models import Journal
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused

from .steps import taken


@transaction.atomic
def ask_step(
    fund: Fund,
    kind: str,
    said: Mapping[str, Any],
    *,
    words: str = "",
    reference: str,
    actor: Actor,
) -> Step:
    """Ask for a step. Asked again under the same reference it is the first one."""
    account, kind = _person(actor), str(kind)
    lock_head()
    earlier = Step.objects.filter(reference=reference).select_related("words").first()
    if earlier is not None:
        kept = earlier.words.text if earlier.words else ""
        rules.refuse_other_step(
            (earlier.fund_id, earlier.kind, earlier.said, kept), (fund.pk, kind, dict(said), words)
        )
        return earlier
    _tried(fund, kind, said, words, actor)
    kept_words = keep_words(words) if words else None
    leaf = write_leaf(
        "fund.step_asked",
        {
            "fund": fund.slug,
            "step": kind,
            "said": dict(said),
            "words": kept_words.commitment if kept_words else None,
            "actor": actor.as_leaf(),
        },
    )
    return Step.objects.create(
        fund=fund,
        kind=kind,
        said=dict(said),
        words=kept_words,
        reference=reference,
        asked_by_id=account,
        asked_role=actor.kind,
        asked_on=timezone.localdate(),
        leaf=leaf,
    )


@transaction.atomic
def agree_step(step: Step, *, actor: Actor) -> StepAnswer:
    """A second person says yes, and the money moves. Said twice by one person, it moves once."""
    account = _person(actor)
    lock_head()
    earlier = StepAnswer.objects.filter(step=step).first()
    if earlier is not None and earlier.agreed and earlier.account_id == account:
        return earlier
    rules.refuse_answered(earlier is not None)
    rules.refuse_own_step(step.asked_by_id, account)
    words = step.words.text if step.words else ""
    journal = taken(step.fund, step.kind, step.said, words, key=f"step:{step.pk}", actor=actor)
    return _answered(step, actor, account, journal=journal)


@transaction.atomic
def refuse_step(step: Step, *, reason: str, actor: Actor) -> StepAnswer:
    """Say no with a reason, or take back what one asked for oneself. Nothing moves."""
    account = _person(actor)
    rules.refuse_reason(reason)
    lock_head()
    rules.refuse_answered(StepAnswer.objects.filter(step=step).exists())
    return _answered(step, actor, account, reason=reason)


def _answered(
    step: Step, actor: Actor, account: int, *, journal: Journal | None = None, reason: str = ""
) -> StepAnswer:
    kept = keep_words(reason) if reason else None
    leaf = write_leaf(
        "fund.step_answered",
        {
            "fund": step.fund.slug,
            "asked": step.leaf.idx,
            "step": step.kind,
            "agreed": journal is not None,
            "entry": journal.seq if journal else None,
            "reason": kept.commitment if kept else None,
            "actor": actor.as_leaf(),
        },
    )
    return StepAnswer.objects.create(
        step=step,
        agreed=journal is not None,
        reason=kept,
        account_id=account,
        answered_on=timezone.localdate(),
        journal=journal,
        leaf=leaf,
    )


def _tried(fund: Fund, kind: str, said: Mapping[str, Any], words: str, actor: Actor) -> None:
    """Take the step and undo it: what it would be refused for is said now."""
    with transaction.atomic():
        taken(fund, kind, said, words, key="step:tried", actor=actor)
        transaction.set_rollback(True)


def _person(actor: Actor) -> int:
    if type(actor.id) is not int:
        raise Refused(
            _("Only somebody with an account can do this, so that two people look at every sum."),
            code="not_a_person",
        )
    return actor.id
