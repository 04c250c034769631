"""What becomes of a promise: it is taken on, put off, kept, not done, or not needed any more."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.people.models import Account
from doorstep.apps.promises import rules
from doorstep.apps.promises.actions.common import held, promised, step_of
from doorstep.apps.promises.models import Promise, PromiseState, StepKind
from doorstep.apps.record.actions import keep_words, lock_head
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused


@transaction.atomic
def take_on(promise: Promise, account: Account, *, on: date, actor: Actor) -> Promise:
    """One person says that they will do it. Taken twice by the same one, it is taken once."""
    promise = held(promise)
    rules.refuse_ended(promise)
    if promise.held_by_id == account.pk:
        return promise
    if promise.held_by_id is not None:
        raise Refused(_("Somebody else took this on. Ask them to give it back."), code="held")
    step_of(promise, StepKind.TAKEN, on=on, actor=actor, held_by=account)
    return promise


@transaction.atomic
def give_back(promise: Promise, *, on: date, actor: Actor) -> Promise:
    """Whoever took it on will not do it: it is held by nobody again, and its body still owes it."""
    promise = held(promise)
    rules.refuse_ended(promise)
    if promise.held_by_id is None:
        return promise
    step_of(promise, StepKind.LEFT, on=on, actor=actor, held_by=None)
    return promise


@transaction.atomic
def extend(promise: Promise, until: date, reason: str, *, on: date, actor: Actor) -> Promise:
    """Put it off to a later day, with a reason that everybody can read."""
    promise = held(promise)
    rules.refuse_ended(promise)
    why = rules.plain_reason(reason)
    rules.refuse_bad_day(until, promise.due_on, on)
    step_of(
        promise, StepKind.EXTENDED, on=on, actor=actor, reason=keep_words(why), due_on=until,
        extended=promise.extended + 1, counted=Promise.Counted.NAMED, counted_from=None,
        days=None, nations="", rule_key="",
    )  # fmt: skip
    return promise


@transaction.atomic
def keep(promise: Promise, *, on: date, actor: Actor, leaf: Leaf | None = None) -> Promise:
    """It is done. Whether that was in time is told by its days."""
    promise = held(promise)
    if promise.state == PromiseState.MET:
        return promise
    rules.refuse_ended(promise)
    _end(promise, StepKind.MET, PromiseState.MET, on=on, actor=actor, leaf=leaf)
    return promise


@transaction.atomic
def not_done(promise: Promise, reason: str, *, on: date, actor: Actor) -> Promise:
    """It will not be done, and why stands in public."""
    promise = held(promise)
    rules.refuse_ended(promise)
    why = keep_words(rules.plain_reason(reason))
    step_of(
        promise, StepKind.NOT_DONE, on=on, actor=actor, reason=why,
        state=PromiseState.NOT_DONE, ended_on=on,
    )  # fmt: skip
    return promise


@transaction.atomic
def kept(kind: str, subject: str, *, on: date, actor: Actor, leaf: Leaf) -> None:
    """A room's act kept what it owed. What was never promised, or has ended, stays as it is."""
    if (promise := _open(kind, subject)) is not None:
        _end(promise, StepKind.MET, PromiseState.MET, on=on, actor=actor, leaf=leaf)


@transaction.atomic
def withdraw(kind: str, subject: str, *, on: date, actor: Actor, leaf: Leaf) -> None:
    """A room's act made a promise needless: there is nothing left to answer, or to pay."""
    if (promise := _open(kind, subject)) is not None:
        _end(promise, StepKind.WITHDRAWN, PromiseState.WITHDRAWN, on=on, actor=actor, leaf=leaf)


def _open(kind: str, subject: str) -> Promise | None:
    lock_head()
    return promised(kind, subject).filter(state=PromiseState.OPEN).first()


def _end(
    promise: Promise,
    kind: StepKind,
    state: PromiseState,
    *,
    on: date,
    actor: Actor,
    leaf: Leaf | None,
) -> None:
    step_of(promise, kind, on=on, actor=actor, leaf=leaf, state=state, ended_on=on)
