"""On PostgreSQL the application's own role posts, and can neither edit nor take a seal off."""

import os

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.verify import verify_ledger
from doorstep.apps.record import seals
from doorstep.apps.record.actions import erase_words, keep_words
from doorstep.apps.record.roles import grant_application_role
from doorstep.apps.record.verify import verify_record
from tests.apps.ledger.forger import CLERK, KITCHEN, MILL, Forger, furnish, move
from tests.apps.ledger.operations import SEALED, forbidden

pytestmark = pytest.mark.skipif(
    "postgresql" not in settings.DATABASES["default"]["ENGINE"],
    reason="SQLite has no roles: whoever may write the file may write all of it",
)


@pytest.fixture
def as_application(committed_db):
    furnish()
    role = f"doorstep_test_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role} NOLOGIN")
        try:
            grant_application_role(role)
            grant_application_role(role)  # after the next migrate, too
            cursor.execute(f"SET ROLE {role}")
            yield Forger()
            cursor.execute("RESET ROLE")
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute(f"DROP OWNED BY {role}")
            cursor.execute(f"DROP ROLE {role}")


def test_posting_and_erasing_work(as_application):
    entry = move(MILL, KITCHEN, 1_000, "as application", memo="For the kitchen")
    erase_words(entry.memo, actor=CLERK, reason="Asked for")
    keep_words("Other words")
    assert Journal.objects.count() == 6
    assert [*verify_record(), *verify_ledger()] == []


def rights_taken() -> dict[str, str]:
    statements = {}
    for table in SEALED:
        column = connection.introspection.get_table_description(connection.cursor(), table)[0].name
        statements |= {
            f"UPDATE {table} SET {column} = {column}": "permission denied",
            f"DELETE FROM {table}": "permission denied",
            f"TRUNCATE {table} CASCADE": "permission denied",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL": "must be owner",
            f"DROP TABLE {table} CASCADE": "must be owner",
        }
    statements |= {
        f"DROP TRIGGER {seal.name} ON {seal.table}": "must be owner"
        for seal in seals.triggers("postgresql")
        if seal.table in SEALED
    }
    return statements | {
        "SET session_replication_role = replica": "permission denied",
        "INSERT INTO record_loghead VALUES ('audit', 0, '')": "permission denied",
        "INSERT INTO ledger_accountbalance VALUES (1, 'none', 0, 0, 0)": "permission denied",
        "UPDATE record_wording SET commitment = 'x'": "permission denied",
        "CREATE TABLE public.record_leaf2 (id int)": "permission denied",
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'": "permission denied",
        "CREATE OR REPLACE FUNCTION public.doorstep_append_only() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'": "permission denied",
        "DELETE FROM django_migrations": "permission denied",
    }


def test_no_right_is_left_to_edit_or_to_unseal(as_application):
    for statement, refusal in rights_taken().items():
        with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
            as_application.sql(statement)


def test_no_forgery_gets_through_either(as_application):
    for name, operation in forbidden("postgresql").items():
        try:
            with transaction.atomic():
                operation(as_application)
        except DatabaseError:
            continue
        pytest.fail(f"{name} was admitted")


def test_a_table_of_the_sessions_own_does_not_stand_in_for_a_sealed_one(as_application):
    # Functions that run as the owner name their search path, temporary tables last.
    as_application.sql(
        "CREATE TEMPORARY TABLE ledger_accountbalance AS SELECT * FROM public.ledger_accountbalance"
    )
    as_application.sql(
        "CREATE TEMPORARY TABLE record_loghead AS SELECT * FROM public.record_loghead"
    )
    before = as_application.one("SELECT size FROM public.record_loghead WHERE log = 'public'")
    as_application.leaf()
    after = as_application.one("SELECT size FROM public.record_loghead WHERE log = 'public'")
    assert after == before + 1
