"""What members learned is written once, and a duty is held and goes back once; each seal that holds
it is missed when it is gone."""

import pytest
from django.db import connection

from doorstep.apps.record import seals
from tests.apps.partnerships.learning import learned
from tests.apps.partnerships.test_every_seal_of_meetings_bites import admitted
from tests.apps.record.losing import idle

OURS = {"partnerships_learningentry", "partnerships_learningwithdrawn"}
ENTRY = (
    'INSERT INTO partnerships_learningentry (partnership_id, number, kind, "on", words_id, what,'
    " before, returns_id, leaf_id) SELECT partnership_id, 99, '{kind}', '{on}', words_id, '{what}',"
    " '{before}', {returns}, (SELECT MAX(id) FROM record_leaf) FROM partnerships_learningentry"
    " WHERE kind = 'given_back' LIMIT 1"
)
WITHDRAWN = (
    'INSERT INTO partnerships_learningwithdrawn (entry_id, reason_id, "on", leaf_id) SELECT id,'
    " (SELECT MAX(id) FROM record_wording), '2026-09-01', (SELECT MIN(id) FROM record_leaf)"
    " FROM partnerships_learningentry WHERE number = {number}"
)


def back(number: int, on: str = "2026-08-30") -> str:
    duty = f"(SELECT id FROM partnerships_learningentry WHERE number = {number})"
    return ENTRY.format(kind="given_back", on=on, what="", before="", returns=duty)


def duty(what: str, on: str = "2026-08-30") -> str:
    return ENTRY.format(kind="duty", on=on, what=what, before="host", returns="NULL")


FORBIDDEN = {
    "a duty that went back goes back again": back(1),
    "support goes back": back(4),
    "a duty that was withdrawn goes back": back(5),
    "a duty goes back before it was taken over": back(3, on="2026-07-01"),
    "a duty taken over twice": duty("books"),
    "a duty taken over before it went back": duty("agenda", on="2026-08-01"),
    "a duty withdrawn before that it went back": WITHDRAWN.format(number=6),
    "what went back withdrawn after it was taken over again": WITHDRAWN.format(number=2),
    **{f"{table} changed": f'UPDATE {table} SET "on" = "on"' for table in sorted(OURS)},
    **{f"{table} removed": f"DELETE FROM {table}" for table in sorted(OURS)},
}


def ours() -> list[seals.Seal]:
    """Those that a rule of this room needs; whatever closes a table is tried for all rooms."""
    mine = [seal for seal in seals.triggers(connection.vendor) if seal.table in OURS]
    return [seal for seal in mine if not seal.name.startswith(f"{seal.table}_no_")]


@pytest.fixture
def world(committed_db):
    learned()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")


def test_what_was_learned_stays_and_each_seal_is_missed(world) -> None:
    assert not [name for name, sql in FORBIDDEN.items() if admitted(sql)]
    assert admitted(duty("agenda")), "what went back may be taken over again"
    assert not idle(ours(), admitted, FORBIDDEN.values())
    for seal in seals.triggers(connection.vendor):
        if seal.table in OURS:
            with connection.cursor() as cursor:
                on = f" ON {seal.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {seal.name}{on}")
    refused = [name for name, sql in FORBIDDEN.items() if not admitted(sql)]
    assert not refused, "these never came as far as a seal"
    assert seals.missing_seals()
