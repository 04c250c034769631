"""Is every plan what the record says, and does it come to the sum it was given?"""

from collections.abc import Iterator

from doorstep.apps.partnerships.models import Plan, PlanState
from doorstep.apps.record.verify import Finding, body_of


def verify_plans() -> Iterator[Finding]:
    """Every fault in every plan that was put forward; nothing when all is sound."""
    rows = Plan.objects.exclude(state=PlanState.DRAFT).order_by("pk")
    related = rows.select_related(
        "partnership__place", "vision", "legacy", "put_forward", "answered"
    ).prefetch_related("lines__title", "lines__agreed__leaf")
    for plan in related.iterator(chunk_size=200):
        for fault in _faults(plan):
            yield Finding(f"Plan {plan.number} of {plan.partnership.place.slug}", fault)


def _faults(plan: Plan) -> Iterator[str]:
    assert plan.put_forward is not None  # plan_put_forward_is_whole
    assert plan.vision is not None
    assert plan.legacy is not None
    lines = list(plan.lines.all())
    if sum(line.pence for line in lines) != plan.allocation_pence:
        yield "its lines do not come to what the place was given."
    said = body_of(plan.put_forward) or {}
    stands = {
        "kind": "plan.put_forward",
        "place": plan.partnership.place.slug,
        "plan": plan.number,
        "allocation": plan.allocation_pence,
        "vision": plan.vision.commitment,
        "legacy": plan.legacy.commitment,
    }
    if wrong := [name for name, value in stands.items() if said.get(name) != value]:
        yield f"the record says another {', '.join(wrong)}."
    kept = [(str(line.kind), line.title.commitment, line.pence, line.now_pence) for line in lines]
    told = [
        (one.get("kind"), one.get("title"), one.get("pence"), one.get("now"))
        for one in said.get("lines", [])
    ]
    if kept != told:
        yield "the record says other lines."
    holds = plan.state in (PlanState.ENDORSED, PlanState.REPLACED)
    for line in lines:
        leaf = body_of(line.agreed.leaf) if hasattr(line, "agreed") else None
        if holds and line.now_pence and leaf is None:
            yield f"line {line.number} may spend, and no leaf agreed it."
        elif leaf is not None and (leaf.get("line"), leaf.get("pence")) != (
            line.number,
            line.now_pence,
        ):
            yield f"the leaf of line {line.number} says another sum."
