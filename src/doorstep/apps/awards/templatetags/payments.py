"""`{% load payments %}`: what the street is told of an award's payments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards import rules
from doorstep.apps.awards.models import Payment, PaymentState
from doorstep.apps.people.rules import role_name
from doorstep.apps.record.models import Leaf

register = template.Library()
TONES = {
    PaymentState.RAISED: "waiting",
    PaymentState.APPROVED: "waiting",
    PaymentState.RELEASED: "waiting",
    PaymentState.CLEARED: "good",
    PaymentState.CANCELLED: "stopped",
}


@dataclass(frozen=True)
class Told:
    """One payment by roles and days; who is paid is named where it is an organisation."""

    payment: Payment
    payee: str
    tone: str
    people: str
    recused: list[str]
    # What happened, on which day, its line of the record, and its entry in the ledger.
    steps: list[tuple[str, date, int, int | None]]


@register.simple_tag
def told_of(payments: Iterable[Payment]) -> list[Told]:
    """Payments that `told_payments` found; no statement."""
    return [_told(payment) for payment in payments]


def _told(payment: Payment) -> Told:
    given = [a for a in payment.approvals.all() if not a.is_recusal]
    steps: list[tuple[str, date, int, int | None]] = [
        (_("Asked for"), payment.raised_on, payment.raised.idx, None)
    ]
    for leaf, words, entry in (
        (payment.approved, _("Approved"), None),
        (payment.released, _("Sent to the bank"), payment.release_entry_id),
        (payment.cleared, _("Paid"), payment.clear_entry_id),
        (payment.cancelled, _("Taken back"), payment.return_entry_id),
    ):
        if leaf is not None:
            steps.append((words, _day(payment, leaf), leaf.idx, entry))
    return Told(
        payment=payment,
        payee=payment.payee_organisation.name if payment.payee_organisation else "",
        tone=TONES[PaymentState(payment.state)],
        people=rules.people_in_words([payment.raised_role, *(a.role for a in given)])
        if payment.approved
        else "",
        recused=[role_name(a.role) for a in payment.approvals.all() if a.is_recusal],
        steps=steps,
    )


def _day(payment: Payment, leaf: Leaf) -> date:
    """The day on which a step was taken, which may be before the day on which it was written."""
    if leaf == payment.approved:
        return max(a.day for a in payment.approvals.all() if not a.is_recusal)
    if leaf == payment.released and payment.released_on:
        return payment.released_on
    if leaf == payment.cleared and payment.clear_entry:
        return payment.clear_entry.effective_on
    return timezone.localdate(leaf.recorded_at)
