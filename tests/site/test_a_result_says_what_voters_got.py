"""What voters got, on a round's page: true, from public ballots alone, and nobody picked out."""

from fractions import Fraction

import pytest

from doorstep.apps.awards.actions import settle_round
from doorstep.apps.rounds import freezing
from doorstep.apps.rounds.actions import close_round, count_round
from doorstep.apps.rounds.models import Round
from doorstep.engine.count import Project, Rule, count, election_of
from doorstep.site.pages.got import Figures, figures, in_words, tables
from tests.apps.rounds.live import asking, live
from tests.millbrook import ACTOR, DAY, ballots, closed, place_with_money


@pytest.fixture
def place(db, monkeypatch):
    monkeypatch.setattr(freezing, "_checks", {})
    return place_with_money()


def found(votes: dict[str, int], rule: Rule, blank: int = 0) -> Figures:
    """Figures of votes such as {"a b": 3}: ideas a, b, c cost £30, £50, £40 of a pot of £100."""
    costs = {"a": 30, "b": 50, "c": 40}
    election = election_of(
        name="g.pb",
        projects=[Project(p, f"Idea {p}", Fraction(cost)) for p, cost in costs.items()],
        votes=[vote.split() for vote, n in votes.items() for _ in range(n)] + [[]] * blank,
        budget=100,
    )
    return figures(election, count(election, rule))


NAMES = {one: f"Idea {one}" for one in "abc"}
EQUAL, GREEDY = Rule(completion="none"), Rule(name="greedy")


def test_how_many_have_something_is_said_with_its_part_of_all():
    said = in_words(found({"a b": 60, "c": 20}, EQUAL), NAMES)
    assert said[0] == (
        "Of the 80 people who voted, 60 have something funded that they supported: 75 in every "
        "hundred."
    )
    assert said[1].startswith("No group was left out that was large enough to pay")


@pytest.mark.parametrize(
    ("votes", "blank", "said"),
    [
        ({"a": 5}, 0, "Everybody who voted has something funded that they supported."),
        ({"b": 2, "c": 1}, 40, "Nobody who voted has something funded that they supported."),
        ({"a": 90}, 3, "Of the 93 people who voted, all but fewer than 10 have something funded "
         "that they supported."),
        ({"a": 9}, 19, "Of the 28 people who voted, fewer than 10 have something funded that they "
         "supported."),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_a_small_number_is_kept_back_on_either_side(votes, blank, said):
    assert in_words(found(votes, EQUAL, blank), NAMES)[0] == said


@pytest.mark.django_db
def test_a_group_that_greedy_left_out_is_named_but_never_a_small_one():
    said = in_words(found({"a b": 60, "c": 40}, GREEDY), NAMES)
    assert said[1] == (
        "40 people supported “Idea c”, and their part of the pot is £40. That would have paid for "
        "it, even on top of the funded ideas of any of them (£0 at most). This way of counting "
        "does not look at that."
    )
    assert len(in_words(found({"a b": 12, "c": 8}, GREEDY), NAMES)) == 1


@pytest.mark.django_db
def test_the_tenth_that_got_least_is_shown_only_when_it_is_many():
    # Shares of 100 / 170 pay for a alone: 160 have £30 each, and ten have nothing.
    [(_, _, many)] = tables(found({"a b": 100, "a": 60, "c": 10}, EQUAL))
    assert [row[1:] for row in many] == [("0.9", "£28.23"), ("0.4", "£12.35")]
    [(_, _, few)] = tables(found({"a b": 50, "c": 10}, EQUAL))
    assert len(few) == 1


def test_the_page_of_public_ballots_tells_it(page, place):
    settle_round(count_round(closed(place), actor=ACTOR), on=DAY, actor=ACTOR)
    told = page.get("/rounds/round-one/")
    assert "What voters got" in told.text
    assert "No group was left out" in told.text
    assert "Choices funded, on average" in told.text


def test_the_page_of_totals_says_nothing_of_single_voters(page, place):
    round_ = live(place, terms=asking(publication="aggregate"))
    close_round(round_, ballots(), actor=ACTOR)
    counted = count_round(Round.objects.get(slug="live"), actor=ACTOR)
    settle_round(counted, on=DAY, actor=ACTOR)
    assert "What voters got" not in page.get("/rounds/live/").text
