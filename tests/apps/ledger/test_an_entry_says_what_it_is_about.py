"""A line of the ledger names the idea or the round that its money is for."""

from doorstep.apps.ledger.telling import subject

NAMES = {"award": {"east-1": "“A <b>kitchen</b>”"}, "round": {"east": "“Round 1”"}}


def test_money_set_apart_is_for_its_award():
    assert subject("place:m:round:east", "place:m:committed:east-1", NAMES) == "“A <b>kitchen</b>”"


def test_money_returned_was_for_its_round():
    assert subject("place:m:round:east", "place:m:available", NAMES) == "“Round 1”"


def test_money_that_is_for_nothing_yet_says_nothing():
    assert subject("fund:pot", "place:m:available", NAMES) == ""
    assert subject("place:m:round:gone", "place:m:available", NAMES) == ""
