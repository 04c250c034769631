"""Reads about payments: what is known of whoever decides, what is missing, what is free."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum, Value
from django.utils.translation import gettext as _

from doorstep.apps.awards import rules
from doorstep.apps.awards.models import (
    Agreement,
    Approval,
    Award,
    AwardKind,
    Declared,
    Payment,
    PaymentFile,
    PaymentState,
    SharedHome,
    Side,
)
from doorstep.apps.fund import accounts
from doorstep.apps.ledger.queries import balances
from doorstep.apps.organisations.models import BankMandate, Officer, Organisation
from doorstep.apps.partnerships.models import HostAgreement
from doorstep.apps.partnerships.queries import interest_of
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.rules import Answer
from doorstep.apps.people.spells import holding
from doorstep.engine.rulebook import rule

OPEN = (PaymentState.RAISED, PaymentState.APPROVED)


def listed_payments() -> QuerySet[Payment]:
    """Payments with what a list says of them, oldest first."""
    related = ("award__place", "award__title", "clear_entry", "file_line")
    return Payment.objects.select_related(*related).order_by("pk")


def told_payments() -> QuerySet[Payment]:
    """Payments with all that a page says of them; approvals come in one more statement."""
    return Payment.objects.select_related(
        "award__place",
        "award__title",
        "award__agreement",
        "payee_organisation",
        "mandate__hold",
        "instalment",
        "invoice",
        "raised",
        "approved",
        "released",
        "cleared",
        "cancelled",
        "clear_entry",
        "file_line",
    ).prefetch_related(Prefetch("approvals", Approval.objects.select_related("leaf")))


def free_pence(award: Award) -> int:
    """What of an award is neither paid, nor on its way, nor asked for."""
    asked = Payment.objects.filter(award=award, state__in=OPEN).aggregate(total=Sum("pence"))
    return committed_pence(award) - int(asked["total"] or 0)


def free_of(award: Award, payments: Iterable[Payment]) -> int:
    """The same, where all its payments are at hand. One statement."""
    return committed_pence(award) - sum(one.pence for one in payments if one.state in OPEN)


def committed_pence(award: Award) -> int:
    """What of an award has not left the place yet. One statement."""
    code = accounts.committed(award.place.slug, award.slug, example=award.is_example)
    return balances([code])[code]


def is_signed(agreement: Agreement) -> bool:
    """Whether both sides signed; of a quick grant, ours alone."""
    sides = set(agreement.signatures.values_list("side", flat=True))
    return Side.OURS in sides and (Side.THEIRS in sides or agreement.award.kind == AwardKind.QUICK)


def tie_of(
    account: int, award: Award, agreement: Agreement, on: date, payment: Payment | None = None
) -> rules.Tie:
    """What is known of somebody who wants to ask for or decide on a payment. Two statements."""
    organisations = [agreement.payee_organisation_id] if agreement.payee_organisation_id else []
    payee = agreement.payee_account_id
    said = Approval.objects.filter(account=account, payment__award=award)
    offices = Officer.objects.filter(holding(on), organisation__in=organisations, account=account)
    both = Q(one=account, other=payee) | Q(one=payee, other=account)
    known = Account.objects.values_list(
        Exists(offices),
        Exists(said.filter(payment=payment)) if payment else Value(False),
        Exists(said.exclude(declared=Declared.NONE)),
        Exists(SharedHome.objects.filter(both, holding(on))) if payee else Value(False),
    )
    speaks, spoke, stayed_out, at_home = known.get(pk=account)
    return rules.Tie(
        is_payee=payee == account,
        speaks_for_payee=speaks,
        raised_it=payment is not None and payment.raised_by_id == account,
        spoke_already=spoke,
        stayed_out=stayed_out,
        interest=_at_home(at_home and payee != account)
        or interest_of(Account(pk=account), organisations, on),
    )


def _at_home(shared: bool) -> Answer:
    """Nobody moves money to whom they share a home with."""
    if shared:
        return Answer(True, _("You share a home with whoever is paid, so somebody else does it."))
    return Answer(False, "")


def no_interest(account: int, organisation: Organisation, on: date) -> Answer:
    """Whether somebody declared no interest in an organisation; the reason where they did."""
    found = interest_of(Account(pk=account), [organisation.pk], on)
    return Answer(not found, found.reason)


def outside_host(accounts_: Collection[int], place_id: int, on: date) -> set[int]:
    """Those of these accounts that hold no office in an organisation that hosts the place."""
    hosts = HostAgreement.objects.filter(holding(on), partnership__place=place_id)
    inside = Officer.objects.filter(
        holding(on), organisation__in=hosts.values("organisation"), account__in=accounts_
    )
    return set(accounts_) - set(inside.values_list("account", flat=True))


def asked_pence(award: Award) -> int:
    """Pence of every payment of an award that was not taken back."""
    live = Payment.objects.filter(award=award).exclude(state=PaymentState.CANCELLED)
    return int(live.aggregate(total=Sum("pence"))["total"] or 0)


def called_back(mandate: BankMandate, place_id: int) -> bool:
    """Whether somebody of this place confirmed these bank details, and nobody doubted them since.
    One statement.

    A call by another place's people says nothing here: they may serve who would redirect it.
    """
    day, kinds = OuterRef("called_on"), rules.MAY_CALL
    roles = Role.objects.filter(holding(day), account=OuterRef("called_by"), kind__in=kinds)
    here = roles.filter(Q(place=None) | Q(place=place_id))
    for confirmed, by_us in mandate.checks.order_by("-pk").values_list("confirmed", Exists(here)):
        if not confirmed:
            return False
        if by_us:
            return True
    return False


def account_stands(mandate: BankMandate, on: date) -> bool:
    """Whether a bank account is still its payee's on a day."""
    return mandate.since <= on and (mandate.until is None or on < mandate.until)


def may_go_out(payment: Payment, on: date) -> bool:
    """Whether a payment on its way may be handed to the bank: nobody said to stop it, and its
    account stands and is confirmed still."""
    return (
        account_stands(payment.mandate, on)
        and called_back(payment.mandate, payment.award.place_id)
        and not payment.stops.exists()
    )


def held_out(file: PaymentFile, on: date) -> list[Payment]:
    """Payments of a file that wait for the bank, but that it leaves out, oldest first."""
    waiting = Payment.objects.filter(file_line__file=file, state=PaymentState.RELEASED)
    rows = waiting.select_related("mandate", "award").order_by("pk")
    return [one for one in rows if not may_go_out(one, on)]


def missing_of(payment: Payment, on: date) -> list[rules.Missing]:
    """What keeps a payment from being released on a day."""
    given = [a for a in payment.approvals.all() if not a.is_recusal]
    hold = getattr(payment.mandate, "hold", None)
    return rules.still_missing(
        approvals=len(given),
        needed=payment.approvals_needed,
        outside=bool(outside_host([a.account_id for a in given], payment.award.place_id, on)),
        called_back=called_back(payment.mandate, payment.award.place_id),
        clear_from=hold.clear_from if hold else None,
        on=on,
        signed=is_signed(payment.award.agreement),
        account_stands=account_stands(payment.mandate, on),
    )


def same_sum_before(payment: Payment) -> QuerySet[Payment]:
    """Other payments of the same sum to the same payee within the rule's days before it."""
    days = timedelta(days=int(rule("payment.same_sum_within", payment.raised_on).value))
    payee = (
        Q(payee_organisation=payment.payee_organisation_id)
        if payment.payee_organisation_id
        else Q(payee_account=payment.payee_account_id)
    )
    others = Payment.objects.filter(
        payee, pence=payment.pence, raised_on__gte=payment.raised_on - days
    )
    return others.exclude(state=PaymentState.CANCELLED).exclude(pk=payment.pk)


def taken_back_before(payment: Payment) -> QuerySet[Payment]:
    """Earlier payments of the same invoice that were taken back: the bank may have paid one."""
    return Payment.objects.filter(
        payee_organisation=payment.payee_organisation_id,
        payee_account=payment.payee_account_id,
        invoice_key=payment.invoice_key,
        state=PaymentState.CANCELLED,
        pk__lt=payment.pk,
    ).order_by("pk")


def payee_of(agreement: Agreement) -> Organisation | Account:
    """Who an agreement pays."""
    payee = agreement.payee_organisation or agreement.payee_account
    if payee is None:
        raise ValueError("the database lets no agreement stand without a payee")
    return payee
