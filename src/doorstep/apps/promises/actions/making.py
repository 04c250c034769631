"""A promise is made: by what happens in a room, or by somebody who says so."""

import secrets
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.organisations.models import Organisation
from doorstep.apps.people.models import Account
from doorstep.apps.places.models import Place
from doorstep.apps.promises import rules
from doorstep.apps.promises.actions.common import promised, step_of
from doorstep.apps.promises.kinds import SPOKEN, known
from doorstep.apps.promises.models import Promise, PromiseState, StepKind
from doorstep.apps.record.actions import keep_words, lock_head
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import Deadline


@dataclass(frozen=True)
class Due:
    """The last day, and how it was worked out: the clock's sum and the rule's key, or a day."""

    on: date
    sum: Deadline | None = None
    rule_key: str = ""

    @classmethod
    def by(cls, deadline: Deadline, rule_key: str = "") -> "Due":
        return cls(deadline.due, deadline, rule_key)


@dataclass(frozen=True)
class Owed:
    """What a room promises: `kind` of `subject`, by a role at a place or by an organisation."""

    kind: str
    subject: str
    due: Due
    place: Place | None = None
    role: str = ""
    organisation: Organisation | None = None
    to: Organisation | None = None
    held_by: Account | None = None
    public: bool = True


@transaction.atomic
def owe(
    owed: Owed, *, on: date, actor: Actor, leaf: Leaf | None = None, again: bool = False
) -> Promise:
    """Write down that something is owed. The same thing again is the promise there is; with
    `again`, once that has ended, it is a new one, `17#2`.

    `leaf` is that of the act which made it owed; without one the promise writes its own.
    """
    if not known(owed.kind):
        raise ValueError(f"{owed.kind!r} is no kind of promise; register it with @about.")
    lock_head()
    earlier = list(promised(owed.kind, owed.subject).order_by("pk"))
    if earlier and not (again and earlier[-1].state != PromiseState.OPEN):
        return earlier[-1]
    if earlier:
        owed = replace(owed, subject=f"{owed.subject}#{len(earlier) + 1}")
    return _made(owed, None, on=on, actor=actor, leaf=leaf)


@transaction.atomic
def promise_aloud(
    text: str,
    *,
    due: Due,
    place: Place,
    role: str = "",
    organisation: Organisation | None = None,
    to: Organisation | None = None,
    public: bool = True,
    on: date,
    actor: Actor,
) -> Promise:
    """Somebody promises something in their own words, such as a duty of an agreement."""
    said = rules.plain_reason(text)
    if due.on < on:
        raise Refused(_("A promise is due on a day that is still to come."), code="day")
    lock_head()
    owed = Owed(
        SPOKEN, secrets.token_hex(8), due, place=place, role=role, organisation=organisation,
        to=to, public=public,
    )  # fmt: skip
    return _made(owed, said, on=on, actor=actor, leaf=None)


def _made(owed: Owed, said: str | None, *, on: date, actor: Actor, leaf: Leaf | None) -> Promise:
    if owed.organisation is None and (not owed.role or owed.place is None):
        raise Refused(
            _("Say who owes it: a role at a place, or an organisation."), code="nobody_owes"
        )
    counted = owed.due.sum
    how = Promise.Counted.NAMED
    if counted is not None:
        how = Promise.Counted.WORKING if counted.working else Promise.Counted.DAYS
    promise = Promise.objects.create(
        kind=owed.kind,
        subject=owed.subject,
        words=keep_words(said) if said else None,
        place=owed.place,
        owed_by_role="" if owed.organisation else owed.role,
        owed_by_organisation=owed.organisation,
        owed_to_organisation=owed.to,
        held_by=owed.held_by,
        made_on=on,
        rule_key=owed.due.rule_key,
        counted=how,
        counted_from=counted.start if counted else None,
        days=counted.days if counted else None,
        nations=",".join(counted.nations) if counted else "",
        due_on=owed.due.on,
        public=owed.public,
    )
    step_of(promise, StepKind.MADE, on=on, actor=actor, leaf=leaf)
    return promise
