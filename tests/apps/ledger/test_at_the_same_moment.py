"""Many writers at one moment: no pot below nothing, no entry twice, no number left out."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import date

import pytest
from django.db import connection

from doorstep.apps.ledger.actions import Line, open_account, post, reverse
from doorstep.apps.ledger.models import Journal, Transfer
from doorstep.apps.ledger.queries import balances
from doorstep.apps.ledger.verify import verify_ledger
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.verify import verify_record
from doorstep.apps.refused import Refused

CLERK, DAY = Actor("system", "test"), date(2026, 11, 22)
WORLD, POT, MILL = "world:f:match", "f:pot", "place:mill:available"
WRITERS = 32


def move(debit, credit, pence, key):
    return post(
        "f.moved", [Line(debit, credit, pence)], idem_key=key, actor=CLERK, effective_on=DAY
    )


@pytest.fixture
def pot(committed_db):
    for code in (WORLD, POT, MILL):
        open_account(code, fund="f", guard="none" if code == WORLD else "credit_nonneg")
    move(WORLD, POT, 1_000, "in")
    connection.close()
    return committed_db


def at_once(work, seconds: float = 120) -> Counter:
    """Run work(number) in 32 threads that start together; count what each came to. Whoever takes
    longer than `seconds` is not waited for, and so not counted."""
    start, told = threading.Barrier(WRITERS), []

    def run(number):
        try:
            start.wait(30)
            told.append(work(number))
        except Refused as refused:
            told.append(refused.code)
        except Exception as error:
            told.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
    return Counter(told)


def test_a_pot_is_never_overspent(pot):
    told = at_once(lambda number: bool(move(POT, MILL, 70, f"spend {number}")))
    assert told == {True: 14, "overspend": 18}
    assert balances([POT, MILL]) == {POT: 20, MILL: 980}
    assert [*verify_record(), *verify_ledger()] == []


def test_one_key_makes_one_entry(pot):
    told = at_once(lambda number: move(POT, MILL, 70, "once").seq)
    assert told == {2: WRITERS}
    assert Journal.objects.count() == Transfer.objects.count() == 2
    assert balances([MILL]) == {MILL: 70}


def test_an_entry_is_taken_back_once(pot):
    entry = move(POT, MILL, 70, "wrong")
    told = at_once(
        lambda number: bool(reverse(entry, idem_key=f"back {number}", actor=CLERK, reason="Wrong"))
    )
    assert told[True] == 1
    assert sum(told.values()) == WRITERS
    assert set(told) <= {True, "reversed", "ledger-seal", "overspend"}
    assert balances([POT, MILL]) == {POT: 1_000, MILL: 0}


WRITER = """
import sys
import django
django.setup()
from tests.apps.ledger.test_at_the_same_moment import POT, WORLD, move
number = int(sys.argv[1])
while True:
    move(WORLD, POT, 1, f"k{number}")
    print(number, flush=True)
    number += 1
"""


def test_a_killed_writer_loses_nothing_and_leaves_nothing_half_done(pot):
    """kill -9 in mid-stride: what was acknowledged stands, and the key in flight can be retried."""
    acknowledged = -1
    environment = os.environ | {
        "DOORSTEP_DATABASE_URL": pot.url,
        "DJANGO_SETTINGS_MODULE": "doorstep.site.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    for enough in (3, 11, 6):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(acknowledged + 1)],
            env=environment, stdout=subprocess.PIPE, text=True,
        ) as writer:  # fmt: skip
            assert writer.stdout is not None
            for _count in range(enough):
                acknowledged = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
            left = writer.stdout.read().split()
            acknowledged = int(left[-1]) if left else acknowledged
        in_flight = move(WORLD, POT, 1, f"k{acknowledged + 1}")
        acknowledged += 1
        assert in_flight.n_lines == 1
        assert Journal.objects.count() == acknowledged + 2
        assert balances([POT]) == {POT: 1_000 + acknowledged + 1}
        assert [*verify_record(), *verify_ledger()] == []
        connection.close()
