"""The database itself holds a frozen round still, and each of its seals is missed when dropped."""

import pytest
from django.db import DatabaseError, connection, transaction

from doorstep.apps.record import seals
from doorstep.apps.rounds import freezing
from tests.apps.rounds.live import everything
from tests.millbrook import closed, place_with_money

FORBIDDEN = {
    "another budget": "UPDATE rounds_round SET budget_pence = 1 WHERE slug = 'round-one'",
    "another rule": "UPDATE rounds_round SET rule = '{}' WHERE slug = 'round-one'",
    "another place's slug": "UPDATE rounds_round SET slug = 'mine' WHERE slug = 'round-one'",
    "live instead of example": "UPDATE rounds_round SET is_example = NOT is_example"
    " WHERE slug = 'round-one'",
    "back to draft": "UPDATE rounds_round SET state = 'draft', frozen_id = NULL, closed_id = NULL"
    " WHERE slug = 'round-one'",
    "back to frozen": "UPDATE rounds_round SET state = 'frozen', closed_id = NULL"
    " WHERE slug = 'round-one'",
    "two steps at once": "UPDATE rounds_round SET state = 'closed',"
    " frozen_id = (SELECT min(id) FROM record_leaf), closed_id = (SELECT min(id) FROM record_leaf)"
    " WHERE slug = 'a-draft'",
    "a cheaper idea": "UPDATE rounds_project SET cost_pence = 1"
    " WHERE round_id = (SELECT id FROM rounds_round WHERE slug = 'round-one')",
    "an idea moved away": "UPDATE rounds_project SET round_id ="
    " (SELECT id FROM rounds_round WHERE slug = 'a-draft') WHERE code = 'bus'"
    " AND round_id = (SELECT id FROM rounds_round WHERE slug = 'round-one')",
    "an idea removed": "DELETE FROM rounds_project WHERE code = 'bus'"
    " AND round_id = (SELECT id FROM rounds_round WHERE slug = 'round-one')",
    "an idea added": "INSERT INTO rounds_project (round_id, code, name_id, cost_pence)"
    " SELECT id, 'late', (SELECT max(id) FROM record_wording WHERE text = 'spare'), 5"
    " FROM rounds_round WHERE slug = 'round-one'",
    "counted without ballots": "UPDATE rounds_round SET state = 'counted',"
    " counted_id = (SELECT max(id) FROM record_leaf) WHERE slug = 'tight'",
    "another reason to call it off": "UPDATE rounds_round SET cancel_reason_id ="
    " (SELECT max(id) FROM record_wording WHERE text = 'spare') WHERE slug = 'off'",
    "a vote after all": "UPDATE rounds_round SET without_vote = NOT without_vote"
    " WHERE slug = 'street'",
    "back from called off": "UPDATE rounds_round SET state = 'frozen', cancelled_id = NULL,"
    " cancel_reason_id = NULL WHERE slug = 'off'",
    "other terms": "UPDATE rounds_terms SET minimum_age = 99 WHERE round_id ="
    " (SELECT id FROM rounds_round WHERE slug = 'street')",
    "no terms": "DELETE FROM rounds_terms WHERE round_id ="
    " (SELECT id FROM rounds_round WHERE slug = 'street')",
    "terms of a draft given to a frozen round": "UPDATE rounds_terms SET round_id ="
    " (SELECT id FROM rounds_round WHERE slug = 'round-one') WHERE round_id ="
    " (SELECT id FROM rounds_round WHERE slug = 'a-draft')",
    "terms too late": "INSERT INTO rounds_terms (round_id, size, ideas_from, ideas_until,"
    " checked_by, opens_at, closes_at, grounds, minimum_age, minimum_choices,"
    " encouraged_choices, publication, secrecy, expected_voters, languages) SELECT"
    " (SELECT id FROM rounds_round WHERE slug = 'round-one'), size, ideas_from, ideas_until,"
    " checked_by, opens_at, closes_at, grounds, minimum_age, minimum_choices,"
    " encouraged_choices, publication, secrecy, expected_voters, languages FROM rounds_terms"
    " WHERE round_id = (SELECT id FROM rounds_round WHERE slug = 'street')",
    "an idea taken off too late": "INSERT INTO rounds_withdrawal (project_id, reason_id, leaf_id)"
    " SELECT (SELECT id FROM rounds_project WHERE code = 'bus' AND round_id ="
    " (SELECT id FROM rounds_round WHERE slug = 'round-one')),"
    " (SELECT max(id) FROM record_wording WHERE text = 'spare'),"
    " (SELECT max(id) FROM record_leaf)",
    "another idea taken off": "UPDATE rounds_withdrawal SET project_id ="
    " (SELECT id FROM rounds_project WHERE code = 'bench' AND round_id ="
    " (SELECT id FROM rounds_round WHERE slug = 'street'))",
    "an idea put back": "DELETE FROM rounds_withdrawal",
    "a count for a closed round": "INSERT INTO rounds_tally (round_id, number, counter_id, text)"
    " SELECT id, 9, (SELECT min(counter_id) FROM rounds_tally), 'x' FROM rounds_round"
    " WHERE slug = 'room-done'",
    "another count": "UPDATE rounds_tally SET text = 'x' WHERE number = 3",
    "a count removed": "DELETE FROM rounds_tally WHERE number = 3",
    "a sheet of two that differ": "INSERT INTO rounds_tallysheet (round_id, first_id, second_id,"
    " first_counter_id, second_counter_id, photo_id) SELECT one.round_id, one.id, other.id,"
    " one.counter_id, other.counter_id, (SELECT max(id) FROM files_storedfile)"
    " FROM rounds_tally AS one JOIN rounds_tally AS other ON one.round_id = other.round_id"
    " JOIN rounds_round AS round ON round.id = one.round_id"
    " WHERE round.slug = 'room' AND one.number = 1 AND other.number = 3",
    "another sheet": "UPDATE rounds_tallysheet SET photo_id ="
    " (SELECT max(id) FROM files_storedfile)",
    "no sheet": "DELETE FROM rounds_tallysheet",
    "totals that nobody signed": "INSERT INTO rounds_ballotbox (round_id, form, packed, sha256,"
    " voters) SELECT (SELECT id FROM rounds_round WHERE slug = 'street'), 'totals', packed,"
    " sha256, voters FROM rounds_ballotbox WHERE form = 'totals'",
    "other ballots": "UPDATE rounds_ballotbox SET sha256 = 'x'",
    "no ballots": "DELETE FROM rounds_ballotbox",
    "no round": "DELETE FROM rounds_round WHERE slug = 'round-one'",
    "born closed": "INSERT INTO rounds_round (slug, place_id, title_id, state, is_example,"
    " budget_pence, vote_type, rule, created_at, without_vote, frozen_id, closed_id)"
    " SELECT 'born', place_id, (SELECT max(id) FROM record_wording WHERE text = 'spare'),"
    " 'closed', is_example, budget_pence, vote_type, rule, created_at,"
    " without_vote, (SELECT min(id) FROM record_leaf), (SELECT min(id) FROM record_leaf)"
    " FROM rounds_round WHERE slug = 'round-one'",
}
TABLES = (
    "rounds_round",
    "rounds_project",
    "rounds_terms",
    "rounds_withdrawal",
    "rounds_ballotbox",
    "rounds_result",
    "rounds_tally",
    "rounds_tallysheet",
)


@pytest.fixture
def sealed(committed_db, monkeypatch):
    for name in ("_checks", "_cancel_checks", "_parts", "_fills"):
        monkeypatch.setattr(freezing, name, type(getattr(freezing, name))())
    place = place_with_money(10_000_000)
    closed(place)
    everything(place)
    return committed_db


def admitted(sql: str) -> bool:
    """Whether the database lets this happen; undone either way."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SET CONSTRAINTS ALL DEFERRED"
                if connection.vendor == "postgresql"
                else "PRAGMA defer_foreign_keys = OFF"
            )
            cursor.execute(sql)
            touched = cursor.rowcount
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return touched != 0


def test_nothing_forbidden_is_admitted(sealed):
    assert [name for name, sql in FORBIDDEN.items() if admitted(sql)] == []


def test_a_draft_may_still_change(sealed):
    assert admitted("UPDATE rounds_round SET budget_pence = 7 WHERE slug = 'a-draft'")
    assert admitted(
        "UPDATE rounds_project SET cost_pence = 7 WHERE round_id ="
        " (SELECT id FROM rounds_round WHERE slug = 'a-draft')"
    )


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT OR REPLACE INTO rounds_round SELECT * FROM rounds_round WHERE slug = 'round-one'",
        "INSERT OR REPLACE INTO rounds_project SELECT * FROM rounds_project WHERE code = 'bus'",
        "INSERT OR REPLACE INTO rounds_ballotbox SELECT * FROM rounds_ballotbox",
        "INSERT OR REPLACE INTO rounds_terms SELECT * FROM rounds_terms",
        "INSERT OR REPLACE INTO rounds_withdrawal SELECT * FROM rounds_withdrawal",
        "INSERT OR REPLACE INTO rounds_tally SELECT * FROM rounds_tally WHERE number = 3",
        "INSERT OR REPLACE INTO rounds_tallysheet SELECT * FROM rounds_tallysheet",
    ],
)
def test_insert_or_replace_does_not_walk_around_the_seals(sealed, sql):
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
        cursor.execute("PRAGMA foreign_keys = OFF")
    assert not admitted(sql)


def ours() -> list[seals.Seal]:
    return [
        seal
        for seal in seals.triggers(connection.vendor)
        if seal.table in TABLES
        and seal.table != "rounds_result"
        and not seal.name.startswith("voting_")  # which voting tries by itself
    ]


def test_each_seal_is_missed_when_it_is_gone(sealed):
    """Drop one at a time: some forbidden statement must then get through, or it guards nothing."""
    forbidden = list(FORBIDDEN.values())
    if connection.vendor == "sqlite":
        forbidden += [
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
            for table in ("rounds_project", "rounds_ballotbox", "rounds_round", "rounds_withdrawal")
        ]
        forbidden += [
            "INSERT OR REPLACE INTO rounds_tallysheet SELECT * FROM rounds_tallysheet",
            "INSERT OR REPLACE INTO rounds_tally SELECT * FROM rounds_tally WHERE round_id ="
            " (SELECT id FROM rounds_round WHERE slug = 'room')",
        ]
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = OFF")
            cursor.execute("PRAGMA foreign_keys = OFF")
    unnoticed = [
        seal.name
        for seal in ours()
        if not (
            truncated_without(seal)
            if seal.name.endswith("_no_truncate")
            else admitted_without(seal, forbidden)
        )
    ]
    assert unnoticed == []


def admitted_without(seal: seals.Seal, forbidden: list[str]) -> bool:
    dropped(seal)
    noticed = any(admitted(sql) for sql in forbidden)
    seals.install(connection)
    return noticed


def truncated_without(seal: seals.Seal) -> bool:
    """TRUNCATE … CASCADE reaches the tables that point here, and each of them refuses too: so all
    the others are gone already, and only this one stands in the way."""
    for other in seals.triggers(connection.vendor):
        if other.name.endswith("_no_truncate") and other.name != seal.name:
            dropped(other)
    sql = f"TRUNCATE {seal.table} CASCADE"
    refused = not admitted(sql)
    dropped(seal)
    noticed = refused and admitted(sql)
    seals.install(connection)
    return noticed


def dropped(seal: seals.Seal) -> None:
    with connection.cursor() as cursor:
        on = f" ON {seal.table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {seal.name}{on}")
