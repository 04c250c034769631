"""The command pays owners from their class's reserve, once, and on no day that has not come."""

from datetime import timedelta

import pytest
from django.utils import timezone

from doorstep.apps.ledger.queries import balances
from doorstep.apps.refused import Refused
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


def test_a_reclaim_stays_within_its_class() -> None:
    with pytest.raises(Refused, match="only £450 is left"):
        reclaim("alderdale", "bank", "450.01", "owner", None)
    with pytest.raises(Refused, match="only £0 is left"):
        reclaim("alderdale", "insurance", "1", "other", None)
    with pytest.raises(Refused, match="no class of forgotten money"):
        reclaim("alderdale", "match", "1", "third", None)
    assert balances([RESERVE]) == {RESERVE: 45_000}


@pytest.mark.parametrize("amount", ["-5", "0x10", "1.5", "", "12e3"])
def test_money_that_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(Refused, match="is no amount"):
        receive("alderdale", "bank", amount, "A bank", "second", None)
    with pytest.raises(Refused, match="is no amount"):
        reclaim("alderdale", "bank", amount, "owner", None)


def test_a_day_that_has_not_come_is_refused() -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    with pytest.raises(Refused, match="has not come yet"):
        receive("alderdale", "bank", "5", "A bank", "second", tomorrow)
    with pytest.raises(Refused, match="has not come yet"):
        reclaim("alderdale", "bank", "5", "owner", tomorrow)
    today = timezone.localdate().isoformat()
    assert receive("alderdale", "bank", "5", "A bank", "second", today).startswith("£5 arrived")
