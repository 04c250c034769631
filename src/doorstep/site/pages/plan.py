"""The plan of a place: all of its money in lines, and what each line has given so far."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from doorstep.apps.awards.queries.from_plan import awards_by
from doorstep.apps.fund.queries import allocation_of
from doorstep.apps.partnerships.models import PlanState
from doorstep.apps.partnerships.queries import plans as queries
from doorstep.apps.partnerships.queries.seats import bench
from doorstep.apps.places.models import Place
from doorstep.apps.public import kept_for, public
from doorstep.engine.rulebook import rule


@public
@kept_for()
def page(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    place = get_object_or_404(Place.objects.select_related("partnership"), slug=slug)
    plans = queries.public_plans(place)
    if number is None:
        plan = queries.standing_plan(plans)
    elif (plan := next((one for one in plans if one.number == number), None)) is None:
        raise Http404
    today, partnership = timezone.localdate(), getattr(place, "partnership", None)
    told = queries.told(plan) if plan else None
    awards = awards_by(line.agreed.leaf_id for line in told.lines if _agreed(line)) if told else []
    shown = {
        "place": place, "plan": plan, "told": told, "awards": awards,
        "given": sum(one.pence for one in awards if one.state != one.State.CANCELLED),
        "allocation": None if plan else allocation_of(place.pk),
        "holds": plan and plan.state == PlanState.ENDORSED,
        "reviews": queries.reviews(plan) if plan else [],
        "others": [one for one in plans if one is not plan],
        "bench": bench(partnership, today) if partnership else None,
        "answered_within": rule("plan.answered_within", today, slug),
    }  # fmt: skip
    return render(request, "pages/plan.html", shown)


def _agreed(line: object) -> bool:
    return hasattr(line, "agreed")
