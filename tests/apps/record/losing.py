"""Databases that lost one key or constraint, as a table has that somebody rebuilt by hand, or all
protections but their keys, as an owner of the machine can take them off."""

import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from doorstep.apps.record import seals
from tests.apps.ledger.mutants import without_constraint


def take_protections_away() -> None:
    """Seals, foreign keys and CHECKs, for this connection and, of what stands in the database, for
    good. Unique keys stay. SQLite keeps its foreign keys inside a transaction: call it outside."""
    with connection.cursor() as cursor:
        for seal in seals.triggers(connection.vendor):
            on = f" ON {seal.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {seal.name}{on}")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            return
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE contype = 'c' AND conrelid <> 0"
            " AND connamespace = 'public'::regnamespace"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


@contextmanager
def without_keys(table: str) -> Iterator[None]:
    """Inside, nothing keeps two rows of this table apart, nor anything else of its definition; it
    all comes back, and what was changed goes. Protections and foreign keys are away already."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":  # it cannot drop a key, but a copy has none
                cursor.execute(f"CREATE TABLE keyless AS SELECT * FROM {table}")
                cursor.execute(f"DROP TABLE {table}")
                cursor.execute(f"ALTER TABLE keyless RENAME TO {table}")
            else:
                _drop_keys(cursor, table)
        yield
        transaction.set_rollback(True)


def _drop_keys(cursor: CursorWrapper, table: str) -> None:
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('p', 'u')",
        [table],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')
    cursor.execute(
        "SELECT indexrelid::regclass::text FROM pg_index"
        " WHERE indrelid = %s::regclass AND indisunique",
        [table],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f"DROP INDEX {name}")


def put_back(seal: seals.Seal) -> None:
    """One seal, as `seals.install` puts it: it holds whatever this connection was told to skip."""
    with connection.cursor() as cursor:
        cursor.execute(seal.sql)
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {seal.table} ENABLE ALWAYS TRIGGER {seal.name}")


def idle(
    ours: Collection[seals.Seal], admitted: Callable[[str], bool], tried: Iterable[str]
) -> list[str]:
    """Names of those of our seals that refuse nothing that is tried when they stand alone of all,
    although it gets in without them."""
    statements = list(tried)
    with transaction.atomic():
        with connection.cursor() as cursor:
            for seal in seals.triggers(connection.vendor):
                on = f" ON {seal.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {seal.name}{on}")
        through = [sql for sql in statements if admitted(sql)]
        doing_nothing = [seal.name for seal in ours if not _refuses(seal, admitted, through)]
        transaction.set_rollback(True)
    return doing_nothing


def _refuses(seal: seals.Seal, admitted: Callable[[str], bool], statements: list[str]) -> bool:
    with transaction.atomic():
        put_back(seal)
        refused = any(not admitted(sql) for sql in statements)
        transaction.set_rollback(True)
    return refused


@contextmanager
def without(table: str, name: str) -> Iterator[None]:
    """Inside, `connection` leads to a database that has everything but this."""
    with (_sqlite if connection.vendor == "sqlite" else _postgresql)(table, name):
        yield


@contextmanager
def _postgresql(table: str, name: str) -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            standing = _constraint(cursor, table, name)
            if standing:
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{standing}" CASCADE')
            else:
                cursor.execute(f'DROP INDEX "{name}"')
        yield
        transaction.set_rollback(True)


def _constraint(cursor, table: str, name: str) -> str | None:
    columns, _space, kind = name.partition(" (")
    if not kind:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conname = %s", [name])
        return next((found for (found,) in cursor.fetchall()), None)
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = %s"
        " AND %s = (SELECT string_agg(attname, ', ' ORDER BY place)"
        "  FROM unnest(conkey) WITH ORDINALITY AS keyed(number, place)"
        "  JOIN pg_attribute ON attrelid = conrelid AND attnum = number)",
        [table, kind[0], columns],
    )
    return cursor.fetchone()[0]


@contextmanager
def _sqlite(table: str, name: str) -> Iterator[None]:
    """A file with every table but without rows: SQLite cannot drop a constraint."""
    original = str(connection.settings_dict["NAME"])
    bare = f"{original.removesuffix('.sqlite3')}-bare.sqlite3"
    _build(original, bare, table, name)
    connection.close()
    connection.settings_dict["NAME"] = bare
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        for ending in ("", "-wal", "-shm"):
            Path(bare + ending).unlink(missing_ok=True)


def _build(original: str, bare: str, table: str, gone: str) -> None:
    with closing(sqlite3.connect(original)) as source:
        statements = source.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger'"
            " AND name NOT LIKE 'sqlite_%' ORDER BY type <> 'table'"
        ).fetchall()
    Path(bare).unlink(missing_ok=True)
    changed = 0
    with closing(sqlite3.connect(bare)) as target:
        target.execute("PRAGMA synchronous = OFF")
        target.execute("PRAGMA journal_mode = OFF")
        for name, sql in statements:
            if name == gone:
                changed += 1
                continue
            kept = _cut(sql, gone) if name == table else sql
            changed += kept != sql
            target.execute(kept)
    assert changed == 1, f"{gone} on {table} was not found"


def _cut(sql: str, gone: str) -> str:
    column, _space, kind = gone.partition(" (")
    if not kind:
        inside = f'CONSTRAINT "{gone}"' in sql  # a key with a condition is an index of its own
        return without_constraint(sql, gone) if inside else sql
    if "," in column:
        columns = ", ".join(f'"{each}"' for each in column.split(", "))
        return re.sub(rf", PRIMARY KEY \({re.escape(columns)}\)", "", sql)
    start = sql.index(f'"{column}" ')
    end = re.compile(r'(?=, "|, CONSTRAINT|, PRIMARY KEY|\)$)').search(sql, start)
    assert end is not None
    words = {
        "unique)": r" UNIQUE",
        "primary key)": r" PRIMARY KEY( AUTOINCREMENT)?",
        "foreign key)": r' REFERENCES "\w+" \("\w+"\)( DEFERRABLE INITIALLY DEFERRED)?',
    }
    mine = re.sub(words[kind], "", sql[start : end.start()])
    return sql[:start] + mine + sql[end.start() :]
