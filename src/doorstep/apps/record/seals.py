"""Seals: the triggers that keep what a table promises, whoever writes to it and however.

What tables promise alike is registered by table: rows that never change, and rows of which some
columns change until something is so. Anything else a room writes in `sql/seals.<vendor>.sql`, and
registers that folder. They are put back after every migrate, because SQLite rebuilds tables and
loses them, and compared word for word at start, so a lost or altered one is named.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_HEADING = re.compile(r"^-- (seal|function): (\w+)(?: on (\w+))?$", re.MULTILINE)

_folders: list[Path] = []
_append_only: dict[str, list[str]] = {}
_moved_by_triggers: set[str] = set()
_may_change: dict[str, str] = {}
_changing: dict[str, "Changing"] = {}


@dataclass(frozen=True)
class Seal:
    """A trigger (with the table it stands on) or a function that triggers call."""

    name: str
    table: str  # empty for a function
    sql: str


@dataclass(frozen=True)
class Changing:
    """A table whose rows are never removed, and of which `columns` alone change, until `over`: SQL
    that speaks of the row before as OLD and after as NEW. `keys` is every unique key but the id, as
    for an append-only table; a key that holds in part says so (`part_id WHERE state = 'open'`)."""

    columns: str
    over: str
    keys: Sequence[str]
    says: str


def register(
    folder: Path | None,
    append_only: dict[str, list[str]],
    *,
    changing: Mapping[str, Changing] | None = None,
    moved_by_triggers: Sequence[str] = (),
    may_change: Mapping[str, str] | None = None,
) -> None:
    """Add a room's seals: its SQL folder if it has one, and its append-only tables, each with
    every unique key.

    A key is written as SQL columns, such as `log, idx`. SQLite's INSERT OR REPLACE removes the
    row that clashes on any unique key without firing a DELETE trigger, so each must be named.
    `moved_by_triggers` names tables that the application itself never writes (heads, balances).
    `may_change` names tables of which it may change these columns and no more; what they may
    become, and that rows are never removed, is for a seal in the folder.
    """
    if folder is not None and folder not in _folders:
        _folders.append(folder)
    _append_only.update(append_only)
    _moved_by_triggers.update(moved_by_triggers)
    _may_change.update(may_change or {})
    _changing.update(changing or {})
    _may_change.update({table: one.columns for table, one in _changing.items()})


def append_only_tables() -> set[str]:
    return set(_append_only)


def tables_moved_by_triggers() -> set[str]:
    return set(_moved_by_triggers)


def changing_columns() -> dict[str, str]:
    """{table: the columns of it that the application may change}, where that is not all."""
    return dict(_may_change)


def expected(vendor: str) -> list[Seal]:
    """Every seal that a database of this vendor must hold, functions before their triggers."""
    seals = [seal for folder in _folders for seal in _read(folder / f"seals.{vendor}.sql")]
    plain = _plain_sqlite if vendor == "sqlite" else _plain_postgresql
    for table, keys in _append_only.items():
        seals.extend(plain(table, keys))
    forward = _changing_sqlite if vendor == "sqlite" else _changing_postgresql
    for table, changing in _changing.items():
        seals.extend(forward(table, changing))
    return seals


def triggers(vendor: str) -> list[Seal]:
    return [seal for seal in expected(vendor) if seal.table]


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every seal in place, replacing what stands there under its name; all of them or none."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for seal in expected(connection.vendor):
            if seal.table and seal.table not in tables:
                continue
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {seal.name}")
            cursor.execute(seal.sql)
            if connection.vendor == "postgresql" and seal.table:
                # ALWAYS: not even session_replication_role = replica skips it.
                cursor.execute(f"ALTER TABLE {seal.table} ENABLE ALWAYS TRIGGER {seal.name}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers off SQLite before a migration: it cannot rebuild a table that they name."""
    with connection.cursor() as cursor:
        for seal in triggers(connection.vendor):
            cursor.execute(f"DROP TRIGGER IF EXISTS {seal.name}")


def missing_seals(alias: str = "default") -> list[str]:
    """Names of seals that are lost, switched off or not word for word as written here."""
    connection = connections[alias]
    found = _found_sqlite if connection.vendor == "sqlite" else _found_postgresql
    standing = found(connection)
    return [
        seal.name if not seal.table else f"{seal.name} on {seal.table}"
        for seal in expected(connection.vendor)
        if standing.get((seal.name, seal.table)) != _essence(seal, connection.vendor)
    ]


def _read(path: Path) -> Iterator[Seal]:
    text = path.read_text()
    headings = list(_HEADING.finditer(text))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    for heading, end in zip(headings, ends, strict=True):
        # A comment after a statement speaks of the next section, or of the file.
        sql = re.sub(r"(\s*(--[^\n]*)?\n)*\Z", "", text[heading.end() : end].rstrip() + "\n")
        yield Seal(heading[2], heading[3] or "", sql.strip().removesuffix(";"))


def _plain_sqlite(table: str, keys: list[str]) -> Iterator[Seal]:
    for verb in ("UPDATE", "DELETE"):
        name = f"{table}_no_{verb.lower()}"
        yield Seal(
            name,
            table,
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table}\nBEGIN\n"
            f"    SELECT RAISE(ABORT, '{table} is append-only: {verb} is refused');\nEND",
        )
    clashes = "\n    OR ".join(_holds(table, key.split(", ")) for key in ("rowid", *keys))
    name = f"{table}_no_replace"
    yield Seal(
        name,
        table,
        f"CREATE TRIGGER {name} BEFORE INSERT ON {table}\nWHEN {clashes}\nBEGIN\n"
        f"    SELECT RAISE(ABORT, '{table} is append-only: it holds this row already');\nEND",
    )


def _holds(table: str, columns: list[str], where: str = "") -> str:
    same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
    condition = f" AND {where}" if where else ""
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same}{condition})"  # noqa: S608 (our own names)


def _plain_postgresql(table: str, keys: list[str]) -> Iterator[Seal]:
    for verb, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        name = f"{table}_no_{verb.lower()}"
        yield Seal(
            name,
            table,
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {table}\n"
            f"FOR EACH {each} EXECUTE FUNCTION doorstep_append_only()",
        )


def _changing_sqlite(table: str, one: Changing) -> Iterator[Seal]:
    refused = f"BEGIN\n    SELECT RAISE(ABORT, '{one.says}');\nEND"
    clashes = [_holds(table, ["rowid"])]
    for key in one.keys:
        columns, _where, condition = key.partition(" WHERE ")
        clashes.append(_holds(table, columns.split(", "), condition))
    for name, event, when in (
        ("stays", "UPDATE", f"WHEN {_otherwise(table, one, 'IS NOT')}\n"),
        ("no_delete", "DELETE", ""),
        ("no_replace", "INSERT", "WHEN " + "\n    OR ".join(clashes) + "\n"),
    ):
        yield Seal(
            f"{table}_{name}", table,
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table}\n{when}{refused}",
        )  # fmt: skip


def _changing_postgresql(table: str, one: Changing) -> Iterator[Seal]:
    stays = f"{table}_stays"
    yield Seal(
        stays, "",
        f"CREATE OR REPLACE FUNCTION {stays}() RETURNS trigger LANGUAGE plpgsql\n"
        "SET search_path = pg_catalog, public, pg_temp AS $$\nBEGIN\n"
        f"    IF {_otherwise(table, one, 'IS DISTINCT FROM')} THEN\n"
        f"        RAISE EXCEPTION '{one.says}' USING ERRCODE = '23514';\n"
        "    END IF;\n    RETURN NEW;\nEND $$",
    )  # fmt: skip
    for name, event, each, function in (
        (stays, "UPDATE", "ROW", stays),
        (f"{table}_no_delete", "DELETE", "ROW", "doorstep_append_only"),
        (f"{table}_no_truncate", "TRUNCATE", "STATEMENT", "doorstep_append_only"),
    ):
        yield Seal(
            name, table,
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {table}\n"
            f"FOR EACH {each} EXECUTE FUNCTION {function}()",
        )  # fmt: skip


def _otherwise(table: str, one: Changing, differs: str) -> str:
    """A change of any other column, or any at all once it is over."""
    (model,) = (model for model in apps.get_models() if model._meta.db_table == table)
    columns = [str(field.column) for field in model._meta.concrete_fields]
    stay = [column for column in columns if column not in one.columns.split(", ")]
    changes = [f"NEW.{column} {differs} OLD.{column}" for column in stay]
    return "\n    OR ".join([*changes, f"({one.over})"])


def _essence(seal: Seal, vendor: str) -> str:
    """What the database keeps of a seal, with spaces evened out."""
    sql = seal.sql
    if vendor == "postgresql" and not seal.table:
        sql = sql.split("$$")[1]
    elif vendor == "postgresql":
        sql = sql.replace("CREATE OR REPLACE TRIGGER", "CREATE TRIGGER")
    return " ".join(sql.split())


def _found_sqlite(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {(name, table): " ".join(sql.split()) for name, table, sql in cursor.fetchall()}


def _found_postgresql(connection: BaseDatabaseWrapper) -> dict[tuple[str, str], str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, '', prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " UNION ALL SELECT tgname, relname, pg_get_triggerdef(pg_trigger.oid, true)"
            " FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND tgenabled = 'A'"
        )
        return {(name, table): " ".join(source.split()) for name, table, source in cursor}
