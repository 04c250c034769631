"""`doorstep verify` finds a changed value behind the seals' back, and says where it stands."""

import pytest
from django.db import connection
from typer.testing import CliRunner

from doorstep.apps.places.actions import record_need
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
    "a round's title": (
        "UPDATE rounds_round SET title_id = (SELECT min(id) FROM record_wording)",
        "Round r",
    ),
    "example for live": ("UPDATE rounds_round SET is_example = NOT is_example", "Round r"),
    "a step taken back": (
        "UPDATE rounds_round SET state = 'counted', settled_id = NULL",
        "Round r",
    ),
    "a round's decision": (
        "UPDATE rounds_round SET settled_id = (SELECT min(id) FROM record_leaf)",
        "Round r",
    ),
    "a round made a draft": (
        "UPDATE rounds_round SET state = 'draft', frozen_id = NULL, closed_id = NULL,"
        " counted_id = NULL, settled_id = NULL",
        "Round r",
    ),
    "an award's title": (
        "UPDATE awards_award SET title_id = (SELECT min(id) FROM record_wording)",
        "Award r-1",
    ),
    "an award's flag": ("UPDATE awards_award SET is_example = NOT is_example", "Award r-1"),
    "an award gone": ("DELETE FROM awards_award WHERE slug = 'r-1'", "the award it made is gone"),
    "a sum that arrived": (
        "UPDATE fund_arrival SET pence = pence + 100000000, reserved_pence = 0",
        "Arrival of entry 1",
    ),
    "what is kept for owners": (
        "UPDATE fund_arrival SET reserved_pence = reserved_pence - 1 WHERE kind = 'dormant'",
        "another part of it is kept",
    ),
    "a match": (
        "UPDATE fund_arrival SET pence = 2 * pence WHERE kind = 'match'",
        "it brought the match to",
    ),
    "a giver": ("UPDATE fund_arrival SET giver = 'Nobody'", "Arrival of entry 1"),
    "a day of arrival": (
        "UPDATE fund_arrival SET arrived_on = '2026-06-02'",
        "took effect on another day",
    ),
    "an arrival gone": ("DELETE FROM fund_arrival WHERE kind = 'match'", "its row is gone"),
    "a share": ("UPDATE fund_allocation SET pence = pence * 2", "Share of entry 3"),
    "a term": ("UPDATE fund_allocation SET ends_on = '2046-03-31'", "Share of entry 3"),
    "a share gone": ("DELETE FROM fund_allocation", "the share it decided is gone"),
    "a fund's name": ("UPDATE fund_fund SET name = 'Mine'", "Fund fund-of-millbrook-east"),
    "a fund's id": ("UPDATE fund_fund SET slug = 'mine'", "Fund mine"),
    "a population": (
        "UPDATE places_place SET population = population * 2",
        "Place millbrook-east",
    ),
    "a place's name": ("UPDATE places_place SET name = 'Elsewhere'", "says another name"),
    "a place's id": ("UPDATE places_place SET slug = 'mine'", "Place mine"),
    "a figure of need": (
        "UPDATE places_needfigure SET value = value + 1",
        "The community_need figure of millbrook-east",
    ),
    "where a figure is from": ("UPDATE places_needfigure SET source = 'Us'", "figure or source"),
    "a figure gone": ("DELETE FROM places_needfigure", "not both there"),
    "an award": ("UPDATE awards_award SET pence = pence + 1 WHERE slug = 'r-1'", "Award r-1"),
    "a transfer": ("UPDATE ledger_transfer SET pence = pence + 1 WHERE id = 4", "Entry"),
    "a balance": ("UPDATE ledger_accountbalance SET credits = credits + 1", "Account"),
    "a leaf": ("UPDATE record_leaf SET kind = 'award.made' WHERE idx = 1", "Leaf 1 "),
    "a missing leaf": ("DELETE FROM record_leaf WHERE kind = 'round.settled'", "public log"),
    "words": ("UPDATE record_wording SET text = 'Another idea' WHERE text = 'A bench'", "ords"),
}


@pytest.fixture
def decided(committed_db):
    place = place_with_money(match=1_650_000)
    record_need(
        place, "community_need", 4_210, year=2024, boundary_year=2021, source="Made up",
        licence="CC0 1.0", actor=ACTOR,
    )  # fmt: skip
    round_ = closed(place, "r")
    close_and_settle(Round.objects.get(pk=round_.pk), actor=ACTOR)
    return committed_db


def changed(sql: str) -> None:
    """Do what the seals would refuse, as somebody with the file could, and put them back."""
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
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        else:
            cursor.execute("SET session_replication_role = origin")
    seals.install(connection)


def wrong() -> list[str]:
    return [line.text for line in verify_everything() if not line.sound]


def test_a_sound_install_is_called_sound(decided):
    lines = list(verify_everything())
    assert all(line.sound for line in lines), lines
    assert lines[-1].text == "Everything agrees with the record."


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_found_and_named(decided, what):
    sql, where = CHANGES[what]
    changed(sql)
    found = wrong()
    assert any(where in line for line in found), found
    assert not any("Seal" in line for line in found), found


def test_a_damaged_box_of_ballots_is_named(decided):
    """Found by ./doorstep torture rows --seed 153806904: unpacking it ended verify."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT packed FROM rounds_ballotbox")
        packed = bytearray(cursor.fetchone()[0])
    damaged = packed[:20] + bytes([packed[20] ^ 1]) + packed[21:]
    changed(f"UPDATE rounds_ballotbox SET packed = {hexed(damaged)}")
    found = wrong()
    assert any("Round r" in line for line in found), found
    changed(f"UPDATE rounds_ballotbox SET packed = {hexed(packed[:-9])}")
    assert any("Round r" in line for line in wrong())


def hexed(data: bytes) -> str:
    return f"x'{data.hex()}'" if connection.vendor == "sqlite" else f"'\\x{data.hex()}'::bytea"


def test_each_lost_seal_is_named(decided):
    """Somebody who lifts a seal and leaves it so is found before anything was changed."""
    lost = seals.triggers(connection.vendor)
    for seal in lost:
        with connection.cursor() as cursor:
            on = f" ON {seal.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {seal.name}{on}")
    found = wrong()
    for seal in lost:
        assert any(f"WRONG  Seal {seal.name} on {seal.table}" in line for line in found), seal.name
    assert {"record_leaf_no_update", "fund_arrival_no_update"} <= {seal.name for seal in lost}


def test_the_command_ends_with_1_when_something_is_wrong(decided):
    assert CliRunner().invoke(app, ["verify"]).exit_code == 0
    changed(CHANGES["an award"][0])
    told = CliRunner().invoke(app, ["verify"])
    assert told.exit_code == 1
    assert "WRONG  Award r-1" in told.stdout
