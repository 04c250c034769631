"""Reads about what became of an award: the bank's lines, receipts, results, years, what is next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from doorstep.apps.awards.due import Next, Standing, next_steps
from doorstep.apps.awards.models import Award, Payment, PaymentState, Side
from doorstep.apps.awards.models.reports import Receipt, ReceiptState, ResultNote, YearReport
from doorstep.apps.ledger.models import Match

ENTRIES = ("payment.cleared", "payment.came_back")


@dataclass(frozen=True)
class Story:
    """What an award's page tells from its payments on. Only what may be public is in it."""

    paid: int
    receipted: int
    lines: list[Match]
    taken_back: list[Match]
    came_back: list[Match]
    receipts: list[Receipt]
    waiting: int
    results: list[ResultNote]
    years: list[YearReport]
    next: list[Next]

    @property
    def unreceipted(self) -> int:
        return max(self.paid - self.receipted, 0)


def story_of(award: Award, today: date) -> Story:
    """Six statements, however many payments there are."""
    receipts = list(
        Receipt.objects.filter(award=award)
        .select_related("shown", "checked", "payment")
        .order_by("pk")
    )
    results = list(
        ResultNote.objects.filter(award=award)
        .select_related("words", "public_photo", "shown")
        .order_by("pk")
    )
    years = list(YearReport.objects.filter(award=award).select_related("accounts", "story", "leaf"))
    payments = list(_payments([award]))
    matches = list(_matches(award))
    entries = {one.clear_entry_id for one in payments}
    standing = [m for m in matches if m.undone_id is None]
    shown = [one for one in receipts if one.state == ReceiptState.SHOWN]
    told = _standing(award, payments, receipts, results, len(years))
    return Story(
        paid=told.paid,
        receipted=told.shown,
        lines=[m for m in standing if m.journal_id in entries],
        taken_back=[m for m in matches if m.undone_id is not None],
        came_back=[m for m in standing if m.kind == "arrival"],
        receipts=shown,
        waiting=told.waiting,
        results=[one for one in results if one.shown_id is not None],
        years=years,
        next=next_steps(told, today),
    )


def owed(awards: Iterable[Award], today: date) -> list[tuple[Award, Next]]:
    """What is owed on each of these awards. Four statements, however many there are."""
    awards = list(awards)
    payments = list(_payments(awards))
    receipts = list(Receipt.objects.filter(award__in=awards))
    results = list(ResultNote.objects.filter(award__in=awards))
    years = list(YearReport.objects.filter(award__in=awards).values_list("award_id", flat=True))
    found = []
    for award in awards:
        told = _standing(
            award,
            [one for one in payments if one.award_id == award.pk],
            [one for one in receipts if one.award_id == award.pk],
            [one for one in results if one.award_id == award.pk],
            years.count(award.pk),
        )
        found += [(award, step) for step in next_steps(told, today)]
    return found


def _standing(
    award: Award,
    payments: list[Payment],
    receipts: list[Receipt],
    results: list[ResultNote],
    years: int,
) -> Standing:
    cleared = [one for one in payments if one.state == PaymentState.CLEARED]
    kept = [one for one in receipts if one.state != ReceiptState.SENT_BACK]
    agreement = getattr(award, "agreement", None)
    taken = {one.instalment_id for one in payments if one.state != PaymentState.CANCELLED}
    return Standing(
        kind=award.kind,
        state=award.state,
        pence=award.pence,
        paid_on=[one.clear_entry.effective_on for one in cleared if one.clear_entry],
        paid=sum(one.pence for one in cleared),
        on_its_way=[
            one.released_on
            for one in payments
            if one.state == PaymentState.RELEASED and one.released_on
        ],
        asked_for=any(
            one.state in {PaymentState.RAISED, PaymentState.APPROVED} for one in payments
        ),
        signed=award.state in {Award.State.AGREED, Award.State.IN_PROGRESS}
        or (agreement is not None and _both_signed(award)),
        handed_in=sum(one.pence for one in kept),
        shown=sum(one.pence for one in kept if one.state == ReceiptState.SHOWN),
        waiting=sum(one.state == ReceiptState.WAITING for one in kept),
        told=any(one.shown_id is not None for one in results),
        told_waiting=any(one.shown_id is None for one in results),
        years=years,
        instalment_due=min(
            (
                one.due_on
                for one in (agreement.instalments.all() if agreement else [])
                if one.pk not in taken
            ),
            default=None,
        ),
    )


def _both_signed(award: Award) -> bool:
    sides = {one.side for one in award.agreement.signatures.all()}
    return Side.OURS in sides and (Side.THEIRS in sides or award.kind == "quick")


def _payments(awards: list[Award]) -> QuerySet[Payment]:
    return Payment.objects.filter(award__in=awards).select_related("clear_entry").order_by("pk")


def _matches(award: Award) -> QuerySet[Match]:
    """Lines of the bank that entries of this award's money out, or back, were matched with."""
    paid = f":paid:{award.place.slug}:{award.slug}"
    of_it = Q(journal__transfers__credit__code__endswith=paid) | Q(
        journal__transfers__debit__code__endswith=paid
    )
    return (
        Match.objects.filter(of_it, journal__kind__in=ENTRIES)
        .select_related("bank_line", "leaf", "undone", "journal__reversal")
        .order_by("pk")
        .distinct()
    )
