"""Reads about what became of an award: the bank's lines, receipts, results, years, what is next."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Q, QuerySet, Value, When

from doorstep.apps.awards.due import Next, Standing, next_steps
from doorstep.apps.awards.models import Award, Payment, PaymentState, Side
from doorstep.apps.awards.models.reports import Receipt, ReceiptState, ResultNote, YearReport
from doorstep.apps.ledger.models import Match
from doorstep.apps.rows import row, together

ENTRIES = ("payment.cleared", "payment.came_back")


@dataclass(frozen=True)
class Said:
    """A receipt, a result or the report of a year, as far as what is owed depends on it."""

    kind: str
    state: str
    pence: int = 0


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


@dataclass(frozen=True)
class Kept:
    """Every row that came after an award's payments: also what nobody looked at yet, which is for
    those alone who look."""

    payments: list[Payment]
    receipts: list[Receipt]
    results: list[ResultNote]
    years: list[YearReport]
    matches: list[Match]


def kept_of(award: Award, payments: Iterable[Payment] | None = None) -> Kept:
    """Five statements, however many payments there are; four where `payments` are at hand."""
    receipts = Receipt.objects.filter(award=award).select_related(
        "shown", "checked", "payment", "file", "looks_like__award__title"
    )
    results = ResultNote.objects.filter(award=award).select_related(
        "words", "photo", "public_photo", "shown"
    )
    years = YearReport.objects.filter(award=award).select_related("accounts", "story", "leaf")
    return Kept(
        payments=list(_payments([award]) if payments is None else payments),
        receipts=list(receipts.order_by("pk")),
        results=list(results.order_by("pk")),
        years=list(years),
        matches=list(_matches(award)),
    )


def story_of(award: Award, today: date) -> Story:
    """Seven statements at most, however many payments there are."""
    return told_story(award, kept_of(award), today)


def told_story(award: Award, kept: Kept, today: date) -> Story:
    """What may be told of these rows; two statements at most, for its agreement."""
    payments, receipts, results, years = kept.payments, kept.receipts, kept.results, kept.years
    matches = kept.matches
    entries = {one.clear_entry_id for one in payments}
    standing = [m for m in matches if m.undone_id is None]
    shown = [one for one in receipts if one.state == ReceiptState.SHOWN]
    said = [Said("receipt", one.state, one.pence) for one in receipts]
    said += [Said("result", "shown" if one.shown_id else "waiting") for one in results]
    said += [Said("year", "shown") for _one in years]
    told = _standing(award, payments, said)
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


def owed(
    awards: Iterable[Award], today: date, paid: Mapping[int, list[Payment]] | None = None
) -> list[tuple[Award, Next]]:
    """What is owed on each of these awards. Two statements, besides what reads the awards; one
    where their payments, with their entries, are at hand ({award: payments})."""
    awards = list(awards)
    payments, told = defaultdict(list, paid or {}), _told(awards)
    for payment in [] if paid is not None else _payments(awards):
        payments[payment.award_id].append(payment)
    return [
        (award, step)
        for award in awards
        for step in next_steps(_standing(award, payments[award.pk], told[award.pk]), today)
    ]


def _told(awards: Sequence[Award]) -> defaultdict[int, list[Said]]:
    """{award: its receipts, results and years}; one statement."""
    shown = Case(When(shown=None, then=Value("waiting")), default=Value("shown"))
    asked = {
        "receipt": row(
            Receipt.objects.filter(award__in=awards), award="award", state="state", pence="pence"
        ),
        "result": row(ResultNote.objects.filter(award__in=awards), award="award", state=shown),
        "year": row(YearReport.objects.filter(award__in=awards), award="award"),
    }
    told = defaultdict(list)
    for kind, one in together(asked):
        said = Said(kind, one.get("state", "shown"), one.get("pence", 0))
        told[one["award"]].append(said)
    return told


def _standing(award: Award, payments: Sequence[Payment], said: Iterable[Said]) -> Standing:
    cleared = [one for one in payments if one.state == PaymentState.CLEARED]
    by_kind = defaultdict(list)
    for one in said:
        by_kind[one.kind].append(one)
    kept = [one for one in by_kind["receipt"] if one.state != ReceiptState.SENT_BACK]
    agreement = getattr(award, "agreement", None)
    taken = {one.instalment_id for one in payments if one.state != PaymentState.CANCELLED}
    return Standing(
        place=award.place.slug,
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
        told=any(one.state == "shown" for one in by_kind["result"]),
        told_waiting=any(one.state == "waiting" for one in by_kind["result"]),
        years=len(by_kind["year"]),
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


def _payments(awards: Sequence[Award]) -> QuerySet[Payment]:
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
