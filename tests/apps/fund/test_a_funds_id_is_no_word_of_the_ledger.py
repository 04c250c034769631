"""A fund's id begins its accounts' codes, so it may not be a word that the codes themselves use."""

import pytest

from doorstep.apps.fund.actions import open_example_budget, open_fund
from doorstep.apps.fund.models import Fund
from doorstep.apps.ledger.models import Account
from doorstep.apps.ledger.verify import verify_ledger
from doorstep.apps.refused import Refused
from tests.millbrook import ACTOR, DAY, frozen, place_with_money

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", ["example", "place", "world"])
def test_a_word_of_the_ledger_is_refused(slug):
    with pytest.raises(Refused, match="uses that word itself"):
        open_fund(slug, "A fund", actor=ACTOR)
    assert not Fund.objects.exists()
    assert not Account.objects.exists()


@pytest.mark.parametrize("slug", ["exampleton", "example-2", "places", "worldham"])
def test_a_word_that_only_begins_like_one_is_fine(slug):
    open_fund(slug, "A fund", actor=ACTOR)
    open_example_budget(place_with_money(), 100, on=DAY, idem_key="pretend", actor=ACTOR)
    assert list(verify_ledger()) == []


def test_a_live_entry_about_something_called_example_is_not_called_pretend_money(client):
    round_ = frozen(place_with_money(), "example")
    entry = Account.objects.get(code="place:millbrook-east:round:example").credit_transfers.get()
    assert round_.is_example is False
    assert "pretend money" not in client.get(f"/ledger/{entry.journal_id}/").content.decode()


def test_an_entry_of_an_example_budget_is_called_pretend_money(client):
    journal = open_example_budget(place_with_money(), 100, on=DAY, idem_key="pretend", actor=ACTOR)
    assert "This is pretend money" in client.get(f"/ledger/{journal.pk}/").content.decode()
