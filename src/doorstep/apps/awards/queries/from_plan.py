"""What each line of a plan gave, and what it can still give."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum

from doorstep.apps.awards.models import Award
from doorstep.apps.partnerships.models import LineAgreed, PlanLine, PlanState
from doorstep.apps.places.models import Place


@dataclass(frozen=True)
class Giving:
    """A line that may spend now; sums in pence."""

    agreed: LineAgreed
    line: PlanLine
    given: int

    @property
    def left(self) -> int:
        return self.line.now_pence - self.given


def promised_by(leaves: Iterable[int]) -> dict[int, int]:
    """{leaf: pence promised by awards that point to it and were not called off}; one statement."""
    made = Award.objects.filter(decision__in=list(leaves)).exclude(state=Award.State.CANCELLED)
    return dict(made.order_by().values_list("decision").annotate(pence=Sum("pence")))


def awards_by(leaves: Iterable[int]) -> list[Award]:
    """Awards made by these decisions, oldest first; one statement."""
    made = Award.objects.filter(decision__in=list(leaves)).select_related("title", "place")
    return list(made.order_by("pk"))


def lines_that_give(place: Place) -> list[Giving]:
    """The lines of the plan that holds which may spend now; two statements."""
    rows = LineAgreed.objects.filter(
        line__plan__partnership__place=place, line__plan__state=PlanState.ENDORSED
    ).select_related("leaf", "line__title", "line__plan")
    found = list(rows.order_by("line__number"))
    given = promised_by(one.leaf_id for one in found)
    return [Giving(one, one.line, given.get(one.leaf_id, 0)) for one in found]
