"""Rows of an official file lead to it, the file to its leaf; a changed row is noticed."""

import json

import pytest

from doorstep.apps.places.actions import (
    join_area,
    keep_boundaries,
    keep_figures,
    keep_look_up,
    keep_postcodes,
)
from doorstep.apps.places.actions.areas import BoundaryRow, FigureRow, LinkRow, PostcodeRow
from doorstep.apps.places.models import Area, AreaFigure, AreaLink, Boundary, Postcode, SourceFile
from doorstep.apps.places.verify import verify_places
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.sentences import sentence
from doorstep.apps.refused import Refused
from doorstep.engine.need import LSOA_2021, MSOA_2021
from doorstep.engine.need.geography import Source
from tests.apps.places.conftest import TEST, opened

pytestmark = pytest.mark.django_db
SQUARE = [[[[-1.5, 53.0], [-1.4, 53.0], [-1.4, 53.1], [-1.5, 53.0]]]]


def source(mark: str = "a") -> Source:
    return Source(
        title="Made up", publisher="Nobody", licence="Free to copy", year=2026,
        file=f"{mark}.csv", sha256=mark * 64,
    )  # fmt: skip


def one_of_each() -> list:
    return [
        keep_figures(
            LSOA_2021, "IMD 2025",
            [FigureRow("E01000001", "North 1", 62.5, 1), FigureRow("E01000002", "North 2", 3.1, 2)],
            source("a"), actor=TEST,
        ),
        keep_look_up(
            LSOA_2021, MSOA_2021,
            [LinkRow(f"E0100000{n}", f"North {n}", "E02000001", "North") for n in (1, 2)],
            source("b"), actor=TEST,
        ),
        keep_postcodes(
            LSOA_2021,
            [PostcodeRow("ZA11AA", "E01000001"), PostcodeRow("ZA11AB", "", "202401")],
            source("c"), actor=TEST,
        ),
        keep_boundaries(
            MSOA_2021, [BoundaryRow("E02000001", "North", SQUARE)], source("d"), actor=TEST
        ),
    ]  # fmt: skip


def test_every_row_leads_to_its_file_and_the_file_to_its_leaf():
    one_of_each()
    figure = AreaFigure.objects.get(area__code="E01000001")
    assert (figure.value, figure.rank, figure.of) == (62.5, 1, 2)
    assert figure.source.sha256 == "a" * 64
    assert Postcode.objects.get(key="ZA11AB").ended == "202401"
    assert AreaLink.objects.get(small__code="E01000002").larger.name == "North"
    assert Boundary.objects.get(area__code="E02000001").shape == SQUARE
    leaf = Leaf.objects.get(pk=figure.source.leaf_id)
    body = json.loads(bytes(leaf.body))
    assert body["sha256"] == "a" * 64
    told = sentence(leaf.kind, body, lambda _commitment: "Made up")
    assert "2 rows were read from “Made up” of 2026" in told
    assert not list(verify_places())


def test_reading_a_file_again_changes_nothing():
    one_of_each()
    before = Leaf.objects.count()
    assert [read.is_new for read in one_of_each()] == [False] * 4
    assert Leaf.objects.count() == before
    assert Area.objects.count() == 3


def test_a_newer_file_takes_the_place_of_the_older_and_is_not_taken_back():
    one_of_each()
    rows = [FigureRow("E01000001", "North 1", 60.0, 1)]
    keep_figures(LSOA_2021, "IMD 2025", rows, source("e"), actor=TEST)
    assert [one.value for one in AreaFigure.objects.all()] == [60.0]
    with pytest.raises(Refused, match="newer one took its place"):
        one_of_each()
    assert SourceFile.objects.filter(kind="figures").count() == 2
    assert not list(verify_places())


def test_an_area_in_two_larger_ones_is_refused():
    rows = [LinkRow("E01000001", "", code, "") for code in ("E02000001", "E02000002")]
    with pytest.raises(Refused, match="lies in one only"):
        keep_look_up(LSOA_2021, MSOA_2021, rows, source(), actor=TEST)
    assert not AreaLink.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda: AreaFigure.objects.filter(rank=1).update(value=62.4),
        lambda: Postcode.objects.filter(key="ZA11AA").update(ended="202601"),
        lambda: AreaLink.objects.first().delete(),
        lambda: Boundary.objects.update(shape=[]),
    ],
)
def test_one_changed_row_is_noticed(change):
    one_of_each()
    change()
    assert ["its rows are not those that were read." in f.sentence for f in verify_places()] == [
        True
    ]


def test_a_place_is_one_official_area_of_its_own_year():
    one_of_each()
    place = opened("north")
    join_area(place, MSOA_2021, "E02000001", actor=TEST)
    leaves = Leaf.objects.count()
    join_area(place, MSOA_2021, "E02000001", actor=TEST)
    assert Leaf.objects.count() == leaves
    with pytest.raises(Refused, match="another place"):
        join_area(opened("south"), MSOA_2021, "E02000001", actor=TEST)
    with pytest.raises(Refused, match="never mixed"):
        join_area(opened("old", boundary_year=2011), LSOA_2021, "E01000001", actor=TEST)
    with pytest.raises(Refused, match="No file"):
        join_area(place, MSOA_2021, "E02999999", actor=TEST)
    assert not list(verify_places())
    Area.objects.filter(code="E02000001").update(place=None)
    assert [one.where for one in verify_places()] == ["Area E02000001"]
