"""The list of places, and the map of them: who is first in line for long-term investment."""

from bisect import bisect_left

from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.apps.fund.models import DecidedShare, Proposal, ProposedPlace
from doorstep.apps.places.forms import PlaceForm, asked_for
from doorstep.apps.places.models import Area, Boundary, Place, SourceFile
from doorstep.apps.places.queries import need_ranking
from doorstep.apps.places.rules import plain_words
from doorstep.apps.public import kept_for, public
from doorstep.site.components.maps import MapArea, Shape, area_map
from doorstep.site.pages.reasoning import newest, reasoning_of
from doorstep.site.words import money

PLACES_SHOWN = 20
MOST_DRAWN = 100  # areas on one map; of more there are pages
MOST_DOTS = 500  # of those in line on other pages
COUNCIL, MOST_COUNCILS = "council", 400
TONES = 5


@public
@kept_for("page")
def listed(request: HttpRequest) -> HttpResponse:
    asked = asked_for(request.GET.get("q", ""))
    wanted = plain_words(asked)
    line = need_ranking()
    found = [one for one in line if wanted in plain_words(f"{one.place.name} {one.place.council}")]
    page = Paginator(found, PLACES_SHOWN).get_page(request.GET.get("page"))
    proposal = newest()
    return render(
        request,
        "pages/places.html",
        {
            "asked": asked,
            "form": PlaceForm(initial={"q": asked}),
            "page": page,
            "all": len(line),
            "ranked": sum(one.position is not None for one in line),
            "proposal": proposal,
            "first": first_in_line(proposal, [one.place for one in page]) if proposal else {},
        },
    )


@public
@kept_for("page")
def on_a_map(request: HttpRequest) -> HttpResponse:
    proposal = newest()
    shown = told(proposal, request.GET.get("page")) if proposal else {"proposal": None}
    return render(request, "pages/map.html", shown)


@public
def why(request: HttpRequest, code: str) -> HttpResponse:
    """One neighbourhood's whole reasoning."""
    proposal = newest()
    reasoning = reasoning_of(proposal, code) if proposal else None
    if reasoning is None:
        raise Http404(_("No neighbourhood with that code was looked at."))
    return render(request, "pages/why.html", {"reasoning": reasoning})


def first_in_line(proposal: Proposal, places: list[Place]) -> dict[int, str]:
    """{place: the code of its area} of those of these places that are first in line."""
    areas = Area.objects.filter(
        place__in=places, unit=proposal.unit, year=proposal.boundary_year
    ).values_list("code", "place_id")
    codes = {code: place for code, place in areas if place}
    chosen = proposal.places.filter(chosen=True, code__in=codes).values_list("code", flat=True)
    return {codes[code]: code for code in chosen}


def told(proposal: Proposal, number: str | None) -> dict[str, object]:
    """One page of the map and its table; so many statements, however many places there are."""
    page = Paginator(places_in_order(proposal), MOST_DRAWN).get_page(number)
    rows, every = list(page), page.paginator.count
    shares = dict(DecidedShare.objects.filter(place__in=rows).values_list("place_id", "pence"))
    here = {one.code for one in rows}
    chosen = proposal.places.filter(chosen=True).values_list("code", flat=True)
    elsewhere = set(chosen[:MOST_DOTS]) - here
    outlines = Boundary.objects.filter(
        area__unit=proposal.unit, area__year=proposal.boundary_year
    ).select_related("source")
    shapes = dict(
        outlines.filter(area__code__in=here | elsewhere).values_list("area__code", "shape")
    )
    land, land_source = land_behind(proposal)
    first = outlines.first()
    tones = _tones(proposal, rows, every)
    words = need_words()
    told_rows = [(one, tones[one.code], shares.get(one.pk)) for one in rows]
    links = {one.code: reverse("why", args=[one.code]) for one in rows}
    title = _("Neighbourhoods of %(name)s by need, and what each was given") % {
        "name": proposal.name
    }
    areas = [
        MapArea(
            name=one.name,
            said=_said(one, tone, pence),
            label=one.name if one.chosen else "",
            tone=tone,
            chosen=one.chosen,
            link=links[one.code],
            shape=shapes.get(one.code, ()),
        )
        for one, tone, pence in told_rows
    ]
    return {
        "proposal": proposal,
        "map": area_map(
            areas,
            title=title,
            land=land,
            others=[shapes[code] for code in sorted(elsewhere) if code in shapes],
        ),
        "page": page,
        "elsewhere": len(elsewhere),
        "rows": [(one, links[one.code], words[tone], pence) for one, tone, pence in told_rows],
        "all": every,
        "sources": [one for one in (first and first.source, land_source) if one],
        "legend": [(tone, words[tone]) for tone in range(TONES, 0, -1)],
    }


def places_in_order(proposal: Proposal) -> QuerySet[ProposedPlace]:
    """Those first in line by name, then the others: by name, or of very many the nearest first."""
    rows = proposal.places.defer("reasons")
    if proposal.places.count() <= MOST_DRAWN:
        return rows.order_by("-chosen", "name", "code")
    # Worked out by the database: England has 6,856 rows, and a hundred are on one page.
    indices = [index for index, _percent in proposal.programme["criteria"]]
    worst = sum((Cast(KT(f"ranks__{one}"), IntegerField()) for one in indices), Value(0))
    nearest = Case(When(chosen=True, then=Value(0)), default=worst)
    return rows.order_by("-chosen", nearest, "name", "code")


def land_behind(proposal: Proposal) -> tuple[list[Shape], SourceFile | None]:
    """The outlines of councils, where they are kept, so that places do not hang in the air."""
    if proposal.unit == COUNCIL:
        return [], None
    kept = Boundary.objects.filter(area__unit=COUNCIL).order_by("-area__year", "area__code")
    newest_first = kept.select_related("source").first()
    if newest_first is None:
        return [], None
    these = kept.filter(source=newest_first.source)
    return list(these.values_list("shape", flat=True)[:MOST_COUNCILS]), newest_first.source


def need_words() -> dict[int, str]:
    return {
        5: _("Very high need"),
        4: _("High need"),
        3: _("Middling need"),
        2: _("Low need"),
        1: _("Very low need"),
    }


def _tones(proposal: Proposal, rows: list[ProposedPlace], every: int) -> dict[str, int]:
    """Which fifth of all areas that were looked at each is in, 5 with the most need."""
    if all(proposal.need in one.ranks for one in rows):
        return {one.code: TONES - TONES * (one.ranks[proposal.need] - 1) // every for one in rows}
    # An index that shares the pot and draws no line has scores without ranks.
    scores = sorted(one[proposal.need] for one in proposal.places.values_list("scores", flat=True))
    return {
        one.code: 1 + TONES * bisect_left(scores, one.scores[proposal.need]) // len(scores)
        for one in rows
    }


def _said(one: ProposedPlace, tone: int, pence: int | None) -> str:
    told = {"name": one.name or one.code, "need": need_words()[tone].lower()}
    if pence is not None:
        return _("%(name)s: first in line for long-term investment, %(need)s, given %(share)s") % {
            **told,
            "share": money(pence),
        }
    if one.chosen:
        return _("%(name)s: first in line for long-term investment, %(need)s") % told
    return _("%(name)s: %(need)s, not first in line this time") % told
