"""The worker: sends what is in the outbox, runs tasks, and does the chores, one after the other; a
chore that waits long for another process is done in a thread beside them, one such at a time.

Any number of workers may share a PostgreSQL database: each takes its work under a row's lock
(SKIP LOCKED), and what a dead one held is free again when it has been silent for a while. Work is
therefore done at least once: a chore or a task that was cut off is begun again, and must find what
is done already.
"""

import logging
import os
import secrets
import signal
import threading
from collections.abc import Sequence
from datetime import timedelta

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from doorstep.apps.chores import Chore, chore, chores
from doorstep.apps.outbox.models import ChoreRun, WorkerBeat
from doorstep.apps.outbox.queries import SILENCE
from doorstep.apps.outbox.sending import deliver_due

log = logging.getLogger(__name__)

IDLE = 1.0  # seconds between looking for work
BEAT = 15.0  # seconds between two signs of life
WAIT_AFTER_FAULT = 5.0
SENT_IN_A_TURN = 20
# A task that took down three workers is not given to a fourth.
MOST_BEGINNINGS = 3
TASKS_KEPT = timedelta(days=7)


class Worker:
    """Works until `stop`, which lets the piece in hand be finished."""

    def __init__(self) -> None:
        self.name = f"{os.getpid()}-{secrets.token_hex(8)}"
        self.stopped = threading.Event()
        self.beside: threading.Thread | None = None

    def stop(self) -> None:
        self.stopped.set()

    def run(self, *, once: bool = False) -> None:
        """Work until stopped; `once` ends when nothing is due."""
        beating = threading.Thread(target=self._beat, daemon=True)
        self._live()
        beating.start()
        while not self.stopped.is_set():
            close_old_connections()
            worked = self._guarded_turn()
            if once and not worked and not self._is_waiting():
                break
            if not worked:
                self.stopped.wait(IDLE)
        if self.beside is not None:
            self.beside.join()
        self.stopped.set()
        beating.join(timeout=5)
        self._rest()

    def turn(self) -> bool:
        """A little of everything, so that nothing waits behind a long queue of something else.
        False when there was nothing to do."""
        worked = False
        for piece in (self._one_chore, self._some_messages, self._one_task):
            if self.stopped.is_set():
                break
            worked = piece() or worked
        return worked

    def _guarded_turn(self) -> bool:
        try:
            return self.turn()
        except DatabaseError as problem:
            # Not migrated yet, or restarting: say so and wait, for it may come back.
            log.error("The worker waits for the database: %s", type(problem).__name__)
            connection.close()
            self.stopped.wait(WAIT_AFTER_FAULT)
            return False

    def _some_messages(self) -> bool:
        return deliver_due(SENT_IN_A_TURN) > 0

    def _one_task(self) -> bool:
        ready = DBTaskResult.objects.ready()
        if not ready.exists():  # asked without a lock, every second
            return False
        with transaction.atomic():
            found = ready.get_locked()
            if found is None:
                return False
            found.claim(self.name)
        _run_task(found, self.name)
        return True

    def _one_chore(self) -> bool:
        known = {one.name: one for one in chores() if not (one.waits and self._is_waiting())}
        run = self._claim_chore(list(known))
        if run is None:
            return False
        one = known[run.name]
        if one.waits:
            self.beside = threading.Thread(target=self._do_beside, args=(one,), daemon=True)
            self.beside.start()
        else:
            self._do(one)
        return True

    def _is_waiting(self) -> bool:
        return self.beside is not None and self.beside.is_alive()

    def _do_beside(self, one: Chore) -> None:
        try:
            self._do(one)
        except DatabaseError as problem:
            log.error("How chore %s ended is not kept: %s", one.name, type(problem).__name__)
        finally:
            connection.close()

    def _do(self, one: Chore) -> None:
        """Do a chore that is claimed, and let go of it until it is due again."""
        faults: object = 0
        try:
            one.work()
        except Exception:
            log.exception("Chore %s failed", one.name)
            faults = F("faults") + 1
        now = timezone.now()
        ChoreRun.objects.filter(name=one.name, worker=self.name).update(
            worker="", ended_at=now, due_at=now + one.every, faults=faults
        )

    def _claim_chore(self, known: Sequence[str]) -> ChoreRun | None:
        now = timezone.now()
        missing = set(known) - set(ChoreRun.objects.values_list("name", flat=True))
        if missing:
            new = [ChoreRun(name=name, due_at=now) for name in sorted(missing)]
            ChoreRun.objects.bulk_create(new, ignore_conflicts=True)
        free = Q(worker="") | ~Q(worker__in=living())
        due = ChoreRun.objects.filter(free, name__in=known, due_at__lte=now).order_by("due_at")
        if not due.exists():
            return None
        with transaction.atomic():
            run = due.select_for_update(skip_locked=True).first()
            # Asked again under the lock: a worker that was born in between is no dead one.
            if run is None or run.worker in living():
                return None
            run.worker = self.name
            run.save(update_fields=["worker"])
        return run

    def _beat(self) -> None:
        """Say that this worker lives, also while a count holds it for minutes."""
        while not self.stopped.wait(BEAT):
            self._live()
        connection.close()

    def _live(self) -> None:
        try:
            now = timezone.now()
            WorkerBeat.objects.update_or_create(worker=self.name, defaults={"seen_at": now})
        except DatabaseError as problem:
            log.error("The worker could not say that it lives: %s", type(problem).__name__)
            connection.close()

    def _rest(self) -> None:
        try:
            # A long silence of all workers shows on the officers' page by the last that lived.
            others = WorkerBeat.objects.exclude(worker=self.name)
            others.filter(seen_at__lt=timezone.now() - SILENCE).delete()
        except DatabaseError:
            pass  # the database went first
        connection.close()


def living() -> list[str]:
    """Workers that were heard of lately."""
    since = timezone.now() - SILENCE
    return list(WorkerBeat.objects.filter(seen_at__gte=since).values_list("worker", flat=True))


def work(*, once: bool = False) -> None:
    """`doorstep work`: one worker in this process, ended by SIGTERM or Ctrl-C."""
    worker = Worker()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda signum, frame: worker.stop())
    worker.run(once=once)


def _run_task(found: DBTaskResult, worker: str) -> None:
    """Let django-tasks-db run it: it keeps the outcome, and a fault with its trace."""
    from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

    TaskWorker(
        queue_names=["*"], interval=0, batch=False, backend_name=found.backend_name,
        startup_delay=False, max_tasks=None, worker_id=worker, excluded_queue_names=[],
    ).run_task(found)  # fmt: skip


@chore(every=timedelta(minutes=1))
def take_up_abandoned_tasks() -> None:
    """Put back what a worker had in hand when it died."""
    running = list(DBTaskResult.objects.running())
    alive = set(living())  # afterwards: a worker lives before it takes anything up
    for task in running:
        if task.worker_ids and task.worker_ids[-1] in alive:
            continue
        given_up = len(task.worker_ids) >= MOST_BEGINNINGS
        status = TaskResultStatus.FAILED if given_up else TaskResultStatus.READY
        held = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING)
        held.filter(worker_ids=task.worker_ids).update(status=status)
        log.error("Task %s lost its worker and is now %s", task.pk, status.lower())


@chore(every=timedelta(days=1))
def forget_old_tasks() -> None:
    """Tasks that ended a week ago have nothing more to tell."""
    old = timezone.now() - TASKS_KEPT
    DBTaskResult.objects.finished().filter(finished_at__lt=old).delete()
    WorkerBeat.objects.filter(seen_at__lt=old).delete()
