"""Trust that somebody earned: grants of theirs that ended with everything accounted for, in time.

Read from the ledger's payments, the receipts and the promises, never from anybody's opinion.
"""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from doorstep.apps.awards.models import Award, PaymentState
from doorstep.apps.awards.models.reports import ReceiptState
from doorstep.apps.awards.promised import AFTERWARDS
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.people.models import Account
from doorstep.apps.promises.models import Promise, PromiseState
from doorstep.engine.proportion import schedule

KINDS = [kind for kind, _heading in AFTERWARDS.values()]


@dataclass(frozen=True)
class Trust:
    """`accounted` grants of the months that count, and whether something is late today."""

    accounted: int
    late: bool
    of: tuple[str, ...] = ()


def trust_of(payee: Organisation | Account, on: date) -> Trust:
    """What somebody's earlier grants say of them on a day; four statements."""
    table = schedule(on)
    since = months_before(on, table.trust_months)
    closed = list(
        _paid_to(payee)
        .filter(state=Award.State.CLOSED, is_example=False)
        .prefetch_related("payments", "receipts")
        .order_by("pk")
    )
    promises: dict[str, list[Promise]] = {}
    for one in Promise.objects.filter(kind__in=KINDS, subject__in=_subjects(closed)):
        promises.setdefault(one.subject.partition("#")[0], []).append(one)
    good = tuple(
        award.slug
        for award in closed
        if _in_time(promises.get(award.slug, ()), since, on) and _shown(award)
    )
    return Trust(len(good), _late(payee, on), good)


def _paid_to(payee: Organisation | Account) -> QuerySet[Award]:
    whose = "organisation" if isinstance(payee, Organisation) else "account"
    return Award.objects.filter(**{f"agreement__payee_{whose}": payee})


def _subjects(awards: Collection[Award]) -> list[str]:
    """The names under which promises of these awards may stand: owed again, it is `slug#2`."""
    return [f"{award.slug}{again}" for award in awards for again in ("", "#2", "#3", "#4")]


def _in_time(promises: Collection[Promise], since: date, on: date) -> bool:
    """Everything owed afterwards was done, none of it late, the last of it in these months."""
    ended = [one.ended_on for one in promises if one.ended_on is not None]
    if not ended or len(ended) != len(promises):
        return False
    owed = [one for one in promises if one.state != PromiseState.WITHDRAWN]
    kept = all(one.state == PromiseState.MET and _by(one) for one in owed)
    return bool(owed) and kept and since <= max(ended) <= on


def _by(one: Promise) -> bool:
    return one.ended_on is not None and one.ended_on <= one.due_on


def _shown(award: Award) -> bool:
    """Whether receipts that are public come to what was paid; unrestricted money needs none."""
    if award.kind == "unrestricted":
        return True
    paid = sum(one.pence for one in award.payments.all() if one.state == PaymentState.CLEARED)
    shown = sum(one.pence for one in award.receipts.all() if one.state == ReceiptState.SHOWN)
    return 0 < paid <= shown


def _late(payee: Organisation | Account, on: date) -> bool:
    whose = (
        Q(owed_by_organisation=payee)
        if isinstance(payee, Organisation)
        else Q(owed_by_organisation=None, held_by=payee)
    )
    overdue = Promise.objects.filter(whose, kind__in=KINDS, state=PromiseState.OPEN, due_on__lt=on)
    return overdue.exists()


def months_before(on: date, months: int) -> date:
    """The day so many months before; the last of a month that is shorter."""
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))
