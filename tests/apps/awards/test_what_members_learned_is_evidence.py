"""Do they have the skills? Training, support and duties of all partnerships are counted by fixed
words, each figure from rows that anybody can count again, and a figure can fall."""

import csv
from datetime import date

import pytest
import time_machine

from doorstep.apps.awards.actions.evidence import fix_questions
from doorstep.apps.awards.queries import evidence, skills
from doorstep.apps.partnerships.actions import form_partnership, join
from doorstep.apps.partnerships.actions.learning import (
    Given,
    give_back_duty,
    take_over_duty,
    take_training,
    use_support,
    withdraw_entry,
)
from doorstep.apps.partnerships.models import Partnership
from doorstep.apps.people.actions import open_account
from tests.millbrook import ACTOR, place_with_money

TODAY, SINCE, DAY = date(2026, 9, 1), date(2026, 5, 1), date(2026, 8, 1)
WHO = {"on": TODAY, "actor": ACTOR}
CVS = Given("Alderdale CVS")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_september():
    with time_machine.travel(TODAY):
        yield


def bench(slug: str, members: int = 3) -> Partnership:
    made = form_partnership(place_with_money(9_000, slug), slug, actor=ACTOR)
    for number in range(members):
        member = open_account(f"{number}@{slug}.example", actor=ACTOR)
        join(made, member, lives_here=True, since=SINCE, actor=ACTOR)
    return made


def three() -> list[Partnership]:
    """Two partnerships with members and one without, which is no case."""
    return [bench("east"), bench("west"), bench("wharf", members=0)]


def counted(key: str) -> dict[str, tuple[int, int]]:
    return {row.place: (row.value, row.total) for row in skills.rows_of(key, TODAY)}


def test_member_hours_and_support_are_summed_and_withdrawn_entries_are_not():
    east, _west, _wharf = three()
    take_training(east, "Books", CVS, day=DAY, minutes=90, members=2, **WHO)
    slip = take_training(east, "Books", CVS, day=DAY, minutes=60, members=3, **WHO)
    use_support(east, "adviser", CVS, day=DAY, minutes=420, **WHO)
    assert counted("training") == {"east": (1, 360), "west": (0, 0)}
    withdraw_entry(slip, "Twice the same", **WHO)
    assert counted("training")["east"] == (1, 180)
    assert counted("support") == {"east": (1, 420), "west": (0, 0)}


def test_a_duty_that_went_back_lets_the_figures_fall():
    east, _west, _wharf = three()
    books = take_over_duty(east, "books", "host", since=DAY, **WHO)
    take_over_duty(east, "minutes", "nobody", since=DAY, **WHO)
    assert counted("duty") == {"east": (1, 2), "west": (0, 0)}
    assert counted("duties")["east"] == (2, 2)
    give_back_duty(books, "Nobody had time", day=TODAY, **WHO)
    assert counted("duties")["east"] == (1, 2)
    assert evidence.share_of(skills.rows_of("duty", TODAY)).bounds == pytest.approx(
        (0.0945, 0.9055), abs=5e-5
    )


def test_the_page_answers_once_the_words_are_fixed_and_each_figure_has_its_rows(page, client):
    east, _west, _wharf = three()
    take_training(east, "Books", CVS, day=DAY, minutes=90, members=2, **WHO)
    use_support(east, "worker", CVS, day=DAY, minutes=45, **WHO)
    take_over_duty(east, "books", "host", since=DAY, **WHO)
    said = page.get("/evidence/").text
    assert "No figure is shown before the questions are fixed." in said
    assert "1 of 2, 50%" not in said
    fix_questions(on=TODAY, actor=ACTOR)
    said = page.get("/evidence/").text
    assert "not recorded yet" not in said
    for words in (
        "Do members take training? 1 of 2, 50% 9% to 91% 2 Hours, times the members who took "
        "part: 3",
        "Do members use support? 1 of 2, 50% 9% to 91% 2 Hours: 0.75",
        "half have 0.5 or fewer too few to say 2 Duties that members do themselves: 1",
    ):
        assert words in said
    for key in skills.DEFINITIONS:
        read = page.get(f"/evidence/{key}/")
        assert skills.DEFINITIONS[key] in read.text
        assert read.links["east"] == "/places/east/learned/"
        rows = list(
            csv.DictReader(client.get(f"/evidence/{key}.csv").content.decode().splitlines())
        )
        assert [row["place"] for row in rows] == ["east", "west"]
        assert sum(int(row["value"]) for row in rows) == 1


def test_the_median_has_bounds_from_six_partnerships_on(page):
    for number in range(6):
        made = bench(f"place-{number}", members=1)
        for duty in ("books", "minutes", "bank")[: number % 3 + 1]:
            take_over_duty(made, duty, "host", since=DAY, **WHO)
    fix_questions(on=TODAY, actor=ACTOR)
    assert "half have 2 or fewer 1 to 3" in page.get("/evidence/").text


def test_the_words_of_skills_are_fixed_with_the_others(monkeypatch):
    fix_questions(on=TODAY, actor=ACTOR)
    monkeypatch.setitem(evidence.DEFINITIONS, "duty", "Something that flatters us more.")
    assert evidence.fixed() is None


def test_rows_of_many_partnerships_take_no_more_statements(django_assert_num_queries):
    for number in range(4):
        made = bench(f"place-{number}")
        take_over_duty(made, "books", "host", since=DAY, **WHO)
    with django_assert_num_queries(2):
        assert len(skills.rows_of("duties", TODAY)) == 4
