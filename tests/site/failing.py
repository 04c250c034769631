"""Makes each statement of an act fail in turn, and compares every row of every table around it."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection
from django.db.models import Model

from doorstep.apps.refused import Refused

# What may stand although the act is not done. A file is kept before the step that points at it, in
# a transaction of its own with a leaf of the audit log, and erased later if nothing does. A claim
# to count ends by itself.
BESIDE = {"limits_count", "files_storedfile", "files_content", "rounds_counting"}
OF_THE_PUBLIC_LOG = {"record_leaf", "record_loghead"}


class LostError(DatabaseError):
    """The statement that was chosen to fail."""


class FailAt:
    """Lets a number of statements through; then one fails, or the whole connection drops."""

    def __init__(self, statements: int, drop: bool) -> None:
        self.left, self.drop, self.failed = statements, drop, False

    def __call__(self, run, sql, *rest):
        self.left -= 1
        if self.left >= 0 and not self.failed:
            return run(sql, *rest)
        self.failed = True
        if self.drop and connection.connection is not None:
            connection.connection.close()
        raise LostError("this statement was chosen to fail")


def everything() -> dict[str, frozenset[tuple]]:
    """Each row of each table, as it would be read by anybody else."""
    connection.close()
    models = (model for model in apps.get_models() if model._meta.managed)
    return {
        model._meta.db_table: _rows(model) for model in models if model._meta.db_table not in BESIDE
    }


def _rows(model: type[Model]) -> frozenset[tuple]:
    columns = [field.attname for field in model._meta.local_concrete_fields]
    rows = model._base_manager.all()
    if model._meta.db_table in OF_THE_PUBLIC_LOG:
        rows = rows.filter(log="public")
    if model._meta.db_table == "record_wording":
        rows = rows.exclude(text="nothing points at it")  # why such a file was erased
    return frozenset(
        tuple(bytes(cell) if isinstance(cell, memoryview) else str(cell) for cell in row)
        for row in rows.values_list(*columns)
    )


def differing(one: dict, other: dict) -> list[str]:
    return sorted(table for table in one if one[table] != other[table])


@dataclass
class Tried:
    """What came of failing one act: its result, and where it was neither nothing nor all."""

    name: str
    result: Any = None
    failures: int = 0
    half_done: list[str] = field(default_factory=list)


def failed_everywhere(name: str, act: Callable[[], Any], *, step: int = 1, first: int = 0) -> Tried:
    """Fail the act at each `step`-th statement in turn, from `first` on, until it is done.

    On PostgreSQL the whole connection drops every second time. The act that is done in the end is
    the same one that failed.
    """
    told, before = Tried(name), everything()
    drops = connection.vendor == "postgresql"
    left = {}
    for number in itertools.count(first, step):
        failing = FailAt(number, drop=drops and told.failures % 2 == 1)
        try:
            with connection.execute_wrapper(failing):
                told.result = act()
        except (DatabaseError, Refused):
            if not failing.failed:
                raise
        if not failing.failed:
            break
        told.failures += 1
        if differing(before, now := everything()):
            left[number] = now
    done = everything()
    # All of it, though the answer got lost: asked again, nothing more was to be done.
    told.half_done = [
        f"{name}, statement {number + 1}: {', '.join(differing(state, done))} differ afterwards"
        for number, state in left.items()
        if differing(state, done)
    ]
    return told
