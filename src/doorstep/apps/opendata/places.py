"""Places and the figures that say what they need."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from ninja import Field, Router
from pydantic import BaseModel

from doorstep.apps.ledger.queries import PlaceMoney, place_money
from doorstep.apps.places.models import NeedFigure, Place

from .links import page
from .listing import Piece, Row, alone, lists, of_place

router = Router(tags=["places"])


class PlaceRow(Row):
    place: str = Field(description="Its id; it never changes.")
    name: str
    council: str
    population: int
    population_year: int
    population_source: str
    boundary_year: int = Field(description="The year of the boundaries it was counted on.")
    page: str


class NeedRow(Row):
    place: str
    measure: NeedFigure.Measure
    hundredths: int = Field(description="The figure in hundredths of its unit: 4210 is 42.10.")
    year: int
    boundary_year: int
    source: str
    licence: str


class MoneyFigures(BaseModel):
    """Whole pence. What came in is what was paid, is on its way, is promised or is left."""

    came_in_pence: int
    promised_pence: int
    on_its_way_pence: int
    paid_pence: int
    left_pence: int
    set_aside_pence: int = Field(description="The part of left_pence that waits in open rounds.")


class PlaceWhole(PlaceRow):
    """A place with its figures of need, and its money where it was ever given any."""

    need: list[NeedRow]
    money: MoneyFigures | None


@lists(router, "/places", PlaceRow, gettext_noop("Places"))
def places(piece: Piece) -> list[PlaceRow]:
    """Every neighbourhood that has joined."""
    found = Place.objects.filter(pk__gte=piece.start).order_by("pk")[: piece.limit]
    return [PlaceRow(**_about(place)) for place in found]


@router.get("/places/{slug:place}", response=PlaceWhole, operation_id="place", summary="One place")
@alone
def one_place(request: HttpRequest, place: str) -> Any:
    """With its figures of need, and its money."""
    found = get_object_or_404(Place, slug=place)
    money = place_money(place)
    return PlaceWhole(
        **_about(found),
        need=_need(found.need_figures.order_by("pk")),
        money=figures(money) if money else None,
    )


@lists(router, "/need", NeedRow, gettext_noop("Figures of need"))
def need(piece: Piece, place: str = of_place()) -> list[NeedRow]:
    """Each with its source, its year and the boundaries it was counted on. Higher is more need."""
    found = NeedFigure.objects.filter(pk__gte=piece.start).order_by("pk")
    if place:
        found = found.filter(place__slug=place)
    return _need(found[: piece.limit])


def figures(money: PlaceMoney) -> MoneyFigures:
    return MoneyFigures(
        came_in_pence=money.came_in,
        promised_pence=money.promised,
        on_its_way_pence=money.on_its_way,
        paid_pence=money.paid,
        left_pence=money.left,
        set_aside_pence=money.set_aside,
    )


def _about(place: Place) -> dict[str, Any]:
    return {
        "sequence": place.pk,
        "place": place.slug,
        "name": place.name,
        "council": place.council,
        "population": place.population,
        "population_year": place.population_year,
        "population_source": place.population_source,
        "boundary_year": place.boundary_year,
        "page": page("place", place.slug),
    }


def _need(found: QuerySet[NeedFigure]) -> list[NeedRow]:
    return [
        NeedRow(
            sequence=one.pk,
            place=one.place.slug,
            measure=NeedFigure.Measure(one.measure),
            hundredths=one.value,
            year=one.year,
            boundary_year=one.boundary_year,
            source=one.source,
            licence=one.licence,
        )
        for one in found.select_related("place")
    ]
