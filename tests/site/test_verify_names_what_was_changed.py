"""`doorstep verify` finds a changed value behind the seals' back, and says where it stands."""

import pytest
from django.db import connection
from typer.testing import CliRunner

from doorstep.apps.record import seals
from doorstep.apps.rounds.models import Round
from doorstep.cli import app
from doorstep.site.operations import close_and_settle
from doorstep.site.verify import verify_everything
from tests.millbrook import ACTOR, closed, place_with_money

# What somebody with the database file might change, and what verify then calls it.
CHANGES = {
    "a result": ("UPDATE rounds_result SET outcome = replace(outcome, 'bench', 'bus')", "Round r"),
    "the sealed hash of ballots": ("UPDATE rounds_ballotbox SET sha256 = 'x'", "Round r"),
    "a budget": ("UPDATE rounds_round SET budget_pence = budget_pence + 1", "Round r"),
    "a cost": ("UPDATE rounds_project SET cost_pence = 1 WHERE code = 'bus'", "Round r"),
    "an award": ("UPDATE awards_award SET pence = pence + 1 WHERE slug = 'r-1'", "Award r-1"),
    "a transfer": ("UPDATE ledger_transfer SET pence = pence + 1 WHERE id = 4", "Entry"),
    "a balance": ("UPDATE ledger_accountbalance SET credits = credits + 1", "Account"),
    "a leaf": ("UPDATE record_leaf SET kind = 'award.made' WHERE idx = 1", "Leaf 1 "),
    "a missing leaf": ("DELETE FROM record_leaf WHERE kind = 'round.settled'", "public log"),
    "words": ("UPDATE record_wording SET text = 'Another idea' WHERE text = 'A bench'", "ords"),
}


@pytest.fixture
def decided(committed_db):
    round_ = closed(place_with_money(), "r")
    close_and_settle(Round.objects.get(pk=round_.pk), actor=ACTOR)
    return committed_db


def changed(sql: str) -> None:
    """Do what the seals would refuse, as somebody with the file could."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            seals.remove(connection)
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            for seal in seals.triggers("postgresql"):
                cursor.execute(f"DROP TRIGGER {seal.name} ON {seal.table}")
            cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        assert cursor.rowcount, sql


def test_a_sound_install_is_called_sound(decided):
    lines = list(verify_everything())
    assert all(line.sound for line in lines), lines
    assert lines[-1].text == "Everything agrees with the record."


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_found_and_named(decided, what):
    sql, where = CHANGES[what]
    changed(sql)
    wrong = [line.text for line in verify_everything() if not line.sound]
    assert any(where in line for line in wrong), wrong


def test_the_command_ends_with_1_when_something_is_wrong(decided):
    assert CliRunner().invoke(app, ["verify"]).exit_code == 0
    changed(CHANGES["an award"][0])
    told = CliRunner().invoke(app, ["verify"])
    assert told.exit_code == 1
    assert "WRONG  Award r-1" in told.stdout
