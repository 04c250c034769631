"""A record to publish: keys and folder of its own, and leaves to fill it with."""

from pathlib import Path

import pytest
from django.db import connection

from doorstep.apps.record import seals
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.keys import make_keys
from doorstep.engine.seal import words


@pytest.fixture
def signing(settings, tmp_path, monkeypatch) -> Path:
    """Keys for both logs, and an empty folder to publish in (returned). Words come cheap here."""
    monkeypatch.setattr(words, "ROUNDS", 1)
    settings.RECORD_KEYS = tmp_path / "keys"
    settings.RECORD_FOLDER = tmp_path / "record"
    make_keys("https://fund.example.org")
    return Path(settings.RECORD_FOLDER)


def grow(leaves: int, log: str = "public") -> None:
    for number in range(leaves):
        write_leaf("garden.bench_placed", {"bench": number}, log=log)


def lift_seals(*tables: str) -> None:
    """Take the triggers of these tables off, as somebody who owns the database could."""
    connection.check_constraints()  # nothing may wait for the commit while a table is altered
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for seal in seals.triggers(connection.vendor):
            if seal.table in tables:
                on = f" ON {seal.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {seal.name}{on}")


def published(folder: Path) -> dict[str, bytes]:
    """Every file that anybody could read, by its name below the folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }
