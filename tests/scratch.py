"""Scratch databases: a copy of the migrated test database, to commit to and then throw away.

Sealed tables cannot be flushed (that is their promise), so a test that needs real commits gets a
database of its own. Use the `committed_db` fixture rather than this module.
"""

import itertools
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.db import connection

_numbers = itertools.count(1)


class ScratchDatabase:
    """The database that `connection` now leads to. `url` is for processes of their own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.vendor = connection.vendor

    @property
    def url(self) -> str:
        if self.vendor == "sqlite":
            return f"sqlite:///{self.name}"
        given = connection.settings_dict
        user = quote(given["USER"] or "")
        password = f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else ""
        return f"postgresql://{user}{password}@{given['HOST']}:{given['PORT'] or 5432}/{self.name}"


@contextmanager
def scratch_database(*, empty: bool = False) -> Iterator[ScratchDatabase]:
    """Point `connection` at a fresh copy, or at nothing yet; afterwards drop it and point back."""
    original = str(connection.settings_dict["NAME"])
    connection.close()
    make, drop = (
        (_copy_file, _remove_file) if connection.vendor == "sqlite" else (_copy_pg, _drop_pg)
    )
    name = make(original, empty)
    connection.settings_dict["NAME"] = name
    try:
        yield ScratchDatabase(name)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        drop(name)


def _copy_file(original: str, empty: bool) -> str:
    name = f"{original.removesuffix('.sqlite3')}-{next(_numbers)}.sqlite3"
    if empty:
        return name
    with closing(sqlite3.connect(original)) as source, closing(sqlite3.connect(name)) as target:
        source.backup(target)
    return name


def _remove_file(name: str) -> None:
    for ending in ("", "-wal", "-shm", "-turn"):
        Path(name + ending).unlink(missing_ok=True)


def _copy_pg(original: str, empty: bool) -> str:
    name = f"{original}_{os.getpid()}_{next(_numbers)}"
    _maintain(f'CREATE DATABASE "{name}" TEMPLATE "{"template1" if empty else original}"')
    return name


def _drop_pg(name: str) -> None:
    _maintain(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _maintain(statement: str) -> None:
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    known = {"host", "port", "user", "password", "dbname"}
    with psycopg.connect(
        **{name: value for name, value in parameters.items() if name in known and value},
        autocommit=True,
    ) as maintenance:
        maintenance.execute(statement)
