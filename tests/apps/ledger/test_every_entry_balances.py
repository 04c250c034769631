"""An entry moves whole pence from one account to another, all lines or none."""

from datetime import date

import pytest

from doorstep.apps.ledger.actions import Line, open_account, post, reverse
from doorstep.apps.ledger.models import AccountBalance, Journal, Transfer
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused

pytestmark = pytest.mark.django_db

CLERK = Actor("system", "test")
TODAY = date(2026, 11, 22)


@pytest.fixture
def accounts():
    open_account("world:fund:dormant:bank", fund="fund", guard="none")
    open_account("fund:pot", fund="fund", guard="credit_nonneg")
    open_account("place:mill:available", fund="fund", guard="credit_nonneg")


def move(debit, credit, pence, key, **more):
    return post(
        "fund.test",
        [Line(debit, credit, pence)],
        idem_key=key,
        actor=CLERK,
        effective_on=TODAY,
        **more,
    )


def held(code):
    return AccountBalance.objects.get(account__code=code).held


def test_money_moves_and_is_told(accounts):
    entry = move("world:fund:dormant:bank", "fund:pot", 1_000, "in")
    assert entry.seq == 1
    assert held("fund:pot") == 1_000
    assert held("world:fund:dormant:bank") == -1_000
    assert Leaf.objects.get(journal_seq=1).kind == "ledger.journal"


def test_overspend_is_refused_with_a_sentence(accounts):
    move("world:fund:dormant:bank", "fund:pot", 1_000, "in")
    with pytest.raises(Refused, match="only £10 is left"):
        move("fund:pot", "place:mill:available", 1_001, "out")
    assert held("fund:pot") == 1_000
    assert Journal.objects.count() == 1


def test_a_reversal_stands_beside_its_original_once(accounts):
    entry = move("world:fund:dormant:bank", "fund:pot", 1_000, "in")
    back = reverse(entry, idem_key="back", actor=CLERK, reason="sent twice")
    assert reverse(entry, idem_key="back", actor=CLERK, reason="sent twice") == back
    assert held("fund:pot") == 0
    with pytest.raises(Refused, match="reversed already"):
        reverse(entry, idem_key="again", actor=CLERK, reason="sent twice")
    assert Transfer.objects.count() == 2
