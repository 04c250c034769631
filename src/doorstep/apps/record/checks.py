"""What must stand before anything is served: every seal, every key and constraint, and commits that
survive a power cut."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from . import seals
from .constraints import missing_constraints

_WANTED: dict[str, dict[str, tuple[set[object], str]]] = {
    "sqlite": {
        "PRAGMA synchronous": ({2, 3}, "acknowledged may not mean kept: set synchronous=FULL"),
        "PRAGMA foreign_keys": (
            {1},
            "entries could lack their leaf: set foreign_keys=ON",
        ),
        "PRAGMA recursive_triggers": ({1}, "REPLACE could remove rows: set recursive_triggers=ON"),
    },
    "postgresql": {
        "SHOW synchronous_commit": (
            {"on", "local", "remote_write", "remote_apply"},
            "acknowledged may not mean kept: set synchronous_commit=on",
        ),
        "SHOW fsync": ({"on"}, "acknowledged may not mean kept: set fsync=on"),
    },
}


def durability_faults(alias: str = "default") -> list[str]:
    """Settings of this connection under which a promise of the ledger would not hold."""
    connection = connections[alias]
    faults = []
    with connection.cursor() as cursor:
        for question, (right, advice) in _WANTED[connection.vendor].items():
            cursor.execute(question)
            answer = cursor.fetchone()[0]
            if answer not in right:
                faults.append(f"{question.split()[1]} is {answer}; {advice}.")
    return faults


@register(Tags.database)
def seals_stand(
    app_configs: Sequence[AppConfig] | None, databases: Iterable[str] | None, **_: Any
) -> list[CheckMessage]:
    """Run by `doorstep` at start and by `check --database default`."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if "record_leaf" not in connection.introspection.table_names():
            continue  # nothing is migrated yet, so nothing is promised yet
        found += [
            Error(
                f"The seal {name} is missing or altered.",
                hint="Run `doorstep migrate`, then `doorstep verify`.",
                id="record.E001",
            )
            for name in seals.missing_seals(alias)
        ]
        found += [
            Error(
                f"The constraint {name} is missing.",
                hint="Run `doorstep migrate`; if it stays, a table was rebuilt without it.",
                id="record.E003",
            )
            for name in missing_constraints(alias)
        ]
        found += [Error(fault, id="record.E002") for fault in durability_faults(alias)]
    return found
