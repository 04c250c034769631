"""A promise stays what it was and as it ended; each seal of that is missed when it is gone."""

import pytest
from django.db import connection

from doorstep.apps.promises.actions import keep
from doorstep.apps.record import seals
from tests.apps.partnerships.test_every_seal_of_meetings_bites import admitted
from tests.apps.promises.conftest import ASKED, TEST, promised
from tests.apps.record.losing import idle
from tests.millbrook import place_with_money

ENDED = " WHERE state = 'met'"
OPEN = " WHERE state = 'open'"
# What only this seal refuses.
FORBIDDEN = {
    "promises_promise_stays_ended": f"UPDATE promises_promise SET extended = extended + 1{ENDED}",
    "promises_promise_is_the_same": f"UPDATE promises_promise SET made_on = '2020-01-01'{OPEN}",
    "promises_promise_changes": f"UPDATE promises_promise SET public = NOT public{OPEN}",
    "promises_promise_no_delete": "DELETE FROM promises_promise",
    "promises_promise_no_truncate": "TRUNCATE promises_promise CASCADE",
    "promises_promise_no_replace": "INSERT OR REPLACE INTO promises_promise"
    " SELECT * FROM promises_promise",
}
# What becomes of a promise otherwise.
MORE = (
    f"UPDATE promises_promise SET state = 'open', ended_on = NULL{ENDED}",
    f"UPDATE promises_promise SET subject = 'another'{OPEN}",
    f"UPDATE promises_promise SET owed_by_role = 'council_officer'{OPEN}",
    f"UPDATE promises_promise SET state = 'met', ended_on = due_on{OPEN}",
    f"UPDATE promises_promise SET steps_taken = steps_taken - 1{OPEN}",
)


def ours() -> list[seals.Seal]:
    return [one for one in seals.triggers(connection.vendor) if one.table == "promises_promise"]


@pytest.fixture
def two(committed_db) -> None:
    """A promise that was kept and one that is open."""
    east = place_with_money()
    keep(promised(east, "Mend the gate"), on=ASKED, actor=TEST)
    promised(east, "Paint the hall")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = OFF")
            cursor.execute("PRAGMA foreign_keys = OFF")


def test_every_seal_has_a_statement_that_it_refuses() -> None:
    assert {seal.name for seal in ours()} <= set(FORBIDDEN)


def test_a_promise_stays_and_each_seal_is_missed_when_gone(two) -> None:
    there = {seal.name: FORBIDDEN[seal.name] for seal in ours()}
    assert [sql for sql in (*there.values(), *MORE) if admitted(sql)] == []
    for seal in ours():
        assert not idle([seal], admitted, [there[seal.name]]), seal.name
    assert admitted(f"UPDATE promises_promise SET extended = extended + 1{OPEN}")
