"""Whoever has seen the ballots cannot call the round off."""

from datetime import date

import pytest

from doorstep.apps.refused import Refused
from doorstep.apps.rounds.actions import cancel_round
from tests.apps.voting.boxes import running, vote
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db
CALLED_OFF = {"reason": "We do not like it.", "on": date(2026, 12, 1), "actor": ACTOR}


def test_a_round_is_called_off_until_a_trustee_has_opened_the_box():
    world = running()
    vote(world, 0, [0])
    world.end()
    world.hand_on(1)
    world.look(1)
    with pytest.raises(Refused, match="must be counted"):
        cancel_round(world.round, **CALLED_OFF)


def test_before_that_it_can_be_called_off():
    world = running()
    vote(world, 0, [0])
    world.end()
    assert cancel_round(world.round, **CALLED_OFF).state == "cancelled"
