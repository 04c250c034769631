"""What waits at a place, and who can move it on: the same number of statements however much."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, Q, Subquery, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.apps.awards.due import Next
from doorstep.apps.awards.models import (
    Agreement,
    Award,
    AwardKind,
    Delegation,
    Instalment,
    MandateCheck,
    Payment,
    PaymentFile,
    PaymentState,
    Side,
)
from doorstep.apps.awards.queries.payments import listed_payments
from doorstep.apps.awards.queries.reports import owed
from doorstep.apps.organisations.models import BankMandate
from doorstep.apps.people.spells import said_day
from doorstep.apps.places.models import Place

LIVE = (Award.State.COMMITTED, Award.State.AGREED, Award.State.IN_PROGRESS)
UNDER_WAY = (PaymentState.RAISED, PaymentState.APPROVED, PaymentState.RELEASED)
# What is told of an award is read with it.
RELATED = ("title", "place", "agreement__payee_organisation", "agreement__payee_account")


@dataclass(frozen=True)
class Step:
    """The next thing to do for an award: in words, and where."""

    words: str
    url: str


@dataclass
class AwardWork:
    award: Award
    payments: list[Payment]
    next: Step
    agreement: Agreement | None = None
    mandate: BankMandate | None = None
    instalments: list[tuple[Instalment, Payment | None]] = field(default_factory=list)

    @property
    def can_ask(self) -> bool:
        """Whether a payment can be asked for: signed, bank details on record, something left."""
        return (
            self.agreement is not None
            and self.mandate is not None
            and _signed(self.agreement)
            and self.award.state in LIVE
            and _left(self.award, self.payments) > 0
        )


@dataclass
class PlaceWork:
    awards: list[AwardWork]
    raised: list[Payment]
    approved: list[Payment]
    to_file: list[Payment]
    at_bank: list[Payment]
    files: list[PaymentFile]
    delegations: list[Delegation]


def of_place(place: Place, today: date) -> PlaceWork:
    """Awards with their next step, payments by what they wait for, files, limits."""
    live = Q(place=place, is_example=False, state__in=LIVE)
    of_live = Q(award__place=place, award__is_example=False, award__state__in=LIVE)
    payments = list(listed_payments().filter(of_live | Q(award__place=place, state__in=UNDER_WAY)))
    awards = Award.objects.filter(live).select_related(*RELATED).order_by("-pk")
    under_way = [payment for payment in payments if payment.state in UNDER_WAY]
    released = [payment for payment in under_way if payment.state == PaymentState.RELEASED]
    return PlaceWork(
        awards=_worked(awards, payments, today),
        raised=[payment for payment in under_way if payment.state == PaymentState.RAISED],
        approved=[payment for payment in under_way if payment.state == PaymentState.APPROVED],
        to_file=[payment for payment in released if not hasattr(payment, "file_line")],
        at_bank=[payment for payment in released if hasattr(payment, "file_line")],
        files=list(PaymentFile.objects.filter(place=place).order_by("-pk")[:10]),
        delegations=list(
            Delegation.objects.filter(
                decision__place=place, since__lte=today, until__gt=today
            ).select_related("decision__title", "decision__leaf")
        ),
    )


def of_award(award: Award, today: date) -> AwardWork:
    """An award, read with what is RELATED, as it stands. Five statements."""
    [work] = _worked([award], list(listed_payments().filter(award=award)), today)
    return work


def _worked(awards: Iterable[Award], payments: Iterable[Payment], today: date) -> list[AwardWork]:
    """Each award with its next step. Four statements, besides what reads the awards."""
    found, paid = list(awards), defaultdict(list)
    for payment in payments:
        paid[payment.award_id].append(payment)
    prefetch_related_objects(found, "agreement__signatures", "agreement__instalments")
    mandates = _open_mandates(found)
    owing: dict[int, Next] = {}
    for award, step in owed(found, today, paid):
        if step.kind in {"receipts", "check", "result", "year"}:
            owing.setdefault(award.pk, step)
    return [
        _work(award, paid[award.pk], mandates.get(award.pk), owing.get(award.pk), today)
        for award in found
    ]


def _open_mandates(awards: Iterable[Award]) -> dict[int, BankMandate]:
    """{award: the bank account of whoever is paid, with its hold and what the last call came to}.
    One statement."""
    agreed = {one.pk: one.agreement for one in awards if hasattr(one, "agreement")}
    calls = MandateCheck.objects.filter(mandate=OuterRef("pk")).order_by("-pk")
    found = BankMandate.objects.filter(
        Q(organisation__in=[one.payee_organisation_id for one in agreed.values()])
        | Q(account__in=[one.payee_account_id for one in agreed.values()]),
        until__isnull=True,
    ).annotate(last_call=Subquery(calls.values("confirmed")[:1]))
    standing = {(one.organisation_id, one.account_id): one for one in found.select_related("hold")}
    payees = {pk: (one.payee_organisation_id, one.payee_account_id) for pk, one in agreed.items()}
    return {pk: standing[payee] for pk, payee in payees.items() if payee in standing}


def _work(
    award: Award,
    payments: list[Payment],
    mandate: BankMandate | None,
    owing: Next | None,
    today: date,
) -> AwardWork:
    agreement: Agreement | None = getattr(award, "agreement", None)
    if agreement is None:
        words = _("Write the agreement: who is paid, for what")
        return AwardWork(award, payments, Step(words, _to("agreement", award)))
    standing = [one for one in payments if one.state != PaymentState.CANCELLED]
    of_part = {one.instalment_id: one for one in reversed(standing)}
    instalments = [(part, of_part.get(part.pk)) for part in agreement.instalments.all()]
    step = None
    if _left(award, payments) > 0:
        step = _before_asking(award, agreement, mandate, today) or _asking(
            award, instalments, owing, today
        )
    step = step or _after_asking(award, payments, owing)
    return AwardWork(award, payments, step, agreement, mandate, instalments)


def _left(award: Award, payments: Iterable[Payment]) -> int:
    """Pence that nobody asked for yet. A payment that was taken back is free again."""
    asked = (one.pence for one in payments if one.state != PaymentState.CANCELLED)
    return int(award.pence) - sum(asked)


def _asking(
    award: Award,
    instalments: list[tuple[Instalment, Payment | None]],
    owing: Next | None,
    today: date,
) -> Step:
    """Ask for a payment, or for the next part once its day has come."""
    part = next((part for part, payment in instalments if payment is None), None)
    if part is None or part.due_on <= today:
        return Step(_("Ask for a payment"), _to("award-money", award))
    if owing is not None:
        return Step(owing.words, _to("award-receipts", award))
    return Step(
        _("Part %(number)s can be asked for from %(day)s")
        % {"number": part.number, "day": said_day(part.due_on)},
        _to("award-money", award),
    )


def _after_asking(award: Award, payments: Iterable[Payment], owing: Next | None) -> Step:
    """All of it was asked for: see it paid, then shown and told, then closed."""
    for payment in payments:
        if payment.state in UNDER_WAY:
            return Step(_("See its payment through"), reverse("payment", args=[payment.slug]))
    if owing is not None:
        return Step(owing.words, _to("award-receipts", award))
    return Step(_("Close it: it is paid, shown and told"), _to("award-end", award))


def _before_asking(
    award: Award, agreement: Agreement, mandate: BankMandate | None, today: date
) -> Step | None:
    """What must be done before any payment is asked for; None once that is over."""
    sides = {signature.side for signature in agreement.signatures.all()}
    if Side.OURS not in sides:
        return Step(_("Sign the agreement for the partnership"), _to("agreement", award))
    if not _signed(agreement):
        return Step(_("Whoever is paid has to sign the agreement"), _to("agreement", award))
    hold = getattr(mandate, "hold", None)
    if mandate is None or hold is None:
        return Step(_("Take down the bank details"), _to("award-bank", award))
    if not mandate.last_call:  # type: ignore[attr-defined]
        return Step(_("Call back about the bank details"), _to("award-bank", award))
    if today < hold.clear_from:
        return Step(
            _("The bank details wait until %(day)s") % {"day": said_day(hold.clear_from)},
            _to("award-money", award),
        )
    return None


def _signed(agreement: Agreement) -> bool:
    sides: Iterable[str] = [signature.side for signature in agreement.signatures.all()]
    return Side.OURS in sides and (Side.THEIRS in sides or agreement.award.kind == AwardKind.QUICK)


def _to(name: str, award: Award) -> str:
    return reverse(name, args=[award.slug])
