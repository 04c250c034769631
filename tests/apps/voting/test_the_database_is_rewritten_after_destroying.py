"""What was destroyed is gone from the disk too, also when whoever destroyed it was killed or found
the database busy before it was rewritten."""

import os

import pytest
from django.db import connection, connections

from doorstep.apps.rounds.actions import count_round
from doorstep.apps.rounds.models import Round
from doorstep.apps.voting.actions import rewriting
from doorstep.apps.voting.actions.box import open_box, seal_round
from doorstep.apps.voting.actions.recounting import recounted
from doorstep.apps.voting.actions.rewriting import rewrite_what_is_owed
from doorstep.apps.voting.chores import rewrite_after_destroying
from doorstep.apps.voting.models import Claim, Envelope
from tests.apps.voting.boxes import running, vote
from tests.apps.voting.test_sealing_destroys_what_joins_a_ballot_to_a_voter import (
    everything_on_disk,
    patient,
)
from tests.apps.voting.test_totals_stand_on_a_recount_by_two import at_home
from tests.millbrook import ACTOR

pytestmark = pytest.mark.usefixtures(patient.__name__)


def box_opened(**more: object):
    world = running(**more)
    for voter in range(3):
        vote(world, voter, [voter])
    world.end()
    world.look(1, 2)
    sealed = [bytes(one)[65:97] for one in Envelope.objects.values_list("sealed", flat=True)]
    world.round = open_box(world.round, actor=ACTOR)
    return world, sealed


def left(pieces: list[bytes]) -> int:
    disk = everything_on_disk()
    return sum(piece in disk for piece in pieces)


def test_the_worker_rewrites_for_somebody_who_was_killed(committed_db):
    world, sealed = box_opened()
    seal_round(world.round, actor=ACTOR)
    assert world.poll.rewrite_owed
    assert left(sealed) == 3
    rewrite_after_destroying()
    assert not world.poll.rewrite_owed
    assert left(sealed) == 0


def test_a_busy_database_is_rewritten_later(committed_db, monkeypatch):
    world, sealed = box_opened()
    monkeypatch.setattr(rewriting, "PATIENCE", 1)
    reader = connections["default"].copy()
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ"  # as pg_dump does; it locks no table of ours
    if connection.vendor == "sqlite":
        begin = "BEGIN"
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 200")
    try:
        with reader.cursor() as cursor:
            cursor.execute(begin)
            cursor.execute("SELECT count(*) FROM rounds_looks")
        seal_round(world.round, actor=ACTOR)
        assert rewrite_what_is_owed() is False
        assert world.poll.rewrite_owed
    finally:
        reader.close()
    monkeypatch.setattr(rewriting, "PATIENCE", 600)
    assert rewrite_what_is_owed() is True
    assert not world.poll.rewrite_owed
    assert left(sealed) == 0


def test_whoever_writes_elsewhere_on_the_server_is_waited_for_too(committed_db, monkeypatch):
    """A snapshot on PostgreSQL is as old as the oldest writer of any database beside ours."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no other databases in its file")
    world, sealed = box_opened()
    monkeypatch.setattr(rewriting, "PATIENCE", 1)
    elsewhere = connections["default"].copy()
    elsewhere.settings_dict["NAME"] = "postgres"
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT pg_current_xact_id()")
        seal_round(world.round, actor=ACTOR)
        assert rewrite_what_is_owed() is False
    finally:
        elsewhere.close()
    monkeypatch.setattr(rewriting, "PATIENCE", 600)
    assert rewrite_what_is_owed() is True
    assert left(sealed) == 0


def test_ballots_of_which_only_totals_are_published_leave_the_disk_when_two_have_recounted(
    committed_db,
):
    world, _sealed = box_opened(publication="aggregate")
    world.round = count_round(world.round, actor=ACTOR)
    packed = bytes(Round.objects.get(pk=world.round.pk).box.packed)
    mine = at_home(world)
    for number, done in ((1, False), (2, True)):
        assert left([packed]) == 1
        trustee = world.trustee(number)
        signed = recounted(
            world.round, mine, signer=trustee.account, name=trustee.name, actor=ACTOR
        )
        assert signed is done
    assert left([packed]) == 0


def test_an_owner_who_is_no_superuser_rewrites_too(committed_db):
    """As docs/running.md makes one: PostgreSQL refuses it a CHECKPOINT, which nothing waits for."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no roles")
    role = f"doorstep_plain_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role} NOLOGIN")
        cursor.execute(f"ALTER TABLE voting_claim OWNER TO {role}")
        try:
            cursor.execute(f"SET ROLE {role}")
            rewriting.rewrite(cursor, [Claim])
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("ALTER TABLE voting_claim OWNER TO CURRENT_USER")
            cursor.execute(f"DROP OWNED BY {role}")
            cursor.execute(f"DROP ROLE {role}")


@pytest.mark.django_db
def test_nothing_owed_is_nothing_rewritten(monkeypatch):
    monkeypatch.setattr(rewriting, "compact", pytest.fail)
    assert rewrite_what_is_owed() is True
