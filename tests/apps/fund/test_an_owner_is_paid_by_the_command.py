"""The command pays owners from their class's reserve, once, and on no day that has not come."""

from datetime import timedelta

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from doorstep.apps.ledger.queries import balances
from doorstep.apps.refused import Refused
from doorstep.cli import app
from doorstep.site.operations import open_fund, receive, reclaim

pytestmark = pytest.mark.django_db
RESERVE = "alderdale:reserve:bank"


@pytest.fixture(autouse=True)
def fund() -> None:
    open_fund("alderdale", "Alderdale fund")
    receive("alderdale", "bank", "1000", "A bank", "first", None)


def test_an_owner_is_paid_once_from_the_reserve() -> None:
    said = reclaim("alderdale", "bank", "120.50", "owner", None)
    assert said.startswith("£120.50 paid back")
    assert said.endswith("£329.50 still kept for owners.")
    assert reclaim("alderdale", "bank", "120.50", "owner", None) == said
    assert balances([RESERVE]) == {RESERVE: 32_950}


def test_a_reclaim_is_of_money_that_came_in_its_class() -> None:
    with pytest.raises(Refused, match="of this class only £1,000 came"):
        reclaim("alderdale", "bank", "1000.01", "owner", None)
    with pytest.raises(Refused, match="of this class only £0 came"):
        reclaim("alderdale", "insurance", "1", "other", None)
    with pytest.raises(Refused, match="no class of forgotten money"):
        reclaim("alderdale", "match", "1", "third", None)
    assert balances([RESERVE]) == {RESERVE: 45_000}


def test_where_the_reserve_is_empty_the_pot_stands_behind_the_owner() -> None:
    said = reclaim("alderdale", "bank", "450.01", "owner", None)
    assert said.endswith("£0 still kept for owners.")
    assert balances(["alderdale:pot"]) == {"alderdale:pot": 54_999}


@pytest.mark.parametrize("amount", ["-5", "0x10", "1.5", "", "12e3"])
def test_money_that_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(Refused, match="is no amount"):
        receive("alderdale", "bank", amount, "A bank", "second", None)
    with pytest.raises(Refused, match="is no amount"):
        reclaim("alderdale", "bank", amount, "owner", None)


@pytest.mark.parametrize("verb", ["receive", "reclaim", "pay-costs", "set-aside", "release"])
def test_a_sum_below_nothing_is_no_option_of_the_command_but_refused_in_words(verb: str) -> None:
    given = {
        "receive": ["bank", "-5", "--giver", "A bank"],
        "pay-costs": ["-5", "--payee", "The office"],
        "set-aside": ["places", "-5", "--name", "Places"],
    }.get(verb, ["bank", "-5"])
    run = CliRunner().invoke(app, [verb, "alderdale", *given, "--reference", "x"])
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr == (
        "doorstep: “-5” is no amount. Write pounds, or pounds and pence: 1800 or 1800.50.\n"
    )


def test_a_sum_that_cannot_move_is_named_itself_and_not_a_part_of_it() -> None:
    for amount, said in (("0", "£0"), ("999999999999", "£999,999,999,999")):
        with pytest.raises(Refused, match=f"moves between 1p and £.*; this is {said}"):
            receive("alderdale", "bank", amount, "A bank", "second", None)
        with pytest.raises(Refused, match=f"moves between 1p and £.*; this is {said}"):
            reclaim("alderdale", "bank", amount, "owner", None)


def test_a_match_over_both_limits_hears_the_one_that_holds() -> None:
    with pytest.raises(Refused, match="but the rule allows £550 for the £550 of forgotten money"):
        receive("alderdale", "match", "100000000", "A trust", "match", None)


def test_a_day_that_has_not_come_is_refused() -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    with pytest.raises(Refused, match="has not come yet"):
        receive("alderdale", "bank", "5", "A bank", "second", tomorrow)
    with pytest.raises(Refused, match="has not come yet"):
        reclaim("alderdale", "bank", "5", "owner", tomorrow)
    today = timezone.localdate().isoformat()
    assert receive("alderdale", "bank", "5", "A bank", "second", today).startswith("£5 arrived")
