"""The first page: five stops that tell the whole idea in five minutes, without signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doorstep.apps.awards.models import Award
from doorstep.apps.fund.queries import allocation_of, figures_by_class
from doorstep.apps.people.guards import public
from doorstep.apps.rounds.queries import featured_round, verdict_on


@public
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html", told())


def told() -> dict[str, object]:
    """The newest decided round of the place first in line, and its smallest award.

    The smallest, because the small sums are the ones that people doubt can be followed.
    """
    round_ = featured_round()
    if round_ is None:
        return {"round": None}
    allocation = allocation_of(round_.place.pk)
    classes = figures_by_class(allocation.fund) if allocation else []
    awards = Award.objects.filter(project__round=round_).select_related("title", "project")
    award = awards.order_by("pence").first()
    return {
        "round": round_,
        "place": round_.place,
        "allocation": allocation,
        "arrived": sum(one.arrived for one in classes),
        "award": award,
        "supporters": verdict_on(round_, award.project.code)["votes"]
        if award and award.project
        else 0,
    }
