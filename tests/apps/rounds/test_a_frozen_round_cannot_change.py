"""The database itself holds a frozen round still, and each of its seals is missed when dropped."""

import pytest
from django.db import DatabaseError, connection, transaction

from doorstep.apps.record import seals
from tests.millbrook import closed, drafted, place_with_money

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
    "other ballots": "UPDATE rounds_ballotbox SET sha256 = 'x'",
    "no ballots": "DELETE FROM rounds_ballotbox",
    "no round": "DELETE FROM rounds_round WHERE slug = 'round-one'",
    "born closed": "INSERT INTO rounds_round (slug, place_id, title_id, state, is_example,"
    " budget_pence, vote_type, rule, created_at, frozen_id, closed_id)"
    " SELECT 'born', place_id, (SELECT max(id) FROM record_wording WHERE text = 'spare'),"
    " 'closed', is_example, budget_pence, vote_type, rule, created_at,"
    " (SELECT min(id) FROM record_leaf), (SELECT min(id) FROM record_leaf)"
    " FROM rounds_round WHERE slug = 'round-one'",
}
TABLES = ("rounds_round", "rounds_project", "rounds_ballotbox", "rounds_result")


@pytest.fixture
def sealed(committed_db):
    from doorstep.apps.record.actions import keep_words

    place = place_with_money()
    closed(place)
    drafted(place, "a-draft")
    keep_words("spare")
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
    ],
)
def test_insert_or_replace_does_not_walk_around_the_seals(sealed, sql):
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
        cursor.execute("PRAGMA foreign_keys = OFF")
    assert not admitted(sql)


def test_each_seal_is_missed_when_it_is_gone(sealed):
    """Drop one at a time: some forbidden statement must then get through, or it guards nothing."""
    forbidden = list(FORBIDDEN.values())
    if connection.vendor == "sqlite":
        forbidden += [
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
            for table in ("rounds_project", "rounds_ballotbox", "rounds_round")
        ]
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = OFF")
            cursor.execute("PRAGMA foreign_keys = OFF")
    else:
        forbidden += [f"TRUNCATE {table} CASCADE" for table in TABLES]
    unnoticed = []
    for seal in seals.triggers(connection.vendor):
        if seal.table not in TABLES or seal.table == "rounds_result":
            continue
        with connection.cursor() as cursor:
            on = f" ON {seal.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {seal.name}{on}")
            if seal.name == "rounds_project_no_truncate":
                # TRUNCATE … CASCADE would reach the awards, which refuse it too.
                cursor.execute("DROP TRIGGER awards_award_no_truncate ON awards_award")
        if not any(admitted(sql) for sql in forbidden):
            unnoticed.append(seal.name)
        seals.install(connection)
    assert unnoticed == []
