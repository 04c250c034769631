"""The same thing asked of the fund many times at one moment happens once, and no rule slips by."""

from datetime import date

import pytest
from django.db import connection

from doorstep.apps.fund.actions import (
    allocate,
    open_example_budget,
    open_fund,
    receive_dormant,
    receive_match,
)
from doorstep.apps.fund.models import Allocation, Arrival, AssetClass, Fund
from doorstep.apps.fund.queries import matched_pence
from doorstep.apps.ledger.models import Account
from doorstep.apps.ledger.queries import balances
from doorstep.apps.ledger.verify import verify_ledger
from doorstep.apps.places.actions import open_place
from doorstep.apps.places.models import Place
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import verify_record
from tests.apps.ledger.test_at_the_same_moment import WRITERS, at_once
from tests.millbrook import ACTOR, DAY

BOOKING = {"on": DAY, "actor": ACTOR}
TERM = {"begins_on": date(2026, 4, 1), "ends_on": date(2036, 3, 31)}


@pytest.fixture
def fund(committed_db) -> Fund:
    """A fund with £55 released, which no match has met yet, and a place without an account."""
    fund = open_fund("alderdale", "Alderdale fund", actor=ACTOR)
    receive_dormant(fund, AssetClass.BANK, 10_000, giver="A bank", idem_key="in", **BOOKING)
    open_place(
        "mill", "Mill", "Alderdale", population=7240, population_year=2024,
        population_source="Made up", boundary_year=2021, actor=ACTOR,
    )  # fmt: skip
    connection.close()
    return fund


def test_matches_together_stay_within_the_ratio(fund):
    told = at_once(
        lambda number: bool(
            receive_match(fund, 1_000, giver="A trust", idem_key=f"match {number}", **BOOKING)
        )
    )
    assert told == {True: 5, "match_over_ratio": WRITERS - 5}
    assert matched_pence(fund) == 5_000
    assert [*verify_record(), *verify_ledger()] == []


def test_one_match_sent_many_times_arrives_once(fund):
    told = at_once(
        lambda _: receive_match(fund, 5_500, giver="A trust", idem_key="match", **BOOKING).pk
    )
    assert list(told.values()) == [WRITERS]
    assert Arrival.objects.filter(kind="match").count() == 1


def test_one_share_sent_many_times_is_given_once(fund):
    place = Place.objects.get(slug="mill")
    told = at_once(lambda _: allocate(fund, place, 5_000, idem_key="share", **TERM, **BOOKING).pk)
    assert list(told.values()) == [WRITERS]
    assert Allocation.objects.count() == 1
    assert Leaf.objects.filter(kind="allocation.decided").count() == 1
    assert balances(["place:mill:available", "alderdale:pot"]) == {
        "place:mill:available": 5_000,
        "alderdale:pot": 500,
    }


def test_a_places_first_shares_together_open_one_account(fund):
    place = Place.objects.get(slug="mill")
    told = at_once(
        lambda number: bool(
            allocate(fund, place, 100, idem_key=f"share {number}", **TERM, **BOOKING)
        )
    )
    assert told == {True: WRITERS}
    assert balances(["place:mill:available"]) == {"place:mill:available": 100 * WRITERS}


def test_one_fund_opened_many_times_is_one(fund):
    told = at_once(lambda _: open_fund("second", "Second fund", actor=ACTOR).pk)
    assert list(told.values()) == [WRITERS]
    assert Account.objects.filter(code="second:pot").count() == 1


def test_two_names_for_one_fund_leave_the_first(fund):
    told = at_once(lambda number: open_fund("second", f"Fund {number}", actor=ACTOR).slug)
    assert told == {"second": 1, "fund_exists": WRITERS - 1}


def test_one_example_budget_sent_many_times_is_given_once(fund):
    place = Place.objects.get(slug="mill")
    told = at_once(lambda _: open_example_budget(place, 700, idem_key="pretend", **BOOKING).seq)
    assert list(told.values()) == [WRITERS]
    assert balances(["example:mill:available"]) == {"example:mill:available": 700}
