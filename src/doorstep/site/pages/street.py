"""Is your street in? By street or postcode, with the whole reasoning of the neighbourhood."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doorstep.apps.places.forms import StreetForm, asked_for
from doorstep.apps.places.models import Area
from doorstep.apps.places.postcodes import PostcodeAnswer, find_postcode
from doorstep.apps.places.queries import StreetAnswer, find_street
from doorstep.apps.public import public
from doorstep.site.pages.reasoning import Reasoning, newest, of_small_area, reasoning_of


@public
def page(request: HttpRequest) -> HttpResponse:
    asked = asked_for(request.GET.get("q", ""))
    return render(request, "pages/street.html", told(asked))


# The page promises not to keep what was typed, so the page cache must not keep it either.
page.cacheable = False  # type: ignore[attr-defined]


def told(asked: str) -> dict[str, object]:
    answer, postcode = find_street(asked), find_postcode(asked)
    return {
        "asked": asked,
        "form": StreetForm(initial={"q": asked}),
        "answer": answer,
        "postcode": postcode,
        "reasoning": _reasoning(answer, postcode),
        "small": postcode.area,
    }


def _reasoning(answer: StreetAnswer, postcode: PostcodeAnswer) -> Reasoning | None:
    """Of the postcode's neighbourhood; without a postcode, of the one place that was found."""
    proposal = newest() if postcode.area or len(answer.places) == 1 else None
    if proposal is None:
        return None
    if postcode.area:
        return of_small_area(proposal, postcode.area)
    area = Area.objects.filter(
        place=answer.places[0], unit=proposal.unit, year=proposal.boundary_year
    ).first()
    return reasoning_of(proposal, area.code) if area else None
