"""Who opened a passport is written for ever: the database refuses to change or remove a line."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from doorstep.apps.organisations.actions import open_passport, say_ties, share
from doorstep.apps.organisations.models import Opening
from doorstep.apps.record import seals
from tests.apps.organisations.groups import TODAY, acting, group

TABLES = ("organisations_opening", "organisations_tiessaid")


def openings() -> None:
    club, (ann, _ben) = group("lunch-club", "ann", "ben")
    council, (cleo,) = group("far-council", "cleo", kind="council")
    given = share(club, council, [], last_day=TODAY + timedelta(9), on=TODAY, actor=acting(ann))
    open_passport(given, None, cleo, on=TODAY, actor=acting(cleo))
    say_ties(club, {}, on=TODAY, actor=acting(ann))


def tried(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_no_line_of_the_log_is_changed_or_removed_until_the_seal_is_gone(committed_db) -> None:
    openings()
    acts = [
        f"{verb} {table}{rest}"
        for table in TABLES
        for verb, rest in (("UPDATE", " SET account_id = account_id"), ("DELETE FROM", ""))
    ]
    for act in acts:
        with pytest.raises(DatabaseError):
            tried(act)
    assert Opening.objects.get().role == "person"
    with connection.cursor() as cursor:
        for seal in seals.triggers(connection.vendor):
            if seal.table in TABLES:
                where = f" ON {seal.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {seal.name}{where}")
    for act in acts:
        tried(act)
    assert not Opening.objects.exists()
