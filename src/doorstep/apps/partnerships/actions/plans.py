"""A plan is drafted, put forward by the partnership, and endorsed or sent back by the funder.

What was put forward stays as it was: a plan that is sent back is drafted again under a new number,
with everything that stood in it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from doorstep.apps.fund.models import Allocation
from doorstep.apps.fund.queries import allocation_of
from doorstep.apps.partnerships.actions.common import decided_or_explained, required_words
from doorstep.apps.partnerships.models import (
    ItemDecision,
    LineAgreed,
    LineKind,
    Membership,
    Partnership,
    Plan,
    PlanLine,
    PlanReview,
    PlanState,
)
from doorstep.apps.partnerships.rules import plans as rules
from doorstep.apps.partnerships.rules.meetings import LONGEST_TITLE, plain_words
from doorstep.apps.people.spells import holding
from doorstep.apps.places.rules import refuse_blank
from doorstep.apps.promises.actions import Due, Owed, kept, owe
from doorstep.apps.promises.queries import due_after
from doorstep.apps.record.actions import keep_words, lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, Wording
from doorstep.apps.refused import Refused

ANSWER_OWED, REVIEW_OWED = "plan.answer", "plan.review"
RELATED = (
    "partnership__place", "vision", "legacy", "why", "reason", "put_forward", "answered",
    "decision__leaf", "decision__item__meeting",
)  # fmt: skip
PUT_FIELDS = (
    "state", "draft", "vision", "legacy", "allocation_pence", "decision", "why", "put_forward",
    "put_on", "put_by",
)  # fmt: skip
OPEN = (PlanState.DRAFT, PlanState.PUT_FORWARD)


@transaction.atomic
def begin_plan(partnership: Partnership, *, actor: Actor) -> Plan:
    """Start a draft, with what stood in the plan before it. Asked for twice, it is the one there
    is."""
    lock_head()
    former = partnership.plans.select_related("vision", "legacy").order_by("-number").first()
    if former is not None and former.state in OPEN:
        if former.state == PlanState.DRAFT:
            return former
        raise Refused(
            _("A plan waits for the funder’s answer. Write the next one after that."),
            code="plan_waits",
        )
    last = partnership.plans.aggregate(n=Max("number"))["n"] or 0
    draft = _again(former) if former else {}
    return Plan.objects.create(partnership=partnership, number=last + 1, draft=draft)


@transaction.atomic
def write_draft(
    plan: Plan,
    *,
    vision: str,
    legacy: str,
    begins_on: date | None,
    ends_on: date | None,
    actor: Actor,
) -> Plan:
    """Write the words and the years of a draft; members alone read them."""
    plan = held_plan(plan, PlanState.DRAFT)
    plan.draft = {
        **plan.draft,
        "vision": plain_words(vision, rules.LONGEST_WORDS),
        "legacy": plain_words(legacy, rules.LONGEST_WORDS),
    }
    plan.begins_on, plan.ends_on = begins_on, ends_on
    plan.save(update_fields=["draft", "begins_on", "ends_on"])
    return plan


@transaction.atomic
def add_line(plan: Plan, line: rules.DraftLine, *, actor: Actor) -> Plan:
    """One more line of a draft."""
    plan = held_plan(plan, PlanState.DRAFT)
    name = _("what it is for")
    refuse_blank({name: line.title}, {name: LONGEST_TITLE})
    rules.refuse_bad_line(line)
    lines = plan.draft.get("lines", [])
    if len(lines) >= rules.MOST_LINES:
        raise Refused(
            _("A plan has at most %(most)s lines. Put some together.") % {"most": rules.MOST_LINES},
            code="lines",
        )
    plan.draft = {**plan.draft, "lines": [*lines, line.kept()]}
    plan.save(update_fields=["draft"])
    return plan


@transaction.atomic
def drop_line(plan: Plan, number: int, *, actor: Actor) -> Plan:
    """Take the line of that number out of a draft."""
    plan = held_plan(plan, PlanState.DRAFT)
    lines = plan.draft.get("lines", [])
    if not 1 <= number <= len(lines):
        raise Refused(_("There is no such line any more."), code="line")
    plan.draft = {**plan.draft, "lines": lines[: number - 1] + lines[number:]}
    plan.save(update_fields=["draft"])
    return plan


@transaction.atomic
def put_forward(
    plan: Plan, *, decision: ItemDecision | None = None, why: str = "", on: date, actor: Actor
) -> Plan:
    """Put a draft before the funder: the whole sum costed, by a meeting's `decision` or with the
    words that say why no meeting decided. A thin partnership is counted and never locked out."""
    plan = held_plan(plan, PlanState.DRAFT)
    partnership, draft = plan.partnership, plan.draft
    lines = rules.drafted(draft)
    share = _allocation(partnership)
    if not draft.get("vision") or not draft.get("legacy"):
        raise Refused(
            _("Write what you want to come of the money, and what stays when it is gone."),
            code="plan_words",
        )
    rules.refuse_bad_years(plan.begins_on, plan.ends_on, share.ends_on, on)
    rules.refuse_another_sum(lines, share.pence)
    _refuse_unreviewed(partnership)
    explained = _explained(decision, why, partnership)
    vision, legacy = keep_words(draft["vision"]), keep_words(draft["legacy"])
    made = [_line(plan, number, line) for number, line in enumerate(lines, start=1)]
    members = list(
        Membership.objects.filter(holding(on), partnership=partnership).values_list(
            "lives_here", flat=True
        )
    )
    leaf = write_leaf(
        "plan.put_forward",
        {
            **_named(plan),
            "allocation": share.pence,
            "put_on": on.isoformat(),
            "begins_on": _iso(plan.begins_on),
            "ends_on": _iso(plan.ends_on),
            "vision": vision.commitment,
            "legacy": legacy.commitment,
            "lines": [_said(line) for line in made],
            "decision": decision.leaf.idx if decision else None,
            "why": explained.commitment if explained else "",
            "members": len(members),
            "residents": sum(members),
            "actor": actor.as_leaf(),
        },
    )
    PlanLine.objects.bulk_create(made)  # while it is a draft: afterwards no line comes to it
    plan.state, plan.draft = PlanState.PUT_FORWARD, {}
    plan.vision, plan.legacy, plan.allocation_pence = vision, legacy, share.pence
    plan.decision, plan.why, plan.put_forward, plan.put_on = decision, explained, leaf, on
    plan.put_by_id = actor.id if isinstance(actor.id, int) else None
    plan.save(update_fields=PUT_FIELDS)
    answer_by = due_after("plan.answered_within", on, partnership.place.slug)
    owe(
        Owed(
            ANSWER_OWED, str(plan.pk), Due.by(answer_by, "plan.answered_within"),
            place=partnership.place, role="funder",
        ),
        on=on, actor=actor, leaf=leaf,
    )  # fmt: skip
    return plan


@transaction.atomic
def endorse(plan: Plan, *, on: date, actor: Actor) -> Plan:
    """The funder agrees to a plan: each line that spends now becomes a decision of its own, to
    which awards can point. The plan before it is followed by this one."""
    plan = _answerable(plan, actor)
    former = Plan.objects.filter(partnership=plan.partnership, state=PlanState.ENDORSED)
    former.update(state=PlanState.REPLACED)
    leaf = write_leaf(
        "plan.endorsed",
        {
            **_named(plan),
            "allocation": plan.allocation_pence,
            "put_forward": _idx(plan.put_forward),
            "decision": plan.decision.leaf.idx if plan.decision else None,
            "endorsed_on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    for line in plan.lines.select_related("title").filter(now_pence__gt=0).order_by("number"):
        LineAgreed.objects.create(line=line, leaf=_agreed(plan, line, on, actor))
    plan.state, plan.answered, plan.answered_on = PlanState.ENDORSED, leaf, on
    plan.save(update_fields=["state", "answered", "answered_on"])
    kept(ANSWER_OWED, str(plan.pk), on=on, actor=actor, leaf=leaf)
    assert plan.ends_on is not None  # plan_put_forward_is_whole
    owe(
        Owed(
            REVIEW_OWED, str(plan.pk), Due(plan.ends_on), place=plan.partnership.place,
            role="partnership_member",
        ),
        on=on, actor=actor, leaf=leaf,
    )  # fmt: skip
    return plan


@transaction.atomic
def send_back(plan: Plan, reason: str, *, on: date, actor: Actor) -> Plan:
    """The funder does not agree yet, and says why in public. It is drafted again as it stood."""
    plan = _answerable(plan, actor)
    words = required_words(reason, rules.LONGEST_WORDS, _("Say why. Everybody can read it."))
    leaf = write_leaf(
        "plan.sent_back",
        {
            **_named(plan),
            "reason": words.commitment,
            "answered_on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    plan.state, plan.answered, plan.answered_on = PlanState.SENT_BACK, leaf, on
    plan.reason = words
    plan.save(update_fields=["state", "answered", "answered_on", "reason"])
    kept(ANSWER_OWED, str(plan.pk), on=on, actor=actor, leaf=leaf)
    return plan


@transaction.atomic
def review_plan(plan: Plan, *, done: str, change: str, on: date, actor: Actor) -> PlanReview:
    """Look back on a plan before the next one: what became of it, and what is to change."""
    plan = held_plan(plan, PlanState.ENDORSED)
    say = _("Write what became of the plan, and what is to change.")
    came, next_time = (required_words(each, rules.LONGEST_WORDS, say) for each in (done, change))
    leaf = write_leaf(
        "plan.reviewed",
        {
            **_named(plan),
            "done": came.commitment,
            "change": next_time.commitment,
            "reviewed_on": on.isoformat(),
            "actor": actor.as_leaf(),
        },
    )
    kept(REVIEW_OWED, str(plan.pk), on=on, actor=actor, leaf=leaf)
    return PlanReview.objects.create(plan=plan, done=came, change=next_time, on=on, leaf=leaf)


def _explained(decision: ItemDecision | None, why: str, partnership: Partnership) -> Wording | None:
    return decided_or_explained(
        decision, why, partnership,
        _(
            "Choose the meeting’s item by which the plan was agreed, or say in public why no "
            "meeting decided."
        ),
    )  # fmt: skip


def _agreed(plan: Plan, line: PlanLine, on: date, actor: Actor) -> Leaf:
    """The leaf of one line, as every reader of the record knows a decision about money."""
    made = plan.decision
    return write_leaf(
        "plan.line_agreed",
        {
            **_named(plan),
            "line": line.number,
            "title": line.title.commitment,
            "pence": line.now_pence,
            "decided_on": on.isoformat(),
            "voted": {"partnership_member": made.counted} if made else {},
            "recused": {"partnership_member": made.stayed_out} if made else {},
            "actor": actor.as_leaf(),
        },
    )


def _allocation(partnership: Partnership) -> Allocation:
    share = allocation_of(partnership.place_id)
    if share is None:
        raise Refused(
            _("This place was not given a share of the fund yet, so there is no sum to plan."),
            code="no_allocation",
        )
    return share


def _refuse_unreviewed(partnership: Partnership) -> None:
    former = partnership.plans.filter(state=PlanState.ENDORSED).first()
    if former is not None and not former.reviews.exists():
        raise Refused(
            _("Look back on plan %(number)s first: what became of it, and what is to change.")
            % {"number": former.number},
            code="not_reviewed",
        )


def _answerable(plan: Plan, actor: Actor) -> Plan:
    plan = held_plan(plan, PlanState.PUT_FORWARD)
    if actor.kind != "funder":
        raise Refused(_("The funder answers a plan."), code="not_the_funder")
    if plan.put_by_id is not None and actor.id == plan.put_by_id:
        raise Refused(_("You put this plan forward, so somebody else answers it."), code="alone")
    return plan


def held_plan(plan: Plan, state: PlanState) -> Plan:
    """The plan as it stands now, under the record's pen, or Refused where it is at another step."""
    lock_head()
    now = Plan.objects.select_related(*RELATED).get(pk=plan.pk)
    if now.state != state:
        raise Refused(
            _("This plan is not at that step any more: %(state)s.") % {"state": now.in_words},
            code="plan_state",
        )
    return now


def _again(former: Plan) -> dict[str, Any]:
    """What stood in a plan, to be drafted again; its dates are asked for anew."""
    lines = former.lines.select_related("title", "how").order_by("number")
    return {
        "vision": (former.vision and former.vision.text) or "",
        "legacy": (former.legacy and former.legacy.text) or "",
        "lines": [
            rules.DraftLine(
                line.kind, line.title.text or _("(words erased)"), line.pence, line.now_pence,
                (line.how and line.how.text) or "", line.by.isoformat() if line.by else "",
            ).kept()
            for line in lines
        ],
    }  # fmt: skip


def _line(plan: Plan, number: int, line: rules.DraftLine) -> PlanLine:
    return PlanLine(
        plan=plan, number=number, kind=LineKind(line.kind), title=keep_words(line.title.strip()),
        how=keep_words(line.how) if line.how else None, pence=line.pence,
        now_pence=line.now_pence, by=line.day,
    )  # fmt: skip


def _said(line: PlanLine) -> dict[str, Any]:
    return {
        "kind": str(line.kind), "title": line.title.commitment,
        "how": line.how.commitment if line.how else "", "pence": line.pence,
        "now": line.now_pence, "by": _iso(line.by),
    }  # fmt: skip


def _named(plan: Plan) -> Mapping[str, Any]:
    return {"place": plan.partnership.place.slug, "plan": plan.number}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _idx(leaf: Leaf | None) -> int:
    assert leaf is not None
    return int(leaf.idx)
