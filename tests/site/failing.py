"""Makes each statement of an act fail in turn, and compares every row of every table around it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper

from doorstep.apps.refused import Refused
from tests.site.watching import Watch

# What may stand although the act is not done. A file is kept before the step that points at it, in
# a transaction of its own with a leaf of the audit log, and erased later if nothing does. A claim
# to count ends by itself.
BESIDE = {"limits_count", "files_storedfile", "files_content", "rounds_counting"}
ONLY = {
    "record_leaf": "log = 'public'",
    "record_loghead": "log = 'public'",
    "record_wording": "text <> 'nothing points at it'",  # why such a file was erased
}

# Acts that are not asked for again when their answer was lost: told twice they stand twice. None of
# them moves a penny or adds a vote, and whoever looks again finds the first.
NOT_ASKED_AGAIN = {
    "a decision": "of before a place kept its meetings here; no page writes one down",
    "a delegation": "of before a place kept its meetings here; a second one ends the first",
    "members get a limit": "as the delegation",
    "a meeting is called": "the other one is seen, and called off",
    "a group listens": "what was heard is a note, and decides nothing",
    "ideas are put on it": "of an example; the database keeps each once, with an error and no page",
    "a line is added": "a draft: its lines are seen, and taken out again, before it is put forward",
    "a line is dropped": "a draft: its lines are seen, and added again, before it is put forward",
    "a duty is added": "a draft: its duties are seen, and taken out again, before both sides sign",
    "a duty is dropped": "a draft: its duties are seen, and added again, before both sides sign",
    "a vote": "cast again it is the next version of one vote, of which the last counts (T4, T8)",
    "a changed vote": "as a vote",
    "three trustees are named": "a draft: named again, it starts anew, as its page says",
    "the round's key is made": "a draft: made again, it replaces the first",
    "a list of addresses is kept": "a new list replaces the first, until it is printed",
    "a plan is looked back on": "what was learned is a note, and decides nothing",
}

# Acts whose answer is what they are done for: codes or trackers in clear, which nothing else holds.
# Where it is lost, the run is called spoilt and printed anew; a stack is signed off with no papers.
ANSWER_IS_ALL = {
    "codes are printed",
    "codes are printed again",
    "cards are printed",
    "papers are printed",
}


class LostError(DatabaseError):
    """The statement that was chosen to fail."""


class FailAt:
    """Lets a number of statements and commits through; then one fails, or the connection drops.

    A commit that fails never reaches the database. Of those that are let through, the answer of
    the one numbered `lose` is lost (-1: none): it is done, and whoever asked for it hears an error.
    """

    def __init__(self, steps: int, *, lose: int, drop: bool) -> None:
        self.left, self.commits_left, self.drop = steps, lose + 1, drop
        self.failed = self.lost = False

    def statement(self, run, sql, *rest):
        self._step()
        return run(sql, *rest)

    def commit(self, really: Callable[[], None]) -> None:
        self._step()
        really()
        self.commits_left -= 1
        if self.commits_left == 0:
            self.lost = True
            self._fail(drop=True)

    def _step(self) -> None:
        self.left -= 1
        if self.failed or self.left < 0:
            self._fail(drop=self.drop)

    def _fail(self, *, drop: bool) -> None:
        self.failed = True
        if drop and connection.connection is not None:
            connection.connection.close()
        raise LostError("this was chosen to fail")


@contextmanager
def under(failing: FailAt) -> Iterator[None]:
    """`execute_wrapper` sees every statement and no commit: Django asks the driver for those."""
    really = connection._commit
    connection._commit = lambda: failing.commit(really)
    try:
        with connection.execute_wrapper(failing.statement):
            yield
    finally:
        del connection._commit


def everything() -> dict[str, frozenset[tuple]]:
    """Each row of each table, as it would be read by anybody else."""
    connection.close()
    with connection.cursor() as cursor:
        return {table: _rows(cursor, table) for table in _tables()}


@cache
def _tables() -> list[str]:
    models = (model for model in apps.get_models() if model._meta.managed)
    return sorted({model._meta.db_table for model in models} - BESIDE)


def _rows(cursor: CursorWrapper, table: str) -> frozenset[tuple]:
    cursor.execute(f'SELECT * FROM "{table}" WHERE {ONLY.get(table, "1 = 1")}')
    return frozenset(
        tuple(bytes(cell) if isinstance(cell, memoryview) else str(cell) for cell in row)
        for row in cursor.fetchall()
    )


def differing(one: dict, other: dict) -> list[str]:
    return sorted(table for table in one if one[table] != other[table])


@dataclass
class Tried:
    """What came of failing one act: its result, and where it was neither nothing nor all."""

    name: str
    result: Any = None
    failures: int = 0
    answers_lost: int = 0
    refused: str = ""
    half_done: list[str] = field(default_factory=list)


def failed_everywhere(name: str, act: Callable[[], Any], *, step: int = 1, first: int = 0) -> Tried:
    """Fail the act at each `step`-th statement and commit in turn, from `first` on, and lose the
    answer of each commit that is done, until the act is done and heard of.

    On PostgreSQL the whole connection drops every second time. The act that is done in the end is
    the same one that failed. If it was done before, and only the answer was lost, it may be refused
    in the end; its result is then what would have been answered.
    """
    told, before, number, watch = Tried(name), everything(), first, Watch()
    drops = connection.vendor == "postgresql"
    left: dict[str, dict] = {}
    while True:
        lose = -1 if name in ANSWER_IS_ALL else told.answers_lost
        failing = FailAt(number, lose=lose, drop=drops and told.failures % 2 == 1)
        try:
            with under(failing), watch.on():
                told.result = act()
        except DatabaseError:
            if not failing.failed:
                raise
        except (Refused, ObjectDoesNotExist) as refusal:
            if not failing.failed and not left:
                raise
            told.refused = str(refusal)
        if not failing.failed:
            break
        if failing.lost:
            told.answers_lost, told.result = told.answers_lost + 1, watch.gave
            if name.partition(",")[0] in NOT_ASKED_AGAIN:
                break
        else:
            told.failures, number = told.failures + 1, number + step
        if differing(before, now := everything()):
            left[f"step {number}, {told.answers_lost} answers lost"] = now
    done = everything()
    # All of it, though the answer got lost: asked again, nothing more was to be done.
    told.half_done = [
        f"{name}, {where}: {', '.join(differing(state, done))} differ afterwards"
        for where, state in left.items()
        if differing(state, done)
    ]
    return told
