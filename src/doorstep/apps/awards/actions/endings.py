"""How an award ends: called off before anything is paid, or closed, with what is left returned."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.awards.actions.common import held_award
from doorstep.apps.awards.models import Award, Payment, PaymentState
from doorstep.apps.fund import accounts
from doorstep.apps.ledger.actions import Line, post, reverse
from doorstep.apps.ledger.queries import balances, entry_lines
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.record.actions import keep_words, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused

UNDER_WAY = (PaymentState.RAISED, PaymentState.APPROVED, PaymentState.RELEASED)


@transaction.atomic
def cancel_award(award: Award, *, reason: str, on: date, actor: Actor) -> Award:
    """Call an award off. Its promise is reversed beside the original, and the place has it back."""
    award = held_award(award, Award.State.COMMITTED, Award.State.AGREED, Award.State.IN_PROGRESS)
    refuse_blank({_("reason"): reason}, {_("reason"): 500})
    if Payment.objects.filter(award=award).exclude(state=PaymentState.CANCELLED).exists():
        raise Refused(
            _(
                "Money of this award is paid, on its way or asked for. Cancel what can be "
                "cancelled, then close the award: what is left goes back."
            ),
            code="award_has_payments",
        )
    back = reverse(
        award.commitment, idem_key=f"award:{award.slug}:cancelled", actor=actor, reason=reason
    )
    [(came_from, _committed, pence)] = entry_lines(award.commitment)
    home = accounts.available(award.place.slug)
    if came_from != home:
        # It came out of a round's pot, and that round is over.
        post(
            "award.returned",
            [Line(came_from, home, pence)],
            idem_key=f"award:{award.slug}:returned",
            actor=actor,
            effective_on=on,
        )
    write_leaf(
        "award.cancelled",
        {
            "award": award.slug,
            "pence": pence,
            "entry": back.seq,
            "reason": keep_words(reason).commitment,
            "actor": actor.as_leaf(),
        },
    )
    return _ended(award, Award.State.CANCELLED)


@transaction.atomic
def close_award(award: Award, *, on: date, actor: Actor) -> Award:
    """Finish an award on which nothing is under way; what it did not need goes back."""
    award = held_award(award, Award.State.IN_PROGRESS)
    if Payment.objects.filter(award=award, state__in=UNDER_WAY).exists():
        raise Refused(
            _(
                "A payment of this award is still under way. Wait until the bank’s statement "
                "shows it, or cancel it."
            ),
            code="award_under_way",
        )
    committed = accounts.committed(award.place.slug, award.slug)
    left = balances([committed])[committed]
    entry = (
        post(
            "award.returned",
            [Line(committed, accounts.available(award.place.slug), left)],
            idem_key=f"award:{award.slug}:returned",
            actor=actor,
            effective_on=on,
        )
        if left
        else None
    )
    write_leaf(
        "award.closed",
        {
            "award": award.slug,
            "returned_pence": left,
            "entry": entry.seq if entry else None,
            "actor": actor.as_leaf(),
        },
    )
    return _ended(award, Award.State.CLOSED)


def _ended(award: Award, state: Award.State) -> Award:
    award.state = state
    award.save(update_fields=["state"])
    return award
