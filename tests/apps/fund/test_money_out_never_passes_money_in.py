"""The fund's promise: money out never passes money in, and owners come first."""

from datetime import date

import pytest

from doorstep.apps.fund.actions import (
    allocate,
    open_example_budget,
    open_fund,
    pay_reclaim,
    receive_dormant,
    receive_match,
)
from doorstep.apps.fund.models import Allocation, Arrival, AssetClass, Fund
from doorstep.apps.fund.queries import (
    allocation_of,
    allocations,
    figures_by_class,
    matched_pence,
    released_pence,
)
from doorstep.apps.fund.rules import reserved_part
from doorstep.apps.ledger.queries import balances
from doorstep.apps.places.actions import open_place
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused

pytestmark = pytest.mark.django_db
ACTOR = Actor("system", "test")
DAY = date(2026, 1, 19)
TERM = {"begins_on": date(2026, 4, 1), "ends_on": date(2036, 3, 31), "on": DAY, "actor": ACTOR}


@pytest.fixture
def fund() -> Fund:
    return open_fund("alderdale", "Alderdale fund", actor=ACTOR)


@pytest.fixture
def place() -> Place:
    return open_place(
        "millbrook-east", "Millbrook East", "Alderdale", population=7240, population_year=2024,
        population_source="Made up", boundary_year=2021, actor=ACTOR,
    )  # fmt: skip


def arrive(fund: Fund, pence: int, key: str = "first") -> Arrival:
    return receive_dormant(
        fund, AssetClass.BANK, pence, giver="A bank", on=DAY, idem_key=key, actor=ACTOR
    )


def test_the_reserve_is_rounded_towards_owners():
    assert reserved_part(101, 45) == 46
    assert reserved_part(100, 45) == 45


def test_forgotten_money_is_split_between_reserve_and_pot(fund):
    arrive(fund, 10_001)
    held = balances(["alderdale:reserve:bank", "alderdale:pot", "world:alderdale:dormant:bank"])
    assert held == {
        "alderdale:reserve:bank": 4_501,
        "alderdale:pot": 5_500,
        "world:alderdale:dormant:bank": -10_001,
    }


def test_an_arrival_sent_twice_arrives_once(fund):
    assert arrive(fund, 10_000) == arrive(fund, 10_000)
    assert Arrival.objects.count() == 1
    assert released_pence(fund) == 5_500


def test_a_share_larger_than_the_pot_is_refused_whole(fund, place):
    arrive(fund, 10_000)
    with pytest.raises(Refused, match="only £55 is left"):
        allocate(fund, place, 5_501, idem_key="share", **TERM)
    assert not Allocation.objects.exists()
    assert balances(["alderdale:pot"]) == {"alderdale:pot": 5_500}


def test_a_share_sent_twice_is_given_once_and_another_under_its_key_is_refused(fund, place):
    arrive(fund, 10_000)
    first = allocate(fund, place, 5_000, idem_key="share", **TERM)
    assert allocate(fund, place, 5_000, idem_key="share", **TERM) == first
    with pytest.raises(Refused, match="used already"):
        allocate(fund, place, 400, idem_key="share", **TERM)
    assert balances(["place:millbrook-east:available"]) == {"place:millbrook-east:available": 5_000}


def test_of_two_shares_that_begin_on_one_day_the_one_made_last_is_told(fund, place):
    arrive(fund, 20_000)
    for number, pence in enumerate((5_000, 500, 50)):
        share = allocate(fund, place, pence, idem_key=f"share {number}", **TERM)
        assert allocation_of(place.pk) == share
    assert [one.pence for one in allocations(fund)] == [5_000, 500, 50]


def test_an_allocation_points_to_the_leaf_of_its_decision(fund, place):
    arrive(fund, 10_000)
    share = allocate(fund, place, 5_000, idem_key="share", **TERM)
    assert share.decision.kind == "allocation.decided"
    assert share.decision.idx < share.journal.leaf.idx


def test_a_term_that_ends_before_it_begins_is_refused(fund, place):
    arrive(fund, 10_000)
    with pytest.raises(Refused, match="Give a later last day"):
        allocate(fund, place, 100, idem_key="share", **TERM | {"ends_on": date(2026, 4, 1)})


def test_match_may_not_run_ahead_of_what_it_matches(fund):
    arrive(fund, 10_000)
    match = {"giver": "A trust", "on": DAY, "actor": ACTOR}
    receive_match(fund, 5_500, idem_key="match", **match)
    with pytest.raises(Refused, match="Record the forgotten money first"):
        receive_match(fund, 1, idem_key="more", **match)
    assert matched_pence(fund) == 5_500
    receive_match(fund, 5_500, idem_key="match", **match)
    assert matched_pence(fund) == 5_500


def test_an_owner_is_paid_from_the_reserve_of_that_class_first(fund):
    arrive(fund, 10_000)
    reclaim = {"on": DAY, "actor": ACTOR}
    pay_reclaim(fund, AssetClass.BANK, 4_500, idem_key="owner", **reclaim)
    with pytest.raises(Refused, match="of this class only £0 came"):
        pay_reclaim(fund, AssetClass.INSURANCE, 1, idem_key="other", **reclaim)
    assert balances(["alderdale:pot"]) == {"alderdale:pot": 5_500}


def test_figures_by_class_add_up_to_what_arrived(fund):
    arrive(fund, 10_000)
    arrive(fund, 500, key="second")
    (bank,) = figures_by_class(fund)
    assert (bank.arrived, bank.reserved, bank.released) == (10_500, 4_725, 5_775)


def test_an_example_budget_stands_apart_from_live_money(fund, place):
    arrive(fund, 10_000)
    budget = {"on": DAY, "actor": ACTOR}
    open_example_budget(place, 700, idem_key="example", **budget)
    open_example_budget(place, 300, idem_key="example again", **budget)
    assert balances(["example:millbrook-east:available", "alderdale:pot"]) == {
        "example:millbrook-east:available": 1_000,
        "alderdale:pot": 5_500,
    }
