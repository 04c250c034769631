"""What must always hold of awards and payments: nobody pays alone, and never more than promised."""

from collections.abc import Iterator

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import Fault, holds

from .models import Award, Funding, Move, Payment, PaymentState
from .models.payments import Declared
from .verify import verify_awards
from .verify_hosting import verify_hosting
from .verify_payments import SENT, verify_payments
from .verify_reports import verify_reports

holds(
    "awards.decided",
    _("Every promise of money goes back to a decision, and is of what was decided."),
    Award.objects.count,
)(verify_awards)


@holds(
    "awards.within_promise",
    _("No award is paid more than was promised."),
    Award.objects.count,
)
def payments_stay_within() -> Iterator[Fault]:
    sent = Sum("payments__pence", filter=Q(payments__state__in=SENT))
    for award in Award.objects.annotate(sent=sent).filter(sent__gt=F("pence")).order_by("pk"):
        yield f"Award {award.slug}", "more was sent for it than was promised."


def _sent() -> QuerySet[Payment]:
    return Payment.objects.filter(state__in=SENT)


@holds(
    "awards.never_alone",
    _("No payment was sent by one person alone, or agreed to by whoever asked for it or gets it."),
    lambda: _sent().count(),
)
def nobody_pays_alone() -> Iterator[Fault]:
    given = Q(approvals__declared=Declared.NONE)
    own = Q(approvals__account=F("raised_by")) | Q(approvals__account=F("payee_account"))
    rows = _sent().annotate(
        agreed=Count("approvals__account", filter=given, distinct=True),
        own=Count("approvals", filter=given & own),
    )
    for payment in rows.filter(Q(agreed__lt=F("approvals_needed")) | Q(own__gt=0)).order_by("pk"):
        yield f"Payment {payment.slug}", "it lacks the approvals of others that it needs."


holds(
    "awards.payments",
    _("Every payment took the steps that the record tells, with the entry that moved its money."),
    Payment.objects.count,
)(verify_payments)
holds(
    "awards.receipts",
    _("Every receipt and result that was shown stands as it was shown."),
    lambda: Payment.objects.filter(state=PaymentState.CLEARED).count(),
)(verify_reports)
holds(
    "awards.held",
    _(
        "Whoever holds a place’s money was paid what both sides said, with its fee, and paid out "
        "no more than that."
    ),
    lambda: Funding.objects.count() + Move.objects.count(),
)(verify_hosting)
