"""Reads about payments: what is known of whoever decides, what is missing, what is free."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Q, QuerySet, Sum

from doorstep.apps.awards import rules
from doorstep.apps.awards.models import (
    Agreement,
    Approval,
    Award,
    AwardKind,
    Declared,
    Payment,
    PaymentState,
    Side,
)
from doorstep.apps.fund import accounts
from doorstep.apps.ledger.queries import balances
from doorstep.apps.organisations.models import BankMandate, Officer, Organisation
from doorstep.apps.partnerships.models import HostAgreement
from doorstep.apps.partnerships.queries import interest_of
from doorstep.apps.people.models import Account
from doorstep.apps.people.spells import holding
from doorstep.engine.rulebook import rule

OPEN = (PaymentState.RAISED, PaymentState.APPROVED)


def told_payments() -> QuerySet[Payment]:
    """Payments with all that a page says of them; approvals come in one more statement."""
    return Payment.objects.select_related(
        "award__place",
        "award__title",
        "payee_organisation",
        "mandate__hold",
        "instalment",
        "raised",
        "approved",
        "released",
        "cleared",
        "cancelled",
        "file_line",
    ).prefetch_related("approvals__leaf")


def free_pence(award: Award) -> int:
    """What of an award is neither paid, nor on its way, nor asked for."""
    code = accounts.committed(award.place.slug, award.slug, example=award.is_example)
    asked = Payment.objects.filter(award=award, state__in=OPEN).aggregate(total=Sum("pence"))
    return balances([code])[code] - int(asked["total"] or 0)


def is_signed(agreement: Agreement) -> bool:
    """Whether both sides signed; of a quick grant, ours alone."""
    sides = set(agreement.signatures.values_list("side", flat=True))
    return Side.OURS in sides and (Side.THEIRS in sides or agreement.award.kind == AwardKind.QUICK)


def tie_of(
    account: int, award: Award, agreement: Agreement, on: date, payment: Payment | None = None
) -> rules.Tie:
    """What is known of somebody who wants to ask for or decide on a payment."""
    organisations = [agreement.payee_organisation_id] if agreement.payee_organisation_id else []
    said = Approval.objects.filter(account=account, payment__award=award)
    return rules.Tie(
        is_payee=agreement.payee_account_id == account,
        speaks_for_payee=Officer.objects.filter(
            holding(on), organisation__in=organisations, account=account
        ).exists(),
        raised_it=payment is not None and payment.raised_by_id == account,
        spoke_already=payment is not None and said.filter(payment=payment).exists(),
        stayed_out=said.exclude(declared=Declared.NONE).exists(),
        interest=interest_of(Account(pk=account), organisations, on),
    )


def outside_host(accounts_: Collection[int], place_id: int, on: date) -> set[int]:
    """Those of these accounts that hold no office in an organisation that hosts the place."""
    hosts = HostAgreement.objects.filter(holding(on), partnership__place=place_id)
    inside = Officer.objects.filter(
        holding(on), organisation__in=hosts.values("organisation"), account__in=accounts_
    )
    return set(accounts_) - set(inside.values_list("account", flat=True))


def called_back(mandate: BankMandate) -> bool:
    """Whether the last word on these bank details is that somebody else confirmed them."""
    last = mandate.checks.order_by("-pk").first()
    return last is not None and last.confirmed


def missing_of(payment: Payment, on: date) -> list[rules.Missing]:
    """What keeps a payment from being released on a day."""
    given = [a for a in payment.approvals.all() if not a.is_recusal]
    hold = getattr(payment.mandate, "hold", None)
    return rules.still_missing(
        approvals=len(given),
        needed=payment.approvals_needed,
        outside=bool(outside_host([a.account_id for a in given], payment.award.place_id, on)),
        called_back=called_back(payment.mandate),
        clear_from=hold.clear_from if hold else None,
        on=on,
        signed=is_signed(payment.award.agreement),
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


def payee_of(agreement: Agreement) -> Organisation | Account:
    """Who an agreement pays."""
    payee = agreement.payee_organisation or agreement.payee_account
    if payee is None:
        raise ValueError("the database lets no agreement stand without a payee")
    return payee
