"""Meetings as everybody may read them."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from doorstep.apps.partnerships.models import Partnership
from doorstep.apps.partnerships.queries import meetings as queries
from doorstep.apps.partnerships.views.common import meeting_at
from doorstep.apps.people.guards import public
from doorstep.apps.places.models import Place
from doorstep.apps.public import kept_for

ON_A_PAGE = 20


@public
@kept_for("page")
def listed(request: HttpRequest, slug: str) -> HttpResponse:
    """Every meeting of a place, newest first."""
    place = get_object_or_404(Place, slug=slug)
    pages = Paginator(queries.meetings_of(place), ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    formed = Partnership.objects.filter(place=place).exists()
    shown = {"place": place, "page": page, "formed": formed}
    return render(request, "partnerships/meetings.html", shown)


@public
@kept_for()
def one(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One meeting: its agenda and papers, what was decided and by how many, its minutes."""
    meeting = meeting_at(slug, number)
    shown = {
        "place": meeting.partnership.place,
        "meeting": meeting,
        "agenda": queries.agenda(meeting),
        "minutes": queries.minutes_of(meeting),
    }
    return render(request, "partnerships/meeting.html", shown)
