"""Keys and constraints that the models promise, looked for in the database itself.

A migration keeps them; a table that was rebuilt by hand, or copied without them, loses them in
silence. Each that is gone is named at start, beside the seals.
"""

import re
from collections.abc import Callable, Iterator

from django.apps import apps
from django.db import connections
from django.db.backends.utils import CursorWrapper
from django.db.models import ForeignKey, Model

_OURS = "doorstep."


def promised() -> list[tuple[str, str]]:
    """(table, name) of everything that is looked for; a key is named `column, column (kind)`."""
    return [
        (model._meta.db_table, name)
        for model in apps.get_models()
        if model.__module__.startswith(_OURS) and model._meta.managed
        for name in _names(model)
    ]


def missing_constraints(alias: str = "default") -> list[str]:
    """Names of CHECKs, unique keys, primary keys and foreign keys that the database has lost."""
    connection = connections[alias]
    look: Callable[[CursorWrapper, str], Iterator[str]] = (
        _standing_sqlite if connection.vendor == "sqlite" else _standing_postgresql
    )
    standing: dict[str, set[str]] = {}
    lost = []
    with connection.cursor() as cursor:
        for table, name in promised():
            if table not in standing:
                standing[table] = set(look(cursor, table))
            if name not in standing[table]:
                lost.append(f"{name} on {table}")
    return lost


def _names(model: type[Model]) -> Iterator[str]:
    yield from (str(constraint.name) for constraint in model._meta.constraints)
    key = ", ".join(str(field.column) for field in model._meta.pk_fields)
    yield f"{key} (primary key)"
    for field in model._meta.local_concrete_fields:
        if field.unique and not field.primary_key:
            yield f"{field.column} (unique)"
        if isinstance(field, ForeignKey):
            yield f"{field.column} (foreign key)"


def _standing_sqlite(cursor: CursorWrapper, table: str) -> Iterator[str]:
    cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
    for (sql,) in cursor.fetchall():
        yield from re.findall(r'CONSTRAINT "(\w+)"', sql)
    cursor.execute("SELECT name, pk FROM pragma_table_info(%s) WHERE pk ORDER BY pk", [table])
    yield f"{', '.join(name for name, _place in cursor.fetchall())} (primary key)"
    cursor.execute('SELECT "from" FROM pragma_foreign_key_list(%s)', [table])
    yield from (f"{column} (foreign key)" for (column,) in cursor.fetchall())
    cursor.execute(
        "SELECT list.name, group_concat(info.name, ', ')"
        " FROM pragma_index_list(%s) AS list, pragma_index_info(list.name) AS info"
        ' WHERE list."unique" GROUP BY list.name',
        [table],
    )
    for name, columns in cursor.fetchall():
        yield name
        yield f"{columns} (unique)"


def _standing_postgresql(cursor: CursorWrapper, table: str) -> Iterator[str]:
    kinds = {"p": "primary key", "u": "unique", "f": "foreign key"}
    cursor.execute(
        "SELECT conname, contype::text, (SELECT string_agg(attname, ', ' ORDER BY place)"
        "  FROM unnest(conkey) WITH ORDINALITY AS keyed(number, place)"
        "  JOIN pg_attribute ON attrelid = conrelid AND attnum = number)"
        " FROM pg_constraint WHERE conrelid = %s::regclass AND convalidated",
        [table],
    )
    for name, kind, columns in cursor.fetchall():
        yield name
        yield f"{columns} ({kinds.get(kind, kind)})"
    cursor.execute(
        "SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
        " WHERE indrelid = %s::regclass AND indisunique AND indisvalid",
        [table],
    )
    yield from (name for (name,) in cursor.fetchall())
