"""What a meeting decided is written once; each seal that holds it is missed when it is gone."""

import pytest
from django.db import DatabaseError, connection, transaction

from doorstep.apps.partnerships.actions.deciding import declare_at_meeting
from doorstep.apps.partnerships.actions.meetings import add_paper, end_meeting
from doorstep.apps.partnerships.actions.minutes import draft_minutes
from doorstep.apps.record import seals
from tests.apps.awards.test_what_became_of_the_money_is_told import picture
from tests.apps.partnerships.meeting import (
    KITCHEN,
    MET,
    NEXT,
    PLAN,
    SECRETARY,
    called,
    decided,
    item,
)
from tests.apps.partnerships.meeting import group as a_group
from tests.apps.record.losing import idle

OURS = {
    "partnerships_agendaitem", "partnerships_paper", "partnerships_declaration",
    "partnerships_presence", "partnerships_itemdecision", "partnerships_minutesstep",
    "partnerships_meeting",
}  # fmt: skip
DECISION = (
    "INSERT INTO partnerships_itemdecision (item_id, method, in_favour, against, abstained,"
    " present, counted, residents, quorum, majority, chair_id, outcome, decided_on, leaf_id)"
    " SELECT {item},"
    " 'none', 0, 0, 0, {present}, {counted}, {residents}, 3, 51, NULL, 'noted', '2026-06-17',"
    " (SELECT MAX(id) FROM record_leaf)"
)
OPEN_ITEM = "(SELECT MAX(id) FROM partnerships_agendaitem)"
ENDED_ITEM = (
    "(SELECT item.id FROM partnerships_agendaitem AS item WHERE item.number = 2"
    " AND item.meeting_id = (SELECT MIN(id) FROM partnerships_meeting))"
)
NOBODY = {"present": 0, "counted": 0, "residents": 0}
FORBIDDEN = {
    "presence after the decision": "INSERT INTO partnerships_presence (item_id, membership_id,"
    " lives_here, stays_out) SELECT item_id, (SELECT MAX(id) FROM partnerships_membership), true,"
    " '' FROM partnerships_itemdecision LIMIT 1",
    "a decision of a meeting that ended": DECISION.format(item=ENDED_ITEM, **NOBODY),
    "more in the room than there were": DECISION.format(item=OPEN_ITEM, **{**NOBODY, "present": 1}),
    "an ended meeting begun again": "UPDATE partnerships_meeting SET state = 'called', ended_id ="
    " NULL WHERE state = 'held'",
    "a meeting moved": "UPDATE partnerships_meeting SET called_on = '2026-01-01' WHERE state ="
    " 'called'",
    "a meeting removed": "DELETE FROM partnerships_meeting WHERE state = 'called'",
    **{
        f"{table} changed": f"UPDATE {table} SET {column} = {column}"
        for table, column in {
            "partnerships_agendaitem": "late", "partnerships_paper": "title_id",
            "partnerships_declaration": "kind", "partnerships_presence": "stays_out",
            "partnerships_itemdecision": "in_favour", "partnerships_minutesstep": "kind",
        }.items()
    },
    **{f"{table} removed": f"DELETE FROM {table}" for table in sorted(OURS)},
}  # fmt: skip


def ours() -> list[seals.Seal]:
    """Those that a rule of this room needs; whatever closes a table is tried for all rooms."""
    mine = [seal for seal in seals.triggers(connection.vendor) if seal.table in OURS]
    return [seal for seal in mine if not seal.name.startswith(f"{seal.table}_no_")]


@pytest.fixture
def world(committed_db):
    """A meeting that ended and was minuted, with an item not reached, and one that is to come."""
    told = a_group()
    meeting = called(told, KITCHEN, PLAN)
    add_paper(item(meeting), "Prices", picture(), actor=SECRETARY)
    declare_at_meeting(meeting, told.fay, "loyalty", actor=SECRETARY)
    decided(told, meeting)
    end_meeting(meeting, on=MET, actor=SECRETARY)
    draft_minutes(meeting, "It was so.", on=MET, actor=SECRETARY)
    called(told, PLAN, at=NEXT)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")
    return told


def admitted(sql: str) -> bool:
    """Whether the database lets this happen; undone either way."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(sql)
            touched = cursor.rowcount
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return touched != 0


def drop_seals_of(tables: set[str]) -> None:
    for seal in seals.triggers(connection.vendor):
        if seal.table in tables:
            with connection.cursor() as cursor:
                on = f" ON {seal.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {seal.name}{on}")


def test_what_was_decided_stays_and_each_seal_is_missed(world) -> None:
    let_in = [name for name, sql in FORBIDDEN.items() if admitted(sql)]
    assert not let_in
    assert not idle(ours(), admitted, FORBIDDEN.values())
    drop_seals_of(OURS)
    refused = [name for name, sql in FORBIDDEN.items() if not admitted(sql)]
    assert not refused, "these never came as far as a seal"
    assert seals.missing_seals()


def test_the_application_may_change_only_how_a_meeting_stands() -> None:
    assert seals.changing_columns()["partnerships_meeting"] == "state, why_id, ended_id"
    assert seals.append_only_tables() >= OURS - {"partnerships_meeting"}
