"""Find a place: by its street, or in the list of all of them."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doorstep.apps.places.forms import PlaceForm, StreetForm, asked_for
from doorstep.apps.places.queries import find_street, need_ranking
from doorstep.apps.places.rules import plain_words
from doorstep.apps.public import kept_for, public

PLACES_SHOWN = 20


@public
def street(request: HttpRequest) -> HttpResponse:
    asked = asked_for(request.GET.get("q", ""))
    return render(
        request,
        "places/street.html",
        {
            "asked": asked,
            "form": StreetForm(initial={"q": asked}),
            "answer": find_street(asked),
        },
    )


# The page promises not to keep what was typed, so the page cache must not keep it either.
street.cacheable = False  # type: ignore[attr-defined]


@public
@kept_for("page")
def places(request: HttpRequest) -> HttpResponse:
    asked = asked_for(request.GET.get("q", ""))
    wanted = plain_words(asked)
    line = need_ranking()
    found = [one for one in line if wanted in plain_words(f"{one.place.name} {one.place.council}")]
    page = Paginator(found, PLACES_SHOWN).get_page(request.GET.get("page"))
    return render(
        request,
        "places/list.html",
        {
            "asked": asked,
            "form": PlaceForm(initial={"q": asked}),
            "page": page,
            "all": len(line),
            "ranked": sum(one.position is not None for one in line),
        },
    )
