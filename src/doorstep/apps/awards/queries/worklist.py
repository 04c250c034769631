"""What waits at a place, and who can move it on: the same number of statements however much."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.apps.awards.due import Next
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
from doorstep.apps.awards.queries.reports import owed
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
        """Whether a payment can be asked for: signed, bank details on record, something left."""
        return (
            self.agreement is not None
            and self.mandate is not None
            and _signed(self.agreement)
            and self.award.state in LIVE
            and _left(self.award) > 0
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
    live = _awards().filter(place=place, is_example=False, state__in=LIVE).order_by("-pk")
    awards = list(live)
    owing = _owing(awards, today)
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
        awards=[_work(award, today, owing.get(award.pk)) for award in awards],
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
    award = _awards().get(pk=award.pk)
    return _work(award, today, _owing([award], today).get(award.pk))


def _owing(awards: list[Award], today: date) -> dict[int, Next]:
    """{award: the first thing that is owed on it once its money went out}."""
    found: dict[int, Next] = {}
    for award, step in owed(awards, today):
        if step.kind in {"receipts", "check", "result", "year"}:
            found.setdefault(award.pk, step)
    return found


def _awards() -> QuerySet[Award]:
    current = (
        BankMandate.objects.filter(until__isnull=True)
        .select_related("hold")
        .prefetch_related("checks")
    )
    return Award.objects.select_related(
        "title", "place", "agreement__payee_organisation", "agreement__payee_account"
    ).prefetch_related(
        "payments",
        "agreement__signatures",
        "agreement__instalments__payments",
        Prefetch("agreement__payee_organisation__mandates", current, "open_mandates"),
        Prefetch("agreement__payee_account__mandates", current, "open_mandates"),
    )


def _work(award: Award, today: date, owing: Next | None) -> AwardWork:
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
    step = _before_asking(award, agreement, mandate, today)
    if step is None and _left(award) > 0:
        step = _asking(award, instalments, owing, today)
    return AwardWork(award, step or _after_asking(award, owing), agreement, mandate, instalments)


def _left(award: Award) -> int:
    """Pence that nobody asked for yet. A payment that was taken back is free again."""
    asked = (one.pence for one in award.payments.all() if one.state != PaymentState.CANCELLED)
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


def _after_asking(award: Award, owing: Next | None) -> Step:
    """All of it was asked for: see it paid, then shown and told, then closed."""
    under_way = (PaymentState.RAISED, PaymentState.APPROVED, PaymentState.RELEASED)
    for payment in award.payments.all():
        if payment.state in under_way:
            return Step(_("See its payment through"), reverse("payment", args=[payment.slug]))
    if owing is not None:
        return Step(owing.words, _to("award-receipts", award))
    return Step(_("Close it: it is paid, shown and told"), _to("award-end", award))


def _before_asking(
    award: Award, agreement: Agreement, mandate: BankMandate | None, today: date
) -> Step | None:
    """What must be done before any payment is asked for; None once that is over.

    Of an award that asks for nothing more, its bank details wait for nobody.
    """
    if _left(award) == 0:
        return None
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
    return None


def _signed(agreement: Agreement) -> bool:
    sides: Iterable[str] = [signature.side for signature in agreement.signatures.all()]
    return Side.OURS in sides and (Side.THEIRS in sides or agreement.award.kind == AwardKind.QUICK)


def _to(name: str, award: Award) -> str:
    return reverse(name, args=[award.slug])
