"""A line of the plan that holds becomes money promised: by as many awards as its sum carries, each
pointing to the leaf by which that line was agreed; start-up money by one award."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.apps.awards.actions.common import refuse_bad_key
from doorstep.apps.awards.actions.decisions import award_by_decision
from doorstep.apps.awards.models import Award, AwardKind, Decision, DecisionKind
from doorstep.apps.ledger.rules import check_pence
from doorstep.apps.partnerships.models import LineAgreed, PlanState, StartMoney
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.record.actions import lock_head
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused

RELATED = ("leaf", "line__title", "line__plan__decision", "line__plan__partnership__place")


@transaction.atomic
def award_from_line(
    agreed: LineAgreed, *, key: str, title: str, pence: int, on: date, actor: Actor
) -> Award:
    """Promise some of what a line may spend. The same form, by its `key`, sent twice acts once."""
    lock_head()
    refuse_bad_key(key)
    agreed = LineAgreed.objects.select_related(*RELATED).get(pk=agreed.pk)
    plan = agreed.line.plan
    slug = f"plan-{plan.pk}-{agreed.line.number}-{key[:12]}"
    earlier = Award.objects.filter(slug=slug).first()
    if earlier is not None:
        return earlier
    if plan.state != PlanState.ENDORSED:
        raise Refused(
            _("A newer plan holds, so its lines are what money is promised by."), code="plan_state"
        )
    refuse_blank({_("name"): title}, {_("name"): 200})
    check_pence(pence)
    return award_by_decision(
        _decision(agreed), slug, title=title, pence=pence, kind=AwardKind.PROJECT, on=on,
        actor=actor,
    )  # fmt: skip


@transaction.atomic
def award_from_start(money: StartMoney, *, on: date, actor: Actor) -> Award:
    """Promise start-up money that an open meeting agreed on. Asked for twice, it is the award there
    is."""
    lock_head()
    money = StartMoney.objects.select_related("leaf", "title", "start__place").get(pk=money.pk)
    earlier = Award.objects.filter(decision=money.leaf).first()
    if earlier is not None:
        return earlier
    known = Decision.objects.filter(leaf=money.leaf).first()
    decision = known or Decision.objects.create(
        place=money.start.place, kind=DecisionKind.MEETING, title=money.title, pence=money.pence,
        decided_on=money.on, voted={"resident": money.in_favour + money.against}, recused={},
        leaf=money.leaf,
    )  # fmt: skip
    return award_by_decision(
        decision, f"start-{money.start_id}-{money.number}",
        title=money.title.text or _("(words erased)"), pence=money.pence,
        kind=AwardKind.PROJECT, on=on, actor=actor,
    )  # fmt: skip


def _decision(agreed: LineAgreed) -> Decision:
    """The line as this room points to a decision, with the leaf that the endorsement wrote."""
    known = Decision.objects.filter(leaf=agreed.leaf).first()
    if known is not None:
        return known
    plan = agreed.line.plan
    assert plan.answered_on is not None  # plan_is_answered_by_a_leaf
    made = plan.decision
    return Decision.objects.create(
        place=plan.partnership.place, kind=DecisionKind.PLAN_LINE, title=agreed.line.title,
        pence=agreed.line.now_pence, decided_on=plan.answered_on,
        voted={"partnership_member": made.counted} if made else {},
        recused={"partnership_member": made.stayed_out} if made else {}, leaf=agreed.leaf,
    )  # fmt: skip
