"""The memorandum of understanding on an endorsed plan: one person signs for each side."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.partnerships.actions.common import refuse_same_hand, side_of
from doorstep.apps.partnerships.actions.plans import held_plan
from doorstep.apps.partnerships.models import (
    Membership,
    MemorandumSide,
    MemorandumSignature,
    Plan,
    PlanState,
)
from doorstep.apps.people.spells import holding
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.actors import Actor

SIDES = {"partnership_member": MemorandumSide.PARTNERSHIP, "funder": MemorandumSide.FUNDER}


@transaction.atomic
def sign_memorandum(plan: Plan, *, on: date, actor: Actor) -> MemorandumSignature:
    """Sign for the side of the role somebody acts in. The leaf names the seat, and nobody."""
    plan = held_plan(plan, PlanState.ENDORSED)
    side, account = side_of(
        actor, SIDES,
        _("A partnership member signs for the partnership, and the funder for the fund."),
    )  # fmt: skip
    signed = {one.side: one for one in plan.memorandum.all()}
    if side in signed:
        return signed[side]
    say = _("You signed for the other side. A memorandum takes two people.")
    refuse_same_hand(signed.values(), account, say)
    seat = Membership.objects.filter(
        holding(on), partnership=plan.partnership, account_id=account
    ).first()
    leaf = write_leaf(
        "plan.memorandum_signed",
        {
            "place": plan.partnership.place.slug,
            "plan": plan.number,
            "side": str(side),
            "seat": str(seat.seat) if seat else "",
            "signed_on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    return MemorandumSignature.objects.create(
        plan=plan, side=side, account_id=account, on=on, leaf=leaf
    )
