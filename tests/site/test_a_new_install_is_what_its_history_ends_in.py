"""An empty database is made at once. It is, to the last trigger, what the migrations would make."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.core.management.commands import migrate as django
from django.db import connection
from django.db.migrations import RunSQL, SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from doorstep.apps.record.models import LogHead
from doorstep.site.management.commands import migrate as ours
from tests.scratch import scratch_database

POSTGRESQL = (
    """SELECT table_name, column_name, udt_name, character_maximum_length, is_nullable,
    column_default, is_identity, collation_name FROM information_schema.columns
    WHERE table_schema = 'public'""",
    """SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace""",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal",
    """SELECT pg_get_functiondef(oid) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'""",
)
# Django's history numbers the rows of this table of its own in 8 bytes, and its models in 4.
APART = "'auth_group_permissions', 'id', 'int{}'"
SQLITE = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"


def stands() -> set[str]:
    """All that the database holds before anybody uses it, but for the order of columns."""
    found = set(_schema())
    found |= {f"applied {one}" for one in MigrationRecorder(connection).applied_migrations()}
    found |= {f"{head.log} {head.size} {bytes(head.chain).hex()}" for head in LogHead.objects.all()}
    found |= {f"may {one}" for one in Permission.objects.values_list("codename", flat=True)}
    return found


def _schema() -> Iterator[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for question in POSTGRESQL:
                cursor.execute(question)
                for row in cursor.fetchall():
                    yield str(row).replace(APART.format(4), APART.format(8))
            return
        cursor.execute(SQLITE)
        for kind, name, sql in cursor.fetchall():
            parts = _clauses(sql) if kind == "table" else [sql or ""]
            yield from (f"{kind} {name}: {' '.join(part.split())}" for part in parts)


def _clauses(sql: str) -> list[str]:
    """Columns and constraints of a CREATE TABLE, each by itself."""
    clauses, depth = [""], 0
    for token in re.findall(r"'(?:[^']|'')*'|.", sql[sql.index("(") + 1 : sql.rindex(")")], re.S):
        depth += (token == "(") - (token == ")")
        if token == "," and not depth:
            clauses.append("")
        else:
            clauses[-1] += token
    return clauses


def test_a_database_made_at_once_is_what_the_migrations_make(empty_db):
    call_command("migrate", verbosity=0)
    at_once = stands()
    assert len(at_once) > 1_000
    connection.close()
    with scratch_database(empty=True):
        call_command(django.Command(), verbosity=0)
        walked = stands()
    assert (at_once - walked, walked - at_once) == (set(), set())


def test_it_is_made_whole_or_not_at_all(empty_db, monkeypatch):
    def fail(*_):
        raise OSError("the machine stops here")

    monkeypatch.setattr(ours, "_is_ours", fail)
    with pytest.raises(OSError, match="stops here"):
        call_command("migrate", verbosity=0)
    assert connection.introspection.table_names() == []


def test_a_database_with_anything_in_it_goes_on_from_where_it_is(empty_db, monkeypatch):
    call_command("migrate", "contenttypes", verbosity=0)

    def never(*_):
        raise AssertionError("made at once, over what stands")

    monkeypatch.setattr(ours, "make_at_once", never)
    call_command("migrate", "auth", verbosity=0)
    call_command("migrate", "django_tasks_database", plan=True, verbosity=0)


def test_our_migrations_do_nothing_that_would_be_left_out():
    for migration in MigrationLoader(None).disk_migrations.values():
        if ours._is_ours(migration.app_label):
            for operation in migration.operations:
                assert not isinstance(operation, RunSQL | SeparateDatabaseAndState), (
                    f"{migration} does what make_at_once() cannot repeat: see "
                    "doorstep/site/management/commands/migrate.py"
                )
