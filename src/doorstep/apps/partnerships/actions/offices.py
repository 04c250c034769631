"""An office (chair, vice chair, secretary, treasurer) is given by what a meeting decided.

Whoever held it before stays a member; what they had taken on in it is held by nobody again. No
term begins anew by it.
"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.partnerships.actions.common import carried_by
from doorstep.apps.partnerships.actions.members import RELATED, seated_again
from doorstep.apps.partnerships.actions.seats import drop_duties
from doorstep.apps.partnerships.models import ItemDecision, Membership
from doorstep.apps.people.spells import holding
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused


@transaction.atomic
def give_office(
    membership: Membership, seat: str, *, decision: ItemDecision | None, on: date, actor: Actor
) -> Membership:
    """A member takes an office from `on`, or gives it up (`seat` is then "member", and no decision
    is needed). Given twice, it is the office there is."""
    lock_head()
    old = Membership.objects.select_related(*RELATED).get(pk=membership.pk)
    if seat not in Membership.Seat.values:
        raise Refused(_("Choose an office."), code="seat")
    if not old.holds(on):
        raise Refused(_("That seat is not held any more."), code="seat")
    if old.seat == seat:
        return old
    if seat != Membership.Seat.MEMBER:
        _refuse_without_decision(decision, old)
        others = Membership.objects.filter(holding(on), partnership=old.partnership, seat=seat)
        for former in others.select_related(*RELATED):
            _changed(former, Membership.Seat.MEMBER, decision, on, actor)
    return _changed(old, seat, decision, on, actor)


def _changed(
    old: Membership, seat: str, decision: ItemDecision | None, on: date, actor: Actor
) -> Membership:
    new = seated_again(old, seat=seat, on=on, actor=actor)
    if old.seat != Membership.Seat.MEMBER:
        drop_duties(old.account, old.partnership.place, on=on, actor=actor)
    write_leaf(
        "partnership.office_given",
        {
            "place": old.partnership.place.slug,
            "membership": new.pk,
            "before": old.pk,
            "seat": str(seat),
            "decision": decision.leaf.idx if decision else None,
            "actor": actor.as_leaf(),
        },
    )
    return new


def _refuse_without_decision(decision: ItemDecision | None, old: Membership) -> None:
    if decision is None or not carried_by(decision, old.partnership):
        raise Refused(
            _("Choose the meeting’s item by which the members agreed to it."), code="decision"
        )
