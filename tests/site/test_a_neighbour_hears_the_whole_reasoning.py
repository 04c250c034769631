"""Map, list, postcode and shares: the same answer everywhere, and ranks one click down."""

import re
from math import cos, sin, tau
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doorstep.apps.fund.actions import decide_shares, open_fund, propose_shares
from doorstep.apps.fund.models import Decision, Proposal, ProposedPlace
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.places.actions import join_area, keep_directory, keep_outlines, keep_study
from doorstep.apps.places.models import Place
from doorstep.engine.need import read_boundaries, read_postcodes
from doorstep.engine.need.command import shipped_or
from doorstep.engine.need.study import run_study
from doorstep.site.components.maps import LARGEST, MapArea, area_map
from tests.apps.people.signing_in import sign_in
from tests.apps.places.conftest import opened
from tests.millbrook import ACTOR, DAY

pytestmark = pytest.mark.django_db
STUDY = shipped_or(Path("millbrook"))
WHY = "The sum goes by how many people live there."
RANK = re.compile(r"(number|rank|rhif|safle) \d+", re.IGNORECASE)


@pytest.fixture
def proposal() -> Proposal:
    study = run_study(STUDY)
    keep_study(study, actor=ACTOR)
    areas = study.programme.areas
    outlines = read_boundaries(STUDY.parent / "boundaries_made_up.geojson", areas)
    keep_outlines(outlines, actor=ACTOR)
    small = study.small.residents.areas.geography
    directory = read_postcodes(STUDY.parent / "postcodes_made_up.csv", small, year=2026)
    keep_directory(directory, actor=ACTOR)
    join_area(opened("millbrook-east"), areas, "E02990001", actor=ACTOR)
    return propose_shares(
        open_fund("alderdale", "A fund", actor=ACTOR), "first", study, actor=ACTOR
    )


@pytest.fixture
def decided(proposal) -> Decision:
    return decide_shares(proposal, "steps", WHY, actor=ACTOR)


ADDRESSES = [
    "/places/", "/map/", "/map/E02990004/", "/street/?q=ZA1+5AA", "/street/?q=ZA1+1AJ",
    "/fund/alderdale/shares/first/",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_rank_stands_one_click_down_and_is_never_a_places_label(page, decided, address):
    read = page.get(address)
    shown = re.sub(r"<details>.*?</details>", "", read.html, flags=re.DOTALL)
    assert not RANK.search(re.sub(r"<[^>]+>", " ", shown))
    assert not any(RANK.search(words) for words in read.links)
    assert not any(RANK.search(element.get("aria-label", "")) for element in read.all("a"))


def test_the_map_and_its_table_say_the_same_without_a_script(page, decided):
    read = page.get("/map/")
    drawn = {one.get("href"): "".join(one.itertext()) for one in read.all("a")}
    assert "Millbrook East: first in line for long-term investment" in read.html
    rows = [row for row in read.table(0) if row]
    assert len(rows) - 1 == ProposedPlace.objects.count() == 12
    for one in ProposedPlace.objects.all():
        assert read.html.count(f'href="/map/{one.code}/"') == 2
        assert f"/map/{one.code}/" in drawn
    assert "<script" not in read.html
    assert "£1,600,000" in read.text


def test_before_anything_is_proposed_the_map_says_so(page):
    assert "Nobody has proposed yet" in page.get("/map/").text
    assert page.client.get("/map/E02990001/").status_code == 404


def test_a_map_of_very_many_corners_stays_small():
    corners = [(i / 900 * tau, 0.05 * (1 + (i * 7919 % 100) / 2_000)) for i in range(900)]
    ragged = [
        [[-2 + n % 8 / 9 + r * cos(a), 53 + n // 8 / 9 + r * sin(a)] for a, r in corners]
        for n in range(40)
    ]
    areas = [
        MapArea(f"{n}", "said", "", 1, False, "/", [[[*ring, ring[0]]]])
        for n, ring in enumerate(ragged)
    ]
    made = area_map(areas, title="Many")
    assert len(made) < LARGEST + 40 * 60


def test_neighbours_keep_one_line_between_them():
    left = [[-1.5, 53.0], [-1.4, 53.0], [-1.4, 53.05], [-1.4, 53.1], [-1.5, 53.1], [-1.5, 53.0]]
    right = [[-1.4, 53.0], [-1.3, 53.0], [-1.3, 53.1], [-1.4, 53.1], [-1.4, 53.05], [-1.4, 53.0]]
    made = area_map(
        [
            MapArea("a", "a", "", 1, False, "/", [[left]]),
            MapArea("b", "b", "", 1, False, "/", [[right]]),
        ],
        title="Two",
    )
    first, second = re.findall(r'd="M([\d.]+) [\d.]+l([\d.]+)', made)
    assert float(first[0]) + float(first[1]) == float(second[0])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ZA1 1AJ", "Yes, it is in Millbrook East"),
        ("za15aa", "It is in Station Quarter"),
        ("ZA1 5AA", "It is 1 place below the line on IMD 2025."),
        ("ZA1 5AA", "It meets every other rule, so it is one of the nearest to the line."),
        ("ZA1 5AA", "Lines move. Ask A fund when it chooses again"),
        ("ZA1 1AZ", "Royal Mail ended it in month 03 of 2024"),
        ("ZA1 1AZ", "Where it was is told below."),
        ("ZA1 9ZZ", "The directory gives no neighbourhood for it"),
        ("ZA1", "ZA1 is only the start of a postcode"),
        ("ZA1 2", "Alderdale 002A"),
        ("ZZ9 9ZZ", "We could not find it"),
        ("CF10 1AA", "CF10 1AA is in Wales."),
        ("EH1 1AA", "EH1 1AA is in Scotland."),
        ("BT1 1AA", "BT1 1AA is in Northern Ireland."),
        ("JE2 3AB", "on an island with a government of its own"),
    ],
)
def test_every_postcode_hears_an_answer_in_words(page, decided, typed, said):
    assert said in page.get("/street/", {"q": typed}).text


def test_the_figures_of_a_small_area_say_source_year_and_checksum(page, decided):
    read = page.get("/street/", {"q": "ZA1 5AA"})
    assert "ZA1 5AA lies in Alderdale 005A (E01990021, boundaries of 2021)" in read.text
    assert (
        "Made up, in the layout of: English Indices of Deprivation 2025, File 7, 2025" in read.text
    )
    assert "63893cfc69d28b4c" in read.text
    assert "The line is drawn after number 4" in read.text


def test_the_number_of_statements_does_not_grow_with_the_places(page, decided):
    page.get("/map/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        page.client.get("/map/?again")
    rows = list(ProposedPlace.objects.values())
    for number, row in enumerate(rows * 8):
        row |= {"id": 10_000 + number, "code": f"E0288{number:04}", "chosen": False}
        row["position"] = None
        ProposedPlace.objects.create(**row)
    with CaptureQueriesContext(connection) as many:
        page.client.get("/map/?once-more")
    assert len(many) == len(few)


def test_the_comparison_sums_to_the_pot_under_every_rule(page, proposal):
    read = page.get("/fund/alderdale/shares/first/")
    assert "Not decided yet" in read.text
    together = read.table(0)[-1]
    assert together == ["Together", *["£4,200,000"] * 4]
    assert "By need rather than equally moves £400,000." in read.text
    assert "Places that get less: 1; Millbrook Wharf loses most, £400,000" in read.text


def test_a_funder_decides_at_the_desk_and_everybody_reads_why(page, proposal):
    funder = open_account("programme@fund.example", actor=ACTOR)
    give_role(funder, "funder", place=None, since=DAY, actor=ACTOR)
    sign_in(page.client, funder)
    address = "/fund/alderdale/shares/first/decide/"
    assert address in page.get("/desk/").links.values()
    assert "Millbrook West gains most" in page.get(address).text
    again = page.post(address, {"rule": "per_head", "reason": "Because."})
    assert "Say why in 20 to" in again.text
    assert page.client.post(address, {"rule": "per_head", "reason": WHY}).status_code == 302
    told = page.get("/fund/alderdale/shares/first/")
    assert WHY in told.text
    assert "By people (decided)" in told.text
    assert "This is decided" in page.get(address).text
    assert Place.objects.count() == 1


def test_letters_of_an_index_are_told_in_words(page, decided):
    for address in ("/map/E02990004/", "/street/?q=ZA1+5AA"):
        read = page.get(address)
        assert "IMD is the Index of Multiple Deprivation: how deprived" in read.text
        assert "CNI is the Community Needs Index: how much a neighbourhood lacks" in read.text
