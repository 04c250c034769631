"""A payment is taken back before it is paid; once it is in a file for the bank, by two people."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards import promised, rules
from doorstep.apps.awards.actions.common import (
    held_payment,
    moved_to,
    person,
    refuse_state,
    refuse_unless,
)
from doorstep.apps.awards.models import Payment, PaymentFileLine, PaymentState, Stop
from doorstep.apps.awards.queries.payments import tie_of
from doorstep.apps.ledger.actions import reverse
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.record.actions import keep_words, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused


@transaction.atomic
def cancel_payment(
    payment: Payment, *, reason: str, on: date | None = None, actor: Actor
) -> Payment:
    """Take a payment back before it is paid. What was sent is reversed beside the original.

    The bank may have a payment that is in a file already, and freed money could be paid again. So
    two people say that it was stopped at the bank; after the first of them it stays on its way.
    """
    account = person(actor)
    on = on or timezone.localdate()
    payment = held_payment(payment)
    refuse_blank({_("reason"): reason}, {_("reason"): 500})
    if payment.state == PaymentState.CANCELLED:
        return payment
    refuse_state(payment, PaymentState.RAISED, PaymentState.APPROVED, PaymentState.RELEASED)
    if actor.kind not in rules.MAY_TAKE_BACK:
        raise Refused(
            _("A partnership member or finance officer takes a payment back."),
            code="may_not_take_back",
        )
    tie = tie_of(account, payment.award, payment.award.agreement, on)
    refuse_unless(rules.may_ask(tie), "may_not_take_back")
    if _is_in_a_file(payment) and not _stopped_by_two(payment, reason, on, actor):
        return payment
    if payment.release_entry is not None:
        payment.return_entry = reverse(
            payment.release_entry,
            idem_key=f"payment:{payment.slug}:returned",
            actor=actor,
            reason=reason,
        )
    payment.cancelled = leaf = write_leaf(
        "payment.cancelled",
        {
            "payment": payment.slug,
            "award": payment.award.slug,
            "reason": keep_words(reason).commitment,
            "entry": payment.return_entry.seq if payment.return_entry else None,
            "actor": actor.as_leaf(),
        },
    )
    payment = moved_to(payment, PaymentState.CANCELLED)
    promised.called_off(payment, on=on, actor=actor, leaf=leaf)
    return payment


def _is_in_a_file(payment: Payment) -> bool:
    return PaymentFileLine.objects.filter(payment=payment).exists()


def _stopped_by_two(payment: Payment, reason: str, on: date, actor: Actor) -> bool:
    """Keep that this person says it was stopped; whether another one has said so too."""
    account = person(actor)
    if not payment.stops.filter(account=account).exists():
        words = keep_words(reason)
        leaf = write_leaf(
            "payment.stop_said",
            {
                "payment": payment.slug,
                "award": payment.award.slug,
                "role": actor.kind,
                "reason": words.commitment,
                "said_on": on.isoformat(),
                "actor": actor.as_leaf(),
            },
        )
        Stop.objects.create(
            payment=payment,
            account_id=account,
            role=actor.kind,
            reason=words,
            day=on,
            leaf=leaf,
        )
    return payment.stops.exclude(account=account).exists()
