"""Reads about plans: each with its lines, what was said, and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from doorstep.apps.partnerships.models import (
    MemorandumSide,
    Partnership,
    Plan,
    PlanLine,
    PlanReview,
    PlanState,
)
from doorstep.apps.partnerships.rules import plans as rules
from doorstep.apps.places.models import Place

RELATED = (
    "partnership__place", "vision", "legacy", "why", "reason", "put_forward", "answered",
    "decision__leaf", "decision__item__meeting", "decision__item__title",
)  # fmt: skip
MOST = 50


@dataclass(frozen=True)
class Told:
    """A plan that was put forward, as a page tells it."""

    plan: Plan
    lines: tuple[PlanLine, ...]
    shares: tuple[rules.Share, ...]
    now_pence: int
    people_pence: int
    signed: tuple[tuple[str, date | None], ...]

    @property
    def people_percent(self) -> int:
        return self.people_pence * 100 // int(self.plan.allocation_pence or 1)

    @property
    def unsigned(self) -> bool:
        return any(day is None for _side, day in self.signed)


def public_plans(place: Place) -> list[Plan]:
    """Every plan of a place that was put forward, newest first; one statement."""
    found = Plan.objects.filter(partnership__place=place).exclude(state=PlanState.DRAFT)
    return list(found.select_related(*RELATED).order_by("-number")[:MOST])


def standing_plan(plans: Sequence[Plan]) -> Plan | None:
    """Of public plans the one that holds; before there is one, the newest."""
    held = [one for one in plans if one.state == PlanState.ENDORSED]
    return next(iter(held or plans), None)


def open_plans(partnership: Partnership) -> dict[str, Plan]:
    """{state: plan} of the draft, of what waits for an answer, and of what holds; one statement."""
    wanted = (PlanState.DRAFT, PlanState.PUT_FORWARD, PlanState.ENDORSED)
    return {one.state: one for one in partnership.plans.filter(state__in=wanted)}


def told(plan: Plan) -> Told:
    """A plan with its lines, sums and signatures; three statements."""
    lines = PlanLine.objects.filter(plan=plan).select_related("title", "how", "agreed__leaf")
    kept = tuple(lines.order_by("number"))
    signed = dict(plan.memorandum.values_list("side", "on"))
    return Told(
        plan, kept, tuple(rules.shares(kept)), sum(line.now_pence for line in kept),
        rules.for_people(kept),
        tuple((str(label), signed.get(side)) for side, label in MemorandumSide.choices),
    )  # fmt: skip


def reviews(plan: Plan) -> list[PlanReview]:
    return list(plan.reviews.select_related("done", "change", "leaf"))


def waiting_plan(place: Place) -> Plan | None:
    """The plan that waits for the funder's answer."""
    waits = Plan.objects.filter(partnership__place=place, state=PlanState.PUT_FORWARD)
    return waits.select_related(*RELATED).first()
