"""Reads about places that pages, commands and the API share."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Q

from doorstep.apps.places import rules
from doorstep.apps.places.models import NeedFigure, Place, Street

MOST_STREETS = 50


class StreetFound(StrEnum):
    """What the street look-up can say."""

    NOTHING_ASKED = "nothing asked"
    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    NO = "no"
    YES = "yes"
    SEVERAL = "several"


@dataclass(frozen=True)
class StreetAnswer:
    """`places` in the order of their names; `streets` are those that matched, at most fifty."""

    found: StreetFound
    places: tuple[Place, ...] = ()
    streets: tuple[Street, ...] = ()


def find_street(text: str) -> StreetAnswer:
    """Which place a street, a postcode, or the start of either lies in. At most two statements.

    Whole matches win over beginnings: "Mill Lane" is not asked about Mill Lane North.
    """
    if not text.strip():
        return StreetAnswer(StreetFound.NOTHING_ASKED)
    asked = rules.read_street(text)
    if not asked:
        return StreetAnswer(StreetFound.UNREADABLE)
    found = _matching(_whole(asked)) or _matching(_beginning(asked))
    if not found:
        return StreetAnswer(StreetFound.UNKNOWN)
    places = {street.place.slug: street.place for street in found if street.place}
    outside = any(street.place is None for street in found)
    if not places:
        return StreetAnswer(StreetFound.NO, streets=tuple(found))
    kind = StreetFound.YES if len(places) == 1 and not outside else StreetFound.SEVERAL
    ordered = sorted(places.values(), key=lambda place: place.name)
    return StreetAnswer(kind, tuple(ordered), tuple(found))


def _whole(asked: rules.StreetAsked) -> Q:
    """A full postcode is enough by itself; a street given with it only narrows it."""
    if asked.postcode:
        named = Q(postcode_key=asked.postcode)
        return named & Q(name_key=asked.street) if asked.street else named
    if asked.street:
        return Q(name_key=asked.street)
    return Q(pk__in=[])


def _beginning(asked: rules.StreetAsked) -> Q:
    if asked.postcode:
        # The street was misspelt, or the postcode was: the postcode is the surer of the two.
        return Q(postcode_key=asked.postcode)
    if asked.postcode_start:
        return Q(postcode_key__startswith=asked.postcode_start)
    return Q(name_key__startswith=asked.street)


def _matching(condition: Q) -> list[Street]:
    return list(Street.objects.filter(condition).select_related("place")[:MOST_STREETS])


def all_places() -> list[Place]:
    """Every place by name."""
    return list(Place.objects.order_by("name", "slug"))


@dataclass(frozen=True)
class PlaceInLine:
    """A place and where it stands; `position` is None while a figure is missing."""

    place: Place
    position: int | None
    figures: tuple[NeedFigure, ...] = field(default=())


def need_ranking() -> list[PlaceInLine]:
    """Places by need, most first; those that lack a figure last. Two SQL statements.

    Every measure that anybody recorded counts the same. A measure is read at its newest year and
    boundaries only: figures of different years are not compared with each other.
    """
    places = {place.pk: place for place in Place.objects.all()}
    newest: dict[str, tuple[int, int]] = {}
    figures = list(NeedFigure.objects.all())
    for figure in figures:
        when = (figure.year, figure.boundary_year)
        newest[figure.measure] = max(newest.get(figure.measure, when), when)
    current: dict[int, list[NeedFigure]] = {}
    scores: dict[str, dict[int, int]] = {measure: {} for measure in newest}
    for figure in figures:
        if (figure.year, figure.boundary_year) == newest[figure.measure]:
            scores[figure.measure][figure.place_id] = figure.value
            current.setdefault(figure.place_id, []).append(figure)
    slugs = {pk: place.slug for pk, place in places.items()}
    ranked = rules.in_line(scores.values(), slugs)
    line = [
        PlaceInLine(places[pk], position, tuple(current.get(pk, ()))) for pk, position in ranked
    ]
    seen = {pk for pk, _position in ranked}
    rest = sorted((p for p in places.values() if p.pk not in seen), key=lambda p: (p.name, p.slug))
    return line + [PlaceInLine(p, None, tuple(current.get(p.pk, ()))) for p in rest]
