"""The worker does chores one at a time across workers, runs tasks, takes up what a dead one left,
and ends cleanly. `tests/site/test_the_server_stays_up.py` shows that `serve` keeps one alive."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from doorstep.apps import chores as registry
from doorstep.apps.outbox.actions import tell
from doorstep.apps.outbox.models import ChoreRun, Message, WorkerBeat
from doorstep.site import server, worker
from doorstep.site.logs import Plain
from doorstep.site.worker import SILENCE, Worker, forget_old_tasks, take_up_abandoned_tasks

DONE: Counter[str] = Counter()


@task
def add(number: int) -> int:
    DONE["add"] += number
    return number


@task
def break_down() -> None:
    raise ValueError("ann@millbrook.example was not found")


@pytest.fixture(autouse=True)
def counters(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    DONE.clear()


@pytest.fixture
def only(monkeypatch):
    """Register chores of the test's own, and no others."""
    monkeypatch.setattr(registry, "_chores", {})

    def register(work, every=timedelta(minutes=1), **more):
        work.__qualname__ = work.__name__
        return registry.chore(every=every, **more)(work)

    return register


def finish(one: Worker) -> None:
    one.run(once=True)


def test_a_turn_does_a_chore_a_message_and_a_task(committed_db, only):
    def sweep() -> None:
        DONE["sweep"] += 1

    only(sweep)
    tell("ann@example.org", subject="S", text="T", topic="t", key="1", at_once=True)
    result = add.enqueue(3)
    finish(Worker())
    assert DONE == {"sweep": 1, "add": 3}
    assert len(mail.outbox) == 1
    result.refresh()
    assert result.return_value == 3


def test_a_chore_is_done_at_its_times(committed_db, only):
    def sweep() -> None:
        DONE["sweep"] += 1

    only(sweep)
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for minutes, times in ((0, 1), (0.5, 1), (1, 2), (5, 3)):
            clock.move_to(start + timedelta(minutes=minutes))
            one = Worker()
            one._live()
            while one.turn():
                pass
            assert DONE["sweep"] == times


def test_a_chore_that_fails_is_logged_counted_and_tried_at_its_next_time(
    committed_db, only, caplog
):
    def sweep() -> None:
        DONE["sweep"] += 1
        if DONE["sweep"] < 3:
            raise RuntimeError("out of order")

    only(sweep, timedelta(0))
    one = Worker()
    one._live()
    for faults in (1, 2, 0):
        one.turn()
        assert ChoreRun.objects.get().faults == faults
    assert "sweep failed" in caplog.text


def test_two_workers_never_do_one_chore_at_one_time(committed_db, only):
    inside, most = Counter(), []
    lock = threading.Lock()

    def sweep() -> None:
        with lock:
            inside["now"] += 1
            most.append(inside["now"])
        time.sleep(0.02)
        with lock:
            inside["now"] -= 1

    only(sweep, timedelta(0))
    ChoreRun.objects.create(name=next(iter(registry._chores)), due_at=timezone.now())
    faults = []

    def work() -> None:
        try:
            one = Worker()
            one._live()
            while len(most) < 12:
                one._one_chore() or time.sleep(0.005)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert set(most) == {1}


def test_letters_leave_while_a_chore_waits_for_another_process(committed_db, only):
    """One such chore at a time; the worker that is told to stop, or to end, ends after it."""
    went = threading.Event()

    def check() -> None:
        DONE["checks"] += went.wait(20)

    def look() -> None:
        DONE["looks"] += DONE["checks"]

    only(check, waits=True)
    only(look, waits=True)
    tell("ann@example.org", subject="S", text="T", topic="t", key="1", at_once=True)
    one = Worker()
    working = threading.Thread(target=finish, args=(one,))
    working.start()
    wait_for(lambda: Message.objects.filter(state="sent").exists())
    assert ChoreRun.objects.filter(worker=one.name).count() == 1
    went.set()
    working.join(20)
    assert not working.is_alive()
    assert DONE["checks"] == 1
    assert not ChoreRun.objects.exclude(worker="", faults=0, ended_at__isnull=False).exists()


def test_a_chore_of_a_dead_worker_is_free_after_its_silence(committed_db, only):
    def sweep() -> None:
        DONE["sweep"] += 1

    only(sweep)
    now = timezone.now()
    name = next(iter(registry._chores))
    ChoreRun.objects.create(name=name, due_at=now, worker="dead")
    WorkerBeat.objects.create(worker="dead", seen_at=now)
    one = Worker()
    assert not one._one_chore(), "it may only be slow"
    WorkerBeat.objects.update(seen_at=now - SILENCE - timedelta(seconds=1))
    assert one._one_chore()
    assert DONE["sweep"] == 1


def test_a_task_that_fails_is_kept_with_its_fault_and_the_worker_goes_on(
    committed_db, only, caplog
):
    broken, whole = break_down.enqueue(), add.enqueue(1)
    finish(Worker())
    assert DBTaskResult.objects.get(pk=broken.id).status == "FAILED"
    assert DBTaskResult.objects.get(pk=whole.id).status == "SUCCESSFUL"
    [fault] = [record for record in caplog.records if record.exc_info]
    written = Plain("%(message)s").format(fault)
    assert "ValueError: … was not found" in written


@pytest.mark.parametrize("address", ["ann.o'b@millbrook.example", "+447700900123", "07700900123"])
def test_no_line_of_the_log_names_an_address(address):
    record = logging.LogRecord("x", logging.ERROR, "", 0, "To <%s>: no.", (address,), None)
    assert address not in Plain("%(message)s").format(record)
    assert Plain("%(message)s").format(record).endswith(": no.")


def test_a_task_of_a_dead_worker_is_begun_again_three_times_at_most(committed_db, only):
    result = add.enqueue(5)
    held = DBTaskResult.objects.filter(pk=result.id)
    for beginning in range(1, 4):
        held.get().claim(f"dead-{beginning}")
        WorkerBeat.objects.create(worker=f"dead-{beginning}", seen_at=timezone.now())
        take_up_abandoned_tasks()
        assert held.get().status == "RUNNING", "its worker may only be slow"
        WorkerBeat.objects.all().delete()
        take_up_abandoned_tasks()
        assert held.get().status == ("READY" if beginning < 3 else "FAILED")


def test_old_tasks_are_forgotten(committed_db, only):
    add.enqueue(1)
    finish(Worker())
    forget_old_tasks()
    assert DBTaskResult.objects.count() == 1
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=8))
    add.enqueue(1)
    forget_old_tasks()
    assert DBTaskResult.objects.get().status == "READY"


def test_the_database_may_be_away_for_a_while(committed_db, only, monkeypatch, caplog):
    monkeypatch.setattr(worker, "WAIT_AFTER_FAULT", 0)
    one = Worker()
    turns = iter([True, False])

    def turn() -> bool:
        if next(turns):
            from django.db import OperationalError

            raise OperationalError("server closed the connection; user=ann@example.org")
        one.stop()
        return False

    monkeypatch.setattr(one, "turn", turn)
    one.run()
    assert "waits for the database: OperationalError" in caplog.text
    assert "ann" not in caplog.text


def test_the_command_does_what_is_due_and_ends(committed_db):
    tell("ann@example.org", subject="S", text="Hello Ann", topic="t", key="1", at_once=True)
    tell("bob@example.org", subject="S", text="T", topic="t", key="2")
    connection.close()
    done = subprocess.run(
        [*COMMAND, "--once"], env=environment(committed_db), capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Hello Ann" in done.stdout
    assert sorted(Message.objects.values_list("state", flat=True)) == ["queued", "sent"]


def test_the_command_works_until_it_is_told_to_stop(committed_db):
    connection.close()
    running = subprocess.Popen(
        COMMAND, env=environment(committed_db), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    try:
        wait_for(lambda: WorkerBeat.objects.exists())
        tell("ann@example.org", subject="S", text="T", topic="t", key="1", at_once=True)
        wait_for(lambda: Message.objects.filter(state="sent").exists())
        running.send_signal(signal.SIGTERM)
        _out, said = running.communicate(timeout=20)
        assert running.returncode == 0, said
        assert "ann@" not in said
        assert not ChoreRun.objects.exclude(worker="").exists()
    finally:
        running.kill()
        running.wait()


COMMAND = [sys.executable, "-c", "from doorstep.cli import main; main()", "work"]


def environment(database) -> dict[str, str]:
    from django.conf import settings

    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(server.__file__).parents[2]),
        "DOORSTEP_DATA": str(settings.DATA),
        "DOORSTEP_DATABASE_URL": database.url,
    }


def wait_for(what) -> None:
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end, "it did not happen within 30 s"
        time.sleep(0.1)
