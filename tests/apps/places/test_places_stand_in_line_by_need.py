import pytest

from doorstep.apps.places.actions import record_need
from doorstep.apps.places.models import Place
from doorstep.apps.places.queries import all_places, need_ranking
from doorstep.apps.places.rules import in_line
from tests.apps.places.conftest import TEST, opened

pytestmark = pytest.mark.django_db


def need(place: Place, value: int, measure: str = "community_need", year: int = 2024) -> None:
    record_need(
        place,
        measure,
        value,
        year=year,
        boundary_year=2021,
        source="a test",
        licence="CC0",
        actor=TEST,
    )


def ranking() -> list[tuple[str, int | None]]:
    return [(one.place.slug, one.position) for one in need_ranking()]


def test_the_most_need_comes_first_and_equals_share_a_position() -> None:
    for slug, value in [("ash", 100), ("birch", 300), ("cedar", 100), ("dale", 50)]:
        need(opened(slug), value)
    assert ranking() == [("birch", 1), ("ash", 2), ("cedar", 2), ("dale", 4)]


def test_every_measure_counts_the_same() -> None:
    for slug, deprived, needy in [("ash", 900, 10), ("birch", 800, 30), ("cedar", 700, 20)]:
        place = opened(slug)
        need(place, deprived, "deprivation")
        need(place, needy)
    # Sums of positions: ash 1 + 3, birch 2 + 1, cedar 3 + 2.
    assert ranking() == [("birch", 1), ("ash", 2), ("cedar", 3)]


def test_a_missing_figure_is_not_a_low_one() -> None:
    ash, birch = opened("ash"), opened("birch")
    opened("aaa")
    for place in (ash, birch):
        need(place, 10, "deprivation")
    need(birch, 10)
    assert ranking() == [("birch", 1), ("aaa", None), ("ash", None)]


def test_figures_of_different_years_are_not_compared() -> None:
    ash, birch = opened("ash"), opened("birch")
    need(ash, 999, year=2019)
    need(ash, 10, year=2024)
    need(birch, 20, year=2024)
    assert ranking() == [("birch", 1), ("ash", 2)]
    need(birch, 5, year=2025)
    assert ranking() == [("birch", 1), ("ash", None)]


def test_no_measure_is_no_line() -> None:
    assert in_line([], {}) == []


def test_the_number_of_statements_does_not_grow(django_assert_num_queries) -> None:
    for n in range(30):
        need(opened(f"place-{n}"), n)
    with django_assert_num_queries(2):
        assert len(need_ranking()) == 30
    with django_assert_num_queries(1):
        assert len(all_places()) == 30


def test_the_page_orders_by_need_and_keeps_the_rank_one_click_down(page) -> None:
    need(opened("ash"), 10)
    need(opened("birch"), 20)
    read = page.get("/places/")
    assert read.text.index("Birch") < read.text.index("Ash")
    assert "first in line for long-term investment" in read.text
    shown, _, below = read.html.partition("<details>")
    assert "Number 1 of 2" not in shown
    assert "Number 1 of 2 by need." in below
    assert "Community need score 0.20 in 2024, on the boundaries of 2021. Source: a test" in below


def test_the_page_finds_by_name_or_council_and_turns_pages(page) -> None:
    for n in range(25):
        need(opened(f"ward-{n}", council="Alderdale" if n else "Elsewhere"), n)
    assert "Page 1 of 2" in page.get("/places/").text
    assert "Ward 3 " in page.get("/places/", {"page": "2"}).text
    assert "Page 2 of 2" in page.get("/places/", {"page": "99"}).text
    assert "Page 1 of 2" in page.get("/places/", {"page": "x"}).text
    found = page.get("/places/", {"q": " ELSE-where"})
    assert "No place has a name like that" in found.text
    found = page.get("/places/", {"q": " ELSEwhere"})
    assert "1 place found" in found.text
    assert "Ward 0" in found.text


def test_a_search_that_finds_nothing_says_what_to_try(page) -> None:
    opened("ash")
    assert "Try fewer letters" in page.get("/places/", {"q": "zzz\x00"}).text


def test_before_any_place_joined_the_page_says_so(page) -> None:
    assert "No place has joined yet." in page.get("/places/").text
