"""A round that was called off: nobody opens its box, and what was cast is destroyed, in time."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.actions import cancel_round
from doorstep.apps.voting import chores
from doorstep.apps.voting.actions import rewriting
from doorstep.apps.voting.actions.box import open_box, seal_round
from doorstep.apps.voting.actions.trustees import ask_the_house
from doorstep.apps.voting.models import Claim, Credential, Envelope, KeyCopy, Poll, RoundKey
from tests.apps.voting.boxes import (
    AFTER,
    DURING,
    drafted,
    frozen,
    opened,
    running,
    vote,
    with_trustees,
)
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db
MEMBER = Actor("partnership_member", 1)


def called_off(world, when=DURING):
    with time_machine.travel(when):
        world.round = cancel_round(
            world.round, reason="The hall burnt down.", on=when.date(), actor=ACTOR
        )
    return world


def ready():
    return frozen(with_trustees(drafted()))


def voted():
    world = running()
    vote(world, 0, [0])
    return world


def ended():
    world = voted()
    world.end()
    return world


@pytest.mark.parametrize("stage", [ready, voted, ended])
def test_it_is_sealed_wherever_its_poll_stood(stage):
    world = called_off(stage())
    said = seal_round(world.round, actor=ACTOR)
    assert Poll.objects.get(round=world.round).state == "sealed"
    for model in (Claim, Credential, Envelope, KeyCopy):
        assert not model.objects.exists(), model
    assert seal_round(world.round, actor=ACTOR) == said


def test_nobody_opens_its_box():
    world = called_off(ended())
    for wanted in (lambda: world.hand_on(1), lambda: world.look(1)):
        with pytest.raises(Refused, match="called off"):
            wanted()
    with pytest.raises(Refused):
        open_box(world.round, actor=ACTOR)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO voting_opening (trustee_id, packed, sha256, ballots, spoilt)"
            " VALUES (%s, %s, %s, 1, 0)",
            [world.trustee(1).pk, b"x", "ab" * 32],
        )


def test_nor_does_the_house_and_its_key_goes():
    world = opened(frozen(drafted(secrecy="house", secrecy_reason="Twelve neighbours.")))
    world.end()
    called_off(world)
    with pytest.raises(Refused, match="called off"):
        ask_the_house(world.round, world.accounts[0], actor=MEMBER)
    seal_round(world.round, actor=ACTOR)
    assert RoundKey.objects.get(round=world.round).in_strongbox == ""


def test_a_poll_that_goes_on_is_not_sealed_unopened_not_even_past_the_program():
    world = ended()
    with pytest.raises(Refused, match="Open the box first"):
        seal_round(world.round, actor=ACTOR)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE voting_poll SET state = 'sealed'")


@pytest.mark.parametrize("opens", [True, False])
def test_what_is_forgotten_is_sealed_after_thirty_days(opens, monkeypatch):
    compacted = []
    monkeypatch.setattr(rewriting, "compact", lambda: compacted.append(1))
    world = ended()
    if opens:
        world.look(1, 2)
        with time_machine.travel(AFTER):
            open_box(world.round, actor=ACTOR)
    else:
        called_off(world, AFTER)
    for days, state in ((29, "opened" if opens else "ended"), (31, "sealed"), (32, "sealed")):
        with time_machine.travel(AFTER + timedelta(days=days)):
            chores.seal_what_was_left_open()
            chores.rewrite_after_destroying()
        assert Poll.objects.get(round=world.round).state == state
    assert compacted == [1]
