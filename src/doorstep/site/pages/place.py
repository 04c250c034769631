"""A place's page: its money in one picture, its rounds, its awards, and who decides there."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from doorstep.apps.awards.queries import awards_of
from doorstep.apps.fund.queries import allocation_of
from doorstep.apps.ledger.queries import place_money
from doorstep.apps.partnerships.queries import summary
from doorstep.apps.places.models import Place
from doorstep.apps.public import kept_for, public
from doorstep.apps.rounds.queries import public_rounds

AWARDS_SHOWN = 50


@public
@kept_for("page")
def page(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(Place, slug=slug)
    return render(
        request,
        "pages/place.html",
        {
            "place": place,
            "allocation": allocation_of(place.pk),
            "money": place_money(place.slug),
            "rounds": public_rounds(place),
            "awards": Paginator(awards_of(place), AWARDS_SHOWN).get_page(request.GET.get("page")),
            "partnership": summary(place, timezone.localdate()),
        },
    )
