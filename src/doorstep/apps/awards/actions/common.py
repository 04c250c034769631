"""What the actions of this room share."""

import re

from django.utils.translation import gettext as _

from doorstep.apps.awards.models import Award, Payment
from doorstep.apps.people.rules import Answer
from doorstep.apps.record.actions import lock_head
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused


def person(actor: Actor) -> int:
    """The number of the account that acts. Money is asked for, approved and sent by people."""
    if type(actor.id) is not int:
        raise Refused(
            _("Only somebody with an account can do this, so that two people look at every sum."),
            code="not_a_person",
        )
    return actor.id


def refuse_bad_key(key: str) -> None:
    """A form's own key, made when it was opened."""
    if not re.fullmatch(r"[0-9a-f]{8,32}", key):
        raise Refused(_("Open the form again, and send it once."), code="key")


def held_award(award: Award, *states: Award.State) -> Award:
    """The award as it stands now, held until the transaction ends; refuses any other state."""
    lock_head()
    now = Award.objects.select_for_update(of=("self",)).select_related("place").get(pk=award.pk)
    if now.state not in states:
        raise Refused(
            _("This award is “%(state)s”, so this cannot be done with it any more, or not yet.")
            % {"state": now.get_state_display()},
            code="award_state",
        )
    if now.is_example:
        raise Refused(
            _("This award is of pretend money, from an example election. Nothing is paid on it."),
            code="award_example",
        )
    return now


def held_payment(payment: Payment) -> Payment:
    """The payment as it stands now, held until the transaction ends."""
    lock_head()
    held = Payment.objects.select_for_update(of=("self",))
    return held.select_related("award__place", "payee_organisation", "mandate").get(pk=payment.pk)


def refuse_state(payment: Payment, *states: str) -> None:
    if payment.state not in states:
        raise Refused(
            _("This payment is “%(state)s” already, or not ready for this. Nothing was changed.")
            % {"state": payment.get_state_display()},
            code="payment_state",
        )


def refuse_unless(answer: Answer, code: str) -> None:
    if not answer:
        raise Refused(answer.reason, code=code)


def moved_to(payment: Payment, state: str) -> Payment:
    """Keep a payment's next state with whatever that step set on it."""
    payment.state = state
    payment.save(
        update_fields=[
            "state",
            "approved",
            "released",
            "released_on",
            "release_entry",
            "cleared",
            "clear_entry",
            "cancelled",
            "return_entry",
            "bank_line",
        ]
    )
    return payment
