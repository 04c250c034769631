"""What a meeting decided becomes money promised, or a limit that somebody holds.

Nothing is typed again: sum, payee and terms are those of the agenda, and award and limit point to
the leaf by which the meeting decided.
"""

from datetime import date

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from doorstep.apps.awards.actions.applying import agree
from doorstep.apps.awards.actions.decisions import award_by_decision, end_former
from doorstep.apps.awards.models import (
    Application,
    Award,
    AwardKind,
    Decision,
    DecisionKind,
    Delegation,
)
from doorstep.apps.partnerships.models import AgendaItem, ItemDecision, Outcome
from doorstep.apps.record.actions import lock_head
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused

RELATED = ("leaf", "item__title", "item__meeting__partnership__place")


@transaction.atomic
def award_from_meeting(
    made: ItemDecision, *, application: Application | None = None, on: date, actor: Actor
) -> Award:
    """Promise what a meeting gave, for what somebody applied for if so. Asked for twice, it is the
    award there is."""
    lock_head()
    made = _carried(made, AgendaItem.Kind.MONEY)
    earlier = Award.objects.filter(decision=made.leaf).first()
    if earlier is not None:
        return earlier
    if application is not None:
        _refuse_other_payee(made.item, application)
    item, meeting = made.item, made.item.meeting
    title = item.title.text or _("(words erased)")
    slug = f"{slugify(title)[:24].strip('-') or 'award'}-{meeting.pk}-{item.number}"
    kind = application.kind if application is not None else AwardKind.PROJECT
    award = award_by_decision(
        _decision(made, DecisionKind.MEETING), slug, title=title, pence=int(item.pence or 0),
        kind=kind, on=on, actor=actor,
    )  # fmt: skip
    if application is not None:
        agree(application, award, on=on, actor=actor)
    return award


@transaction.atomic
def limit_from_meeting(made: ItemDecision, *, actor: Actor) -> Delegation:
    """Let a role decide small sums as a meeting said. A limit of the same role ends that day."""
    lock_head()
    made = _carried(made, AgendaItem.Kind.LIMIT)
    earlier = Delegation.objects.filter(decision__leaf=made.leaf).first()
    if earlier is not None:
        return earlier
    terms = made.item.terms
    since, until = (date.fromisoformat(terms[name]) for name in ("since", "until"))
    decision = _decision(made, DecisionKind.DELEGATION)
    end_former(decision.place, terms["holder"], since, actor)
    return Delegation.objects.create(
        decision=decision, holder_role=terms["holder"], month_pence=terms["month_pence"],
        since=since, until=until,
    )  # fmt: skip


def _refuse_other_payee(item: AgendaItem, application: Application) -> None:
    """Who had an interest was asked about the organisation on the agenda, so it is that one's."""
    asks, said = application.organisation_id, item.organisation_id
    if said is not None and asks != said:
        raise Refused(
            _("The meeting decided on money for another organisation than the one that applied."),
            code="other_payee",
        )


def _carried(made: ItemDecision, kind: str) -> ItemDecision:
    made = ItemDecision.objects.select_related(*RELATED).get(pk=made.pk)
    if made.outcome != Outcome.CARRIED or made.item.kind != kind:
        raise Refused(
            _("No meeting agreed to this, so no money follows from it."), code="not_carried"
        )
    return made


def _decision(made: ItemDecision, kind: str) -> Decision:
    """The meeting's decision as this room points to it, with the leaf that the meeting wrote."""
    known = Decision.objects.filter(leaf=made.leaf).first()
    return known or Decision.objects.create(
        place=made.item.meeting.partnership.place, kind=kind, title=made.item.title,
        pence=int(made.item.pence or 0), decided_on=made.decided_on,
        voted={"partnership_member": made.counted},
        recused={"partnership_member": made.stayed_out}, leaf=made.leaf,
    )  # fmt: skip
