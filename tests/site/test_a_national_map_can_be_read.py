"""Hundreds of places in a country: each can be seen, reached and found on a page of the list."""

import re
from math import hypot

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doorstep.apps.fund.models import ProposedPlace
from doorstep.apps.places.models import Area, Boundary
from doorstep.site.components.maps import MapArea, area_map
from doorstep.site.components.marks import RADIUS
from doorstep.site.pages.places import MOST_DRAWN
from tests import waves

pytestmark = pytest.mark.django_db
CIRCLE = re.compile(r'<circle class="need-5" cx="(-?\d+)" cy="(-?\d+)" r="(\d+)"/>')


def square(west: float, south: float, size: float) -> list[list[list[list[float]]]]:
    east, north = west + size, south + size
    return [[[[west, south], [east, south], [east, north], [west, north], [west, south]]]]


def town(west: float, south: float, places: int) -> list[MapArea]:
    return [
        MapArea(f"{n}", f"said {n}", f"{n}", 5, True, f"/{n}/", square(west + n / 500, south, 0.01))
        for n in range(places)
    ]


def test_places_too_small_to_be_seen_are_marks_beside_one_another_and_in_the_picture() -> None:
    made = area_map([*town(-3.0, 50.0, 40), *town(1.7, 55.0, 40)], title="Two towns")
    marks = [tuple(map(int, found)) for found in CIRCLE.findall(made)]
    assert len(marks) == made.count("<a href=") == 80
    assert all(r == RADIUS for _x, _y, r in marks)
    for at, (x, y, _r) in enumerate(marks):
        assert all(hypot(x - nx, y - ny) >= 2 * RADIUS + 2 for nx, ny, _nr in marks[:at])
    left, top, wide, high = map(int, re.search(r'viewBox="(\S+) (\S+) (\S+) (\S+)"', made).groups())
    assert all(left + RADIUS < x < left + wide - RADIUS for x, _y, _r in marks)
    assert all(top + RADIUS < y < top + high - RADIUS for _x, y, _r in marks)


def test_an_area_that_can_be_seen_keeps_its_outline_and_its_name() -> None:
    large = MapArea("a", "a", "Large", 5, True, "/", square(-2, 53, 0.1))
    assert "Large" in area_map([large], title="One")
    both = area_map([large, *town(-3.0, 50.0, 2)], title="Both")
    assert (both.count("<circle"), both.count("<a href=")) == (3, 3)


def test_the_land_behind_is_one_line_round_all_of_it() -> None:
    """What two councils share is inside; what is far from every place is left out."""
    land = [square(-3, 50, 1), square(-2, 50, 1), square(-3, 51, 1), square(-2, 51, 1)]
    made = area_map(town(-3.0, 50.0, 2), title="Land", land=[*land, square(9, 59, 1)])
    (path,) = re.findall(r'class="land" d="([^"]+)"', made)
    assert path.count("M") == 1
    assert len(re.findall(r"-?[\d.]+", path)) == 2 * 4


@pytest.fixture
def many() -> list[ProposedPlace]:
    """A national proposal: 150 places first in line, and 400 that are not."""
    _programme, decision = waves.decided()
    like = ProposedPlace.objects.filter(chosen=False).first()
    made = []
    for n in range(550):
        like.pk, like.code, like.name, like.chosen = None, f"E0288{n:04}", f"Place {n}", n < 150
        like.position = n + 1 if like.chosen else None
        like.ranks = dict.fromkeys(like.ranks, 1 + n)
        made.append(like)
        like.save(force_insert=True)
    areas = [
        Area(unit="MSOA", year=2021, code=f"E0288{n:04}", name=f"Place {n}") for n in range(550)
    ]
    files = Area.objects.first().figures.first().source
    Boundary.objects.bulk_create(
        Boundary(area=area, shape=square(-5 + n % 70 / 10, 50 + n // 70 / 2, 0.01), source=files)
        for n, area in enumerate(Area.objects.bulk_create(areas))
    )
    return list(decision.proposal.places.all())


def test_every_place_is_on_one_page_of_the_map_and_its_table_those_in_line_first(page, many):
    named: list[str] = []
    for number in range(1, 100):
        read = page.get("/map/", {"page": str(number)})
        rows = [row[0] for row in read.table(0) if row][1:]
        assert len(rows) <= MOST_DRAWN
        for row in rows:
            drawn = re.findall(rf"<title>{re.escape(row)}: ", read.html)
            assert len(drawn) == (1 if row.startswith("Place ") else 0), row
        named += rows
        assert len(read.html.encode()) <= 60_000
        if "Next" not in read.text:
            break
    assert sorted(named) == sorted(one.name for one in many)
    first = {one.name for one in many if one.chosen}
    assert set(named[: len(first)]) == first
    assert named[len(first) : len(first) + 3] != sorted(named[len(first) :])[:3]


def test_a_page_shows_where_the_others_in_line_are_and_says_so(page, many):
    read = page.get("/map/")
    assert f"1 to {MOST_DRAWN} of 562 places: those first in line by name" in read.text
    assert "First in line, on another page" in read.text
    (dots,) = re.findall(r'class="dots" d="([^"]+)"', read.html)
    assert dots.count("M") == sum(one.chosen and one.code[:5] == "E0288" for one in many) - sum(
        row[0].startswith("Place ") for row in read.table(0)
    )
    assert page.client.get("/map/?page=nonsense").status_code in {200, 404}


def test_statements_do_not_grow_with_the_pages(page, many):
    page.get("/map/")
    with CaptureQueriesContext(connection) as taken:
        page.client.get("/map/?page=2")
    assert len(taken) <= 12
