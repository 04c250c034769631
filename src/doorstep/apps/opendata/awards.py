"""Awards, what was paid on them, and the receipts that are public. No person is ever named."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from ninja import Field, Router
from pydantic import BaseModel

from doorstep.apps.awards.models import (
    Award,
    AwardKind,
    Outcome,
    Payment,
    PaymentState,
    Receipt,
    ReceiptState,
    ResultNote,
)
from doorstep.apps.organisations.models import Organisation

from .links import page
from .listing import Piece, Row, alone, lists, of_award, of_place
from .words import reader

router = Router(tags=["awards"])


class AwardRow(Row):
    award: str = Field(description="Its id; it never changes.")
    place: str
    title: str | None = Field(description="null where the words were erased or are hidden.")
    kind: AwardKind
    state: Award.State
    state_in_words: str
    pence: int = Field(description="What was promised.")
    paid_pence: int
    shown_by_receipts_pence: int
    payee: str | None = Field(
        description="The organisation that is paid; null for a person, and before an agreement."
    )
    payee_ids: str | None = Field(
        description="Its numbers on public registers, such as GB-CHC-1234567, with a space between."
    )
    round: str | None = Field(description="The round that chose it; null for other decisions.")
    project: str | None
    is_example: bool
    entry: int = Field(description="The ledger's entry that set the money apart.")
    leaf: int
    decision_leaf: int = Field(description="The decision's line in the public record.")
    page: str


class PaymentRow(Row):
    payment: str
    award: str
    place: str
    payee: str | None = Field(description="The organisation that is paid; null for a person.")
    pence: int
    state: PaymentState
    state_in_words: str
    approvals_needed: int
    approvals: int
    stayed_out: int = Field(description="How many took no part because they declared an interest.")
    raised_on: date
    released_on: date | None
    cleared_on: date | None = Field(description="When the bank's statement shows it was paid.")
    release_entry: int | None
    clear_entry: int | None
    leaf: int


class ReceiptRow(Row):
    receipt: int
    award: str
    payment: str
    pence: int
    file: str = Field(description="The address of the picture or PDF.")
    leaf: int


class InstalmentPart(BaseModel):
    number: int
    pence: int
    due_on: date


class ToldPart(BaseModel):
    """What became of it, in the words of those who did it."""

    outcome: Outcome
    words: str | None
    leaf: int


class AwardWhole(AwardRow):
    """An award with its agreement, payments, receipts, and what became of it."""

    purpose: str | None
    instalments: list[InstalmentPart]
    payments: list[PaymentRow]
    receipts: list[ReceiptRow]
    results: list[ToldPart]


@lists(router, "/awards", AwardRow, gettext_noop("Awards"))
def awards(piece: Piece, place: str = of_place()) -> list[AwardRow]:
    """Money promised, each with the decision that promised it and what was paid since."""
    found = told_awards().filter(made__idx__gte=piece.start).order_by("made__idx")
    if place:
        found = found.filter(place__slug=place)
    rows = list(found[: piece.limit])
    read = reader([(one.title.commitment, one.title.text) for one in rows])
    return [AwardRow(**_about(one, read)) for one in rows]


@router.get("/awards/{slug:award}", response=AwardWhole, operation_id="award", summary="One award")
@alone
def one_award(request: HttpRequest, award: str) -> Any:
    """With its agreement, its payments, its public receipts, and what became of it."""
    found = get_object_or_404(told_awards(), slug=award)
    agreement = getattr(found, "agreement", None)
    notes = list(
        ResultNote.objects.filter(award=found, shown__isnull=False)
        .select_related("words", "shown")
        .order_by("shown__idx")
    )
    kept = [found.title, *(note.words for note in notes)]
    purpose = agreement.purpose if agreement else None
    read = reader([(one.commitment, one.text) for one in [*kept, *([purpose] if purpose else [])]])
    return AwardWhole(
        **_about(found, read),
        purpose=read(purpose.commitment, purpose.text) if purpose else None,
        instalments=[
            InstalmentPart(number=one.number, pence=one.pence, due_on=one.due_on)
            for one in (agreement.instalments.all() if agreement else [])
        ],
        payments=_payments(_told_payments().filter(award=found).order_by("raised__idx")),
        receipts=_receipts(_shown_receipts().filter(award=found).order_by("checked__idx")),
        results=[
            ToldPart(
                outcome=Outcome(note.outcome),
                words=read(note.words.commitment, note.words.text),
                leaf=note.shown.idx if note.shown else 0,
            )
            for note in notes
        ],
    )


@lists(router, "/payments", PaymentRow, gettext_noop("Payments"))
def payments(piece: Piece, place: str = of_place(), award: str = of_award()) -> list[PaymentRow]:
    """Every payment that was asked for, how many agreed, and when the bank paid it."""
    found = _told_payments().filter(raised__idx__gte=piece.start).order_by("raised__idx")
    if place:
        found = found.filter(award__place__slug=place)
    if award:
        found = found.filter(award__slug=award)
    return _payments(found[: piece.limit])


@lists(router, "/receipts", ReceiptRow, gettext_noop("Receipts"))
def receipts(piece: Piece, place: str = of_place(), award: str = of_award()) -> list[ReceiptRow]:
    """Those that are public: somebody looked first for names and numbers of people on them."""
    found = _shown_receipts().filter(checked__idx__gte=piece.start).order_by("checked__idx")
    if place:
        found = found.filter(award__place__slug=place)
    if award:
        found = found.filter(award__slug=award)
    return _receipts(found[: piece.limit])


def told_awards() -> QuerySet[Award]:
    """Awards with all that is said of each; three statements more, however many there are."""
    cleared = Payment.objects.filter(state=PaymentState.CLEARED).select_related("clear_entry")
    shown = Receipt.objects.filter(state=ReceiptState.SHOWN)
    return Award.objects.select_related(
        "title",
        "place",
        "project__round",
        "commitment",
        "made",
        "decision",
        "agreement__purpose",
        "agreement__payee_organisation",
    ).prefetch_related(
        "agreement__payee_organisation__identifiers",
        Prefetch("payments", cleared, "cleared_payments"),
        Prefetch("receipts", shown, "shown_receipts"),
    )


def payee_of(award: Award) -> Organisation | None:
    """The organisation that an award pays; None for a person, and before an agreement."""
    agreement = getattr(award, "agreement", None)
    return agreement.payee_organisation if agreement else None


def paid_pence(award: Award) -> int:
    """What the bank shows as paid, of an award out of `told_awards`."""
    cleared: Iterable[Payment] = award.cleared_payments  # type: ignore[attr-defined]
    return sum(one.pence for one in cleared)


def _about(one: Award, read: Any) -> dict[str, Any]:
    payee = payee_of(one)
    shown: Iterable[Receipt] = one.shown_receipts  # type: ignore[attr-defined]
    return {
        "sequence": one.made.idx,
        "award": one.slug,
        "place": one.place.slug,
        "title": read(one.title.commitment, one.title.text),
        "kind": AwardKind(one.kind),
        "state": Award.State(one.state),
        "state_in_words": one.in_words,
        "pence": one.pence,
        "paid_pence": paid_pence(one),
        "shown_by_receipts_pence": sum(receipt.pence for receipt in shown),
        "payee": payee.name if payee else None,
        "payee_ids": " ".join(str(number) for number in payee.identifiers.all()) or None
        if payee
        else None,
        "round": one.project.round.slug if one.project else None,
        "project": one.project.code if one.project else None,
        "is_example": one.is_example,
        "entry": one.commitment_id,
        "leaf": one.made.idx,
        "decision_leaf": one.decision.idx,
        "page": page("award", one.slug),
    }


def _told_payments() -> QuerySet[Payment]:
    return Payment.objects.select_related(
        "award__place", "payee_organisation", "raised", "clear_entry"
    ).prefetch_related("approvals")


def _payments(found: QuerySet[Payment] | Sequence[Payment]) -> list[PaymentRow]:
    rows = []
    for one in found:
        said = list(one.approvals.all())
        out = sum(approval.is_recusal for approval in said)
        rows.append(
            PaymentRow(
                sequence=one.raised.idx,
                payment=one.slug,
                award=one.award.slug,
                place=one.award.place.slug,
                payee=one.payee_organisation.name if one.payee_organisation else None,
                pence=one.pence,
                state=PaymentState(one.state),
                state_in_words=one.in_words,
                approvals_needed=one.approvals_needed,
                approvals=len(said) - out,
                stayed_out=out,
                raised_on=one.raised_on,
                released_on=one.released_on,
                cleared_on=one.clear_entry.effective_on if one.clear_entry else None,
                release_entry=one.release_entry_id,
                clear_entry=one.clear_entry_id,
                leaf=one.raised.idx,
            )
        )
    return rows


def _shown_receipts() -> QuerySet[Receipt]:
    shown = Receipt.objects.filter(state=ReceiptState.SHOWN, shown__isnull=False)
    return shown.select_related("award", "payment", "shown", "checked")


def _receipts(found: QuerySet[Receipt]) -> list[ReceiptRow]:
    return [
        ReceiptRow(
            sequence=one.checked.idx,
            receipt=one.pk,
            award=one.award.slug,
            payment=one.payment.slug,
            pence=one.pence,
            file=page("file", one.shown.token),
            leaf=one.checked.idx,
        )
        for one in found
        if one.checked and one.shown
    ]
