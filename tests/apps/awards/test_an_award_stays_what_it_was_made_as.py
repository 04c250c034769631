"""The database holds an award still, all but its state; each of its seals is missed when gone."""

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from doorstep.apps.awards.actions import settle_round
from doorstep.apps.awards.models import Award
from doorstep.apps.record import seals
from doorstep.apps.rounds.actions import count_round
from tests.millbrook import ACTOR, DAY, closed, place_with_money

VENDOR = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2].removesuffix("3")
COLUMNS = {field.column for field in Award._meta.local_fields} - {"state"}
# Something else for every column, that no constraint alone would refuse.
OTHER = {
    "id": "id + 1000",
    "slug": "slug || '-other'",
    "place_id": "place_id + 1000",
    "project_id": "NULL",
    "title_id": "(SELECT min(id) FROM record_wording)",
    "kind": "'quick'",
    "is_example": "NOT is_example",
    "pence": "pence + 1",
    "decision_id": "(SELECT min(id) FROM record_leaf)",
    "made_id": "(SELECT max(id) FROM record_leaf) - made_id",
    "commitment_id": "commitment_id + 1000",
}
FORBIDDEN = {column: f"UPDATE awards_award SET {column} = {OTHER[column]}" for column in OTHER} | {
    "removed": "DELETE FROM awards_award"
}
if VENDOR == "postgresql":
    # It would have to cascade to agreements and payments, which refuse it.
    ELSEWHERE = {"emptied": "TRUNCATE awards_award CASCADE"}
else:
    ELSEWHERE = {}
    # Each key in turn is all that the new row shares with the one it would replace.
    KEYS = ["id", "slug", "project_id", "made_id", "commitment_id"]
    KEPT = ["place_id", "title_id", "kind", "is_example", "state", "pence", "decision_id"]
    FORBIDDEN |= {
        f"replaced by its {key}": "INSERT OR REPLACE INTO awards_award"
        f" ({', '.join(KEYS + KEPT)}) SELECT"
        f" {', '.join(one if one == key else OTHER[one] for one in KEYS)},"
        f" {', '.join(KEPT)} FROM awards_award"
        for key in KEYS
    }


@pytest.fixture
def awarded(committed_db):
    settle_round(count_round(closed(place_with_money()), actor=ACTOR), on=DAY, actor=ACTOR)
    assert Award.objects.exists()
    with connection.cursor() as cursor:
        if VENDOR == "sqlite":
            cursor.execute("PRAGMA recursive_triggers = OFF")
            cursor.execute("PRAGMA foreign_keys = OFF")
    return committed_db


def admitted(sql: str) -> bool:
    """Whether the database lets this happen; undone either way."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if VENDOR == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(sql)
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def test_every_column_but_the_state_is_tried():
    assert set(OTHER) == COLUMNS


def test_nothing_forbidden_is_admitted(awarded):
    tried = FORBIDDEN | ELSEWHERE
    assert [name for name, sql in tried.items() if admitted(sql)] == []


def test_the_state_may_move_on(awarded):
    assert admitted("UPDATE awards_award SET state = 'agreed'")


def test_the_application_may_change_the_state_alone():
    assert seals.changing_columns()["awards_award"] == "state"


def test_without_its_seal_each_is_admitted(awarded):
    """So the seal, and not a constraint behind it, is what refuses."""
    kept = {f"awards_award_{what}" for what in ("stays", "no_delete", "no_replace")}
    ours = [seal for seal in seals.triggers(VENDOR) if seal.name in kept]
    for seal in ours:
        with connection.cursor() as cursor:
            on = f" ON {seal.table}" if VENDOR == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {seal.name}{on}")
        assert any(admitted(sql) for sql in FORBIDDEN.values()), seal.name
        seals.install(connection)
    with connection.cursor() as cursor:
        for seal in ours:
            on = f" ON {seal.table}" if VENDOR == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {seal.name}{on}")
    assert [name for name, sql in FORBIDDEN.items() if not admitted(sql)] == []
