"""However many count at one moment, each is told a number of its own; and a count ends in time."""

import threading

import pytest
import time_machine
from django.db import connection, transaction

from doorstep.apps.limits.actions import count_one, counted, forget_what_is_over
from doorstep.apps.limits.models import Count

NOON = "2026-11-28T12:00:00Z"


def test_counts_at_one_moment_are_all_counted(committed_db):
    told: list[int] = []
    ready = threading.Barrier(16)

    def count() -> None:
        ready.wait(30)
        try:
            told.extend(count_one("a", 900) for _ in range(10))
        finally:
            connection.close()

    connection.close()
    threads = [threading.Thread(target=count) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == list(range(1, 161))
    assert counted("a") == 160
    assert counted("b") == 0


@pytest.mark.django_db
def test_a_count_lasts_from_its_first_and_begins_anew():
    with time_machine.travel(NOON, tick=False) as clock:
        assert count_one("a", 900) == 1
        clock.shift(890)
        assert count_one("a", 900) == 2
        clock.shift(9)
        assert counted("a") == 2
        clock.shift(1)
        assert counted("a") == 0
        assert count_one("a", 900) == 1
        assert count_one("a", 900) == 2


@pytest.mark.django_db
def test_what_is_over_is_deleted_and_nothing_else():
    with time_machine.travel(NOON, tick=False) as clock:
        count_one("short", 60)
        count_one("long", 61)
        clock.shift(60)
        forget_what_is_over()
        assert [row.key for row in Count.objects.all()] == ["long"]


def test_a_count_in_somebody_elses_transaction_is_a_fault(committed_db):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        count_one("a", 60)
