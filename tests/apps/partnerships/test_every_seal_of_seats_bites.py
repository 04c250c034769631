"""Who stood, how seats were filled and by which seed stay; each seal of it is missed when gone."""

import pytest
from django.db import connection

from doorstep.apps.partnerships.actions import seats
from doorstep.apps.record import seals
from tests.apps.partnerships.meeting import group
from tests.apps.partnerships.test_every_seal_of_meetings_bites import admitted, drop_seals_of
from tests.apps.partnerships.test_seats_are_filled_by_two_and_drawn_again_by_anybody import (
    CLOSES,
    OTHER,
    SEED,
    opened,
)

OURS = {"partnerships_filling", "partnerships_candidate"}
OPEN = "(SELECT id FROM partnerships_filling WHERE state = 'open')"
FORBIDDEN = {
    "another seed for a lot that was drawn": (
        "UPDATE partnerships_filling SET seed = 'mine' WHERE state = 'filled'"
    ),
    "more seats while people stand": "UPDATE partnerships_filling SET seats = 9",
    "votes after the seats were filled": (
        f"UPDATE partnerships_candidate SET votes = 99 WHERE filling_id <> {OPEN}"
    ),
    "another order of those who stand": "UPDATE partnerships_candidate SET number = number + 20",
    **{f"{table} removed": f"DELETE FROM {table}" for table in sorted(OURS)},
}


@pytest.fixture
def world(committed_db) -> None:
    """One lot that was drawn, and one for which people may still stand."""
    told = group()
    seats.settle_filling(opened(told), seed=SEED, on=CLOSES, actor=OTHER)
    opened(told, stand=2)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")


def test_how_seats_were_filled_stays_and_each_seal_is_missed(world) -> None:
    assert not [name for name, sql in FORBIDDEN.items() if admitted(sql)]
    drop_seals_of(OURS)
    refused = [name for name, sql in FORBIDDEN.items() if not admitted(sql)]
    assert not refused, "these never came as far as a seal"
    assert {seal.partition(" on ")[2] for seal in seals.missing_seals()} == OURS
