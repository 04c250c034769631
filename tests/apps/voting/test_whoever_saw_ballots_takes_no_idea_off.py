"""Whoever has seen ballots cannot take off the idea that they do not like: not once voting has
ended, and not once a room has begun to count."""

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from doorstep.apps.record.actions import keep_words, write_leaf
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.actions import enter_tally, withdraw_project
from doorstep.apps.rounds.models import Withdrawal
from doorstep.apps.rounds.totals import Counted
from tests.apps.rounds.live import account, live_room
from tests.apps.voting.boxes import AFTER, DURING, running, vote
from tests.millbrook import ACTOR, place_with_money

pytestmark = pytest.mark.django_db


def take_off(round_, code):
    return withdraw_project(round_.projects.get(code=code), reason="No.", actor=ACTOR)


def test_no_idea_is_taken_off_once_voting_has_ended():
    world = running()
    vote(world, 0, [0])
    with time_machine.travel(AFTER), pytest.raises(Refused, match="Voting has ended"):
        take_off(world.round, "kitchen")  # the clock alone
    world.end()
    with time_machine.travel(DURING), pytest.raises(Refused, match="Voting has ended"):
        take_off(world.round, "kitchen")  # the poll alone
    assert not Withdrawal.objects.exists()


def test_no_idea_is_taken_off_once_a_room_has_begun_to_count():
    round_ = live_room(place_with_money(), "room")
    take_off(round_, "bus")
    found = Counted("slips", 9, {"kitchen": 5, "bench": 4, "bus": 0})
    enter_tally(round_, found, counter=account("ann"), photo=None)
    with pytest.raises(Refused, match="begun to count"):
        take_off(round_, "bench")
    project = round_.projects.get(code="bench").pk
    leaf, words = write_leaf("test.spare", {}), keep_words("spare")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rounds_withdrawal (project_id, reason_id, leaf_id) VALUES (%s, %s, %s)",
            [project, words.pk, leaf.pk],
        )
