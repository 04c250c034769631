"""Databases with one protection taken away, to show that a forgery then gets through."""

import itertools
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.apps import apps
from django.db import IntegrityError, connection, transaction

from doorstep.apps.record import seals
from tests.apps.ledger.forger import Forger
from tests.apps.ledger.operations import SEALED, forbidden

_numbers = itertools.count(1)

SEAL_KEY = "ledger_journal.seq"  # the deferred foreign key from an entry to its leaf

# Protections that stand behind another, on purpose: first is who stands in front. They are shown
# to bite with the ones in front taken away, both before and after.
IN_FRONT = {
    "sqlite": {
        "ledger_account_no_delete": ["ledger_accountbalance_no_delete"],
        "ledger_account_no_replace": ["ledger_accountbalance_opens_at_nothing"],
        "ledger_journal_no_delete": ["ledger_transfer_no_delete"],
        "record_leaf_one_per_place": ["record_leaf_next", "record_leaf_no_replace"],
        "record_leaf.journal_seq": ["record_leaf_no_replace", SEAL_KEY],
        "record_wording.commitment": ["record_wording_no_replace"],
        "ledger_account.code": ["ledger_account_no_replace"],
        "ledger_journal.idem_key": ["ledger_journal_no_replace"],
        "ledger_journal.reverses_id": ["ledger_journal_no_replace"],
        "ledger_transfer_one_per_line": ["ledger_transfer_no_replace"],
        "ledger_transfer_two_accounts": [
            "ledger_accountbalance_moved_by_transfer",
            "ledger_transfer_moves_balances",
        ],
    },
    "postgresql": {
        "ledger_account_no_delete": ["ledger_accountbalance_no_delete"],
        "ledger_journal_no_delete": ["ledger_transfer_no_delete"],
        "record_leaf_one_per_place": ["record_leaf_next"],
        "record_leaf_leaf_hash_whole": ["record_leaf_well_formed"],
        "record_leaf_chain_whole": ["record_leaf_well_formed"],
        "ledger_transfer_two_accounts": [
            "ledger_accountbalance_moved_by_transfer",
            "ledger_transfer_moves_balances",
        ],
    },
}


def protections(vendor: str) -> dict[str, str]:
    """Every trigger, CHECK and unique key of the sealed tables, and the seal's key: name, table."""
    found = {seal.name: seal.table for seal in seals.triggers(vendor) if seal.table in SEALED}
    for model in apps.get_models():
        table = model._meta.db_table
        if table not in SEALED:
            continue
        found |= {constraint.name: table for constraint in model._meta.constraints}
        found |= {
            f"{table}.{field.column}": table
            for field in model._meta.local_fields
            if field.unique and not field.primary_key
        }
    return found | {SEAL_KEY: "ledger_journal"}


def newly_admitted(name: str, furnished: str) -> str | None:
    """The first forgery admitted when `name` is gone that was refused while it stood."""
    in_front = IN_FRONT[connection.vendor].get(name, [])
    if name.endswith("_no_truncate"):
        # TRUNCATE … CASCADE reaches the tables that point here, and each of them refuses too.
        truncates = (seal.name for seal in seals.triggers(connection.vendor))
        in_front = [each for each in truncates if each.endswith("_no_truncate") and each != name]
    world = _sqlite_world if connection.vendor == "sqlite" else _postgresql_world
    already: set[str] = set()
    if in_front:
        with world(in_front, furnished) as attempt:
            already = {name for name in forbidden(connection.vendor) if attempt(name)}
    with world([*in_front, name], furnished) as attempt:
        tried = (each for each in forbidden(connection.vendor) if each not in already)
        return next((each for each in tried if attempt(each)), None)


@contextmanager
def _postgresql_world(gone: list[str], furnished: str) -> Iterator[Callable[[str], bool]]:
    """Everything inside one transaction that is rolled back: there, DDL is part of it."""
    tables = protections("postgresql") | {
        seal.name: seal.table for seal in seals.triggers("postgresql")
    }

    def attempt(operation: str) -> bool:
        try:
            with transaction.atomic():
                forbidden("postgresql")[operation](Forger())
                connection.check_constraints()
                transaction.set_rollback(True)
        except IntegrityError:
            return False
        return True

    with transaction.atomic():
        with connection.cursor() as cursor:
            for name in gone:
                cursor.execute(_dropping(name, tables[name], cursor))
        yield attempt
        transaction.set_rollback(True)


def _dropping(name: str, table: str, cursor) -> str:
    if any(seal.name == name for seal in seals.triggers("postgresql")):
        return f"DROP TRIGGER {name} ON {table}"
    if "." in name:
        column = name.split(".")[1]
        kind = "f" if name == SEAL_KEY else "u"
        cursor.execute(
            "SELECT conname FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid"
            " AND attnum = conkey[1] WHERE conrelid = %s::regclass AND attname = %s"
            " AND contype = %s AND cardinality(conkey) = 1",
            [table, column, kind],
        )
        name = cursor.fetchone()[0]
    return f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE'


@contextmanager
def _sqlite_world(gone: list[str], furnished: str) -> Iterator[Callable[[str], bool]]:
    """A file rebuilt without these protections; renewed whenever a forgery gets through."""
    whole = f"{furnished}-mutant"
    trials: list[str] = []
    _rebuild(furnished, whole, gone)
    original = connection.settings_dict["NAME"]

    def renew() -> None:
        connection.close()
        # A new name each time: an unfinished SELECT of the last forgery may still hold a lock.
        trials.append(f"{furnished}-trial-{next(_numbers)}")
        shutil.copy(whole, trials[-1])
        connection.settings_dict["NAME"] = trials[-1]
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = OFF")
            cursor.execute("PRAGMA synchronous = OFF")  # speed; these files are thrown away

    def attempt(operation: str) -> bool:
        try:
            with transaction.atomic():
                forbidden("sqlite")[operation](Forger())
        except IntegrityError:
            return False
        renew()
        return True

    try:
        renew()
        yield attempt
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        for name in (whole, *trials):
            for ending in ("", "-wal", "-shm"):
                Path(name + ending).unlink(missing_ok=True)


def _rebuild(source: str, target: str, gone: list[str]) -> None:
    """Copy a database statement by statement, leaving out what is gone."""
    with closing(sqlite3.connect(source)) as old:
        schema = old.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            " AND name NOT LIKE 'sqlite_%' ORDER BY type <> 'table'"
        ).fetchall()
    open(target, "wb").close()
    with closing(sqlite3.connect(target)) as new:
        new.execute("PRAGMA synchronous = OFF")
        new.execute(f"ATTACH '{source}' AS old")
        for kind, name, sql in schema:
            if name in gone:
                continue
            new.execute(_without(sql, name, gone) if kind == "table" else sql)
            if kind == "table":
                new.execute(f'INSERT INTO "{name}" SELECT * FROM old."{name}"')
        new.commit()


def _without(sql: str, table: str, gone: list[str]) -> str:
    for name in gone:
        owner, _dot, column = name.rpartition(".")
        if name == SEAL_KEY and table == owner:
            sql = re.sub(r' REFERENCES "record_leaf" \("journal_seq"\)[A-Z ]*', "", sql)
        elif owner == table:
            sql = re.sub(rf'("{column}" [^,]*?) UNIQUE', r"\1", sql)
        elif f'"{name}"' in sql:
            sql = without_constraint(sql, name)
    return sql


def without_constraint(sql: str, name: str) -> str:
    start = sql.index(f', CONSTRAINT "{name}"')
    depth = 0
    for place in range(sql.index("(", start), len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[place], 0)
        if depth == 0:
            return sql[:start] + sql[place + 1 :]
    raise ValueError(f"{name} has no end")
