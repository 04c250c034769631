"""A round goes draft → frozen → closed → counted → settled, one step at a time, with its leaf."""

import pytest

from doorstep.apps.awards.actions import settle_round
from doorstep.apps.ledger.queries import balances
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.actions import add_projects, close_round, count_round, freeze_round
from doorstep.apps.rounds.models import Round, VoteType
from doorstep.engine.count import Rule
from tests.millbrook import (
    ACTOR,
    DAY,
    IDEAS,
    ballots,
    closed,
    drafted,
    frozen,
    give_example_budget,
    place_with_money,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return place_with_money()


def kinds_of(round_: Round) -> list[str]:
    return [
        leaf.kind
        for leaf in Leaf.objects.filter(kind__startswith="round.").order_by("idx")
        if round_.slug.encode() in bytes(leaf.body)
    ]


def test_every_step_writes_its_leaf(place):
    round_ = count_round(closed(place), actor=ACTOR)
    settle_round(round_, on=DAY, actor=ACTOR)
    assert kinds_of(round_) == ["round.frozen", "round.closed", "round.counted", "round.settled"]


def test_a_draft_is_not_in_the_record(place):
    before = Leaf.objects.count()
    drafted(place)
    assert Leaf.objects.count() == before


STEPS = {
    "freeze": lambda round_: freeze_round(round_, on=DAY, actor=ACTOR),
    "close": lambda round_: close_round(round_, ballots(), actor=ACTOR),
    "count": lambda round_: count_round(round_, actor=ACTOR),
    "settle": lambda round_: settle_round(round_, on=DAY, actor=ACTOR),
}


@pytest.mark.parametrize("done", range(5))
@pytest.mark.parametrize("step", STEPS)
def test_a_step_out_of_turn_is_refused_and_says_what_to_do(place, done, step):
    round_ = drafted(place)
    for name in list(STEPS)[:done]:
        STEPS[name](round_)
        round_ = Round.objects.get(pk=round_.pk)
    leaves = Leaf.objects.count()
    if list(STEPS).index(step) == done:
        STEPS[step](round_)
        assert Leaf.objects.count() > leaves
    else:
        with pytest.raises(Refused, match="What you can do now"):
            STEPS[step](round_)
        assert Leaf.objects.count() == leaves


def test_freezing_sets_the_pot_aside_so_that_no_other_round_can_promise_it(place):
    frozen(place, "round-one", budget=700_000)
    assert balances(["place:millbrook-east:available"]) == {
        "place:millbrook-east:available": 300_000
    }
    with pytest.raises(Refused, match="has £3,000 free"):
        frozen(place, "round-two", budget=700_000)
    assert Round.objects.get(slug="round-two").state == "draft"


def test_freezing_says_everything_that_is_missing_at_once(place):
    from doorstep.apps.rounds.actions import draft_round

    empty = draft_round(
        "empty", place, title="?", budget_pence=2_000_000, vote_type=VoteType.APPROVAL, rule=Rule()
    )
    with pytest.raises(Refused) as refusal:
        freeze_round(empty, on=DAY, actor=ACTOR)
    assert "no idea on the ballot" in refusal.value.reason
    assert "has £10,000 free" in refusal.value.reason


def test_an_example_round_needs_an_example_budget_and_never_draws_on_live_money(place):
    with pytest.raises(Refused, match="no example budget"):
        frozen(place, "example-one", is_example=True)
    give_example_budget(place, 500_000)
    Round.objects.get(slug="example-one")
    freeze_round(Round.objects.get(slug="example-one"), on=DAY, actor=ACTOR)
    held = balances(["place:millbrook-east:available", "example:millbrook-east:available"])
    assert held == {
        "place:millbrook-east:available": 1_000_000,
        "example:millbrook-east:available": 200_000,
    }


def test_ideas_cannot_join_after_the_freeze(place):
    round_ = frozen(place)
    with pytest.raises(Refused):
        add_projects(round_, [("late", "Too late", 100)])
    assert round_.projects.count() == len(IDEAS)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (ballots(kitchen=180_001), "other ideas or costs"),
        (ballots(budget=299_999), "name a pot of £2,999.99"),
    ],
)
def test_ballots_of_another_round_are_refused(place, file, why):
    round_ = frozen(place)
    with pytest.raises(Refused, match=why):
        close_round(round_, file, actor=ACTOR)
    assert Round.objects.get(pk=round_.pk).state == "frozen"


def test_ballots_of_another_kind_are_refused(place):
    round_ = frozen(place, vote_type=VoteType.ORDINAL)
    with pytest.raises(Refused, match="approval ballots, but this round asks for ordinal"):
        close_round(round_, ballots(), actor=ACTOR)
    assert Round.objects.get(pk=round_.pk).state == "frozen"


def test_a_cost_of_a_fraction_of_a_penny_is_refused(place):
    round_ = frozen(place)
    with pytest.raises(Refused, match="whole number of pence"):
        close_round(round_, ballots().replace(b"kitchen;1800", b"kitchen;1800.005"), actor=ACTOR)
