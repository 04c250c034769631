"""Is every plan what the record says, and does it come to the sum it was given?"""

from collections.abc import Iterator

from doorstep.apps.partnerships.models import Plan, PlanLine, PlanState
from doorstep.apps.record.verify import Finding, body_of, otherwise

ANSWERS = {
    PlanState.ENDORSED: ("plan.endorsed", "endorsed_on"),
    PlanState.REPLACED: ("plan.endorsed", "endorsed_on"),
    PlanState.SENT_BACK: ("plan.sent_back", "answered_on"),
}


def verify_plans() -> Iterator[Finding]:
    """Every fault in every plan that was put forward; nothing when all is sound."""
    rows = Plan.objects.exclude(state=PlanState.DRAFT).order_by("pk")
    related = rows.select_related(
        "partnership__place", "vision", "legacy", "why", "reason", "put_forward", "answered",
        "decision__leaf",
    ).prefetch_related(
        "lines__title", "lines__how", "lines__agreed__leaf", "reviews__done", "reviews__change",
        "reviews__leaf", "memorandum__leaf",
    )  # fmt: skip
    for plan in related.iterator(chunk_size=200):
        for fault in _faults(plan):
            yield Finding(f"Plan {plan.number} of {plan.partnership.place.slug}", fault)


def _faults(plan: Plan) -> Iterator[str]:
    lines = sorted(plan.lines.all(), key=lambda line: line.number)
    if sum(line.pence for line in lines) != plan.allocation_pence:
        yield "its lines do not come to what the place was given."
    yield from otherwise(
        plan.put_forward,
        {
            "kind": "plan.put_forward",
            **_named(plan),
            "allocation": plan.allocation_pence,
            "put_on": plan.put_on.isoformat() if plan.put_on else None,
            "begins_on": plan.begins_on.isoformat() if plan.begins_on else "",
            "ends_on": plan.ends_on.isoformat() if plan.ends_on else "",
            "vision": plan.vision.commitment if plan.vision else None,
            "legacy": plan.legacy.commitment if plan.legacy else None,
            "lines": [_said(line) for line in lines],
            "decision": plan.decision.leaf.idx if plan.decision else None,
            "why": plan.why.commitment if plan.why else "",
        },
    )
    yield from _answer(plan)
    yield from _agreed(plan, lines)
    yield from _afterwards(plan)


def _answer(plan: Plan) -> Iterator[str]:
    if (answer := ANSWERS.get(PlanState(plan.state))) is None:
        return
    kind, dated = answer
    day = plan.answered_on.isoformat() if plan.answered_on else None
    stands = {"kind": kind, **_named(plan), dated: day}
    if plan.state == PlanState.SENT_BACK:
        stands["reason"] = plan.reason.commitment if plan.reason else None
    else:
        stands["put_forward"] = plan.put_forward.idx if plan.put_forward else None
    yield from otherwise(plan.answered, stands)


def _agreed(plan: Plan, lines: list[PlanLine]) -> Iterator[str]:
    """What each line may spend is what its own leaf agreed, where the plan was endorsed."""
    holds = plan.state in (PlanState.ENDORSED, PlanState.REPLACED)
    for line in lines:
        leaf = body_of(line.agreed.leaf) if hasattr(line, "agreed") else None
        if holds and line.now_pence and leaf is None:
            yield f"line {line.number} may spend, and no leaf agreed it."
        elif leaf is not None and not holds:
            yield f"line {line.number} was agreed, and the plan is not."
        elif leaf is not None and (leaf.get("line"), leaf.get("pence")) != (
            line.number,
            line.now_pence,
        ):
            yield f"the leaf of line {line.number} says another sum."


def _afterwards(plan: Plan) -> Iterator[str]:
    for review in plan.reviews.all():
        stands = {
            "kind": "plan.reviewed",
            **_named(plan),
            "done": review.done.commitment,
            "change": review.change.commitment,
            "reviewed_on": review.on.isoformat(),
        }
        yield from (f"its review: {fault}" for fault in otherwise(review.leaf, stands))
    for signature in plan.memorandum.all():
        stands = {
            "kind": "plan.memorandum_signed",
            **_named(plan),
            "side": signature.side,
            "signed_on": signature.on.isoformat(),
        }
        for fault in otherwise(signature.leaf, stands):
            yield f"the signature for the {signature.side}: {fault}"


def _named(plan: Plan) -> dict[str, object]:
    return {"place": plan.partnership.place.slug, "plan": plan.number}


def _said(line: PlanLine) -> dict[str, object]:
    return {
        "kind": line.kind,
        "title": line.title.commitment,
        "how": line.how.commitment if line.how else "",
        "pence": line.pence,
        "now": line.now_pence,
        "by": line.by.isoformat() if line.by else "",
    }
