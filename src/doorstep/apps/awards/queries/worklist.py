"""What waits at a place, and who can move it on: the same number of statements however much."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.apps.awards.models import (
    Agreement,
    Award,
    AwardKind,
    Delegation,
    Instalment,
    Payment,
    PaymentFile,
    PaymentState,
    Side,
)
from doorstep.apps.awards.queries.payments import told_payments
from doorstep.apps.organisations.models import BankMandate
from doorstep.apps.people.spells import said_day
from doorstep.apps.places.models import Place

LIVE = (Award.State.COMMITTED, Award.State.AGREED, Award.State.IN_PROGRESS)


@dataclass(frozen=True)
class Step:
    """The next thing to do for an award: in words, and where."""

    words: str
    url: str


@dataclass
class AwardWork:
    award: Award
    next: Step
    agreement: Agreement | None = None
    mandate: BankMandate | None = None
    instalments: list[tuple[Instalment, Payment | None]] = field(default_factory=list)

    @property
    def can_ask(self) -> bool:
        """Whether a payment can be asked for: signed, and bank details on record."""
        return (
            self.agreement is not None
            and self.mandate is not None
            and _signed(self.agreement)
            and self.award.state in LIVE
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
    awards = _awards().filter(place=place, is_example=False, state__in=LIVE).order_by("-pk")
    under_way = list(
        told_payments()
        .filter(
            award__place=place,
            state__in=[PaymentState.RAISED, PaymentState.APPROVED, PaymentState.RELEASED],
        )
        .order_by("pk")
    )
    released = [payment for payment in under_way if payment.state == PaymentState.RELEASED]
    return PlaceWork(
        awards=[_work(award, today) for award in awards],
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
    return _work(_awards().get(pk=award.pk), today)


def _awards() -> QuerySet[Award]:
    current = (
        BankMandate.objects.filter(until__isnull=True)
        .select_related("hold")
        .prefetch_related("checks")
    )
    return Award.objects.select_related(
        "title", "place", "agreement__payee_organisation", "agreement__payee_account"
    ).prefetch_related(
        "agreement__signatures",
        "agreement__instalments__payments",
        Prefetch("agreement__payee_organisation__mandates", current, "open_mandates"),
        Prefetch("agreement__payee_account__mandates", current, "open_mandates"),
    )


def _work(award: Award, today: date) -> AwardWork:
    agreement: Agreement | None = getattr(award, "agreement", None)
    if agreement is None:
        return AwardWork(
            award,
            Step(_("Write the agreement: who is paid, for what"), _to("agreement", award)),
        )
    payee = agreement.payee_organisation or agreement.payee_account
    mandate = next(iter(getattr(payee, "open_mandates", [])), None)
    instalments = [
        (
            part,
            next((p for p in part.payments.all() if p.state != PaymentState.CANCELLED), None),
        )
        for part in agreement.instalments.all()
    ]
    return AwardWork(
        award, _next(award, agreement, mandate, today), agreement, mandate, instalments
    )


def _next(award: Award, agreement: Agreement, mandate: BankMandate | None, today: date) -> Step:
    sides = {signature.side for signature in agreement.signatures.all()}
    if Side.OURS not in sides:
        return Step(_("Sign the agreement for the partnership"), _to("agreement", award))
    if not _signed(agreement):
        return Step(_("Whoever is paid has to sign the agreement"), _to("agreement", award))
    hold = getattr(mandate, "hold", None)
    if mandate is None or hold is None:
        return Step(_("Take down the bank details"), _to("award-bank", award))
    calls = sorted(mandate.checks.all(), key=lambda call: call.pk)
    if not calls or not calls[-1].confirmed:
        return Step(_("Call back about the bank details"), _to("award-bank", award))
    if today < hold.clear_from:
        return Step(
            _("The bank details wait until %(day)s") % {"day": said_day(hold.clear_from)},
            _to("award-money", award),
        )
    return Step(_("Ask for a payment"), _to("award-money", award))


def _signed(agreement: Agreement) -> bool:
    sides: Iterable[str] = [signature.side for signature in agreement.signatures.all()]
    return Side.OURS in sides and (Side.THEIRS in sides or agreement.award.kind == AwardKind.QUICK)


def _to(name: str, award: Award) -> str:
    return reverse(name, args=[award.slug])
