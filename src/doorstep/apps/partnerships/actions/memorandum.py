"""The memorandum of understanding on an endorsed plan: one person signs for each side."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

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
from doorstep.apps.refused import Refused

SIDES = {"partnership_member": MemorandumSide.PARTNERSHIP, "funder": MemorandumSide.FUNDER}


@transaction.atomic
def sign_memorandum(plan: Plan, *, on: date, actor: Actor) -> MemorandumSignature:
    """Sign for the side of the role somebody acts in. The leaf names the seat, and nobody."""
    plan = held_plan(plan, PlanState.ENDORSED)
    side = SIDES.get(actor.kind)
    if side is None or not isinstance(actor.id, int):
        raise Refused(
            _("A partnership member signs for the partnership, and the funder for the fund."),
            code="side",
        )
    signed = {one.side: one for one in plan.memorandum.all()}
    if side in signed:
        return signed[side]
    if any(one.account_id == actor.id for one in signed.values()):
        raise Refused(
            _("You signed for the other side. A memorandum takes two people."), code="alone"
        )
    seat = Membership.objects.filter(
        holding(on), partnership=plan.partnership, account_id=actor.id
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
        plan=plan, side=side, account_id=actor.id, on=on, leaf=leaf
    )
