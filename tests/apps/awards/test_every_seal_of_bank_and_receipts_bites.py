"""Each constraint and trigger of bank lines, matches, receipts and results is missed when gone."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction

from doorstep.apps.awards.actions.reports import (
    close_year,
    hand_in_receipt,
    show_receipt,
    show_result,
    tell_result,
)
from doorstep.apps.awards.models.reports import Receipt, ResultNote, YearReport
from doorstep.apps.ledger.actions import account_for, import_statement, undo_match
from doorstep.apps.ledger.models import (
    BankAccount,
    BankAssertion,
    BankLine,
    BankStatement,
    Match,
)
from doorstep.apps.people.models import Account
from doorstep.apps.record import seals
from doorstep.apps.record.actions import write_leaf
from tests.apps.awards.scene import Scene, awarded, scene
from tests.apps.awards.test_what_became_of_the_money_is_told import paid, picture
from tests.millbrook import ACTOR, DAY

VENDOR = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2].removesuffix("3")
MODELS = (
    BankAccount, BankStatement, BankLine, BankAssertion, Match, Receipt, ResultNote, YearReport,
)  # fmt: skip
TABLES = {model._meta.db_table for model in MODELS}
BROKEN = {
    "bankaccount_shows_three_digits": "UPDATE ledger_bankaccount SET last_three = '12'",
    "bankstatement_read_once": "UPDATE ledger_bankstatement SET sha256 = 'same'",
    "bankstatement_begins_before_it_ends": "UPDATE ledger_bankstatement"
    " SET first_day = '2030-01-01'",
    "bankstatement_counts_from_nothing": "UPDATE ledger_bankstatement SET n_known = -1",
    "bankline_once": "UPDATE ledger_bankline SET mark = 'same'",
    "bankline_numbered_once": "UPDATE ledger_bankline SET number = 1, statement_id ="
    " (SELECT min(id) FROM ledger_bankstatement)",
    "bankline_is_of_something": "UPDATE ledger_bankline SET pence = 0",
    "bankline_is_sealed": "UPDATE ledger_bankline SET sealed = 'James Kitchens'",
    "match_of_a_line_once": "UPDATE ledger_match SET undone_id = NULL, journal_id = NULL,"
    " kind = 'charge', reason_id = (SELECT min(id) FROM record_wording),"
    " bank_line_id = (SELECT min(id) FROM ledger_bankline)",
    "match_of_an_entry_once": "UPDATE ledger_match SET undone_id = NULL, kind = 'payment',"
    " journal_id = (SELECT max(seq) FROM ledger_journal) WHERE id IN"
    " (SELECT max(id) FROM ledger_match GROUP BY bank_line_id)",
    "match_has_an_entry_or_a_reason": "UPDATE ledger_match SET kind = 'gift'",
    "receipt_is_of_something": "UPDATE awards_receipt SET pence = 0",
    "receipt_once_a_payment": "UPDATE awards_receipt SET mark = 'same'",
    "receipt_checked_by_another": "UPDATE awards_receipt SET handed_by_id = checked_by_id"
    " WHERE checked_by_id IS NOT NULL",
    "receipt_state_has_its_leaf": "UPDATE awards_receipt SET state = 'waiting'",
    "result_outcome_known": "UPDATE awards_resultnote SET outcome = 'won'",
    "result_shown_by_somebody": "UPDATE awards_resultnote SET shown_by_id = NULL"
    " WHERE shown_id IS NOT NULL",
    "result_read_by_another": "UPDATE awards_resultnote SET told_by_id = shown_by_id"
    " WHERE shown_by_id IS NOT NULL",
    "yearreport_once_a_year": "UPDATE awards_yearreport SET number = 7",
    "yearreport_numbered": "UPDATE awards_yearreport SET number = 0 WHERE number = 1",
}
SHOWN = " WHERE state = 'shown'"
FORBIDDEN = {
    "ledger_match_stays": "UPDATE ledger_match SET kind = 'arrival' WHERE kind = 'payment'",
    "ledger_match_is_of_one_sum": "INSERT INTO ledger_match"
    " (bank_line_id, kind, reason_id, confirmed_by_id, leaf_id) SELECT max(line.id), 'mistake',"
    " (SELECT min(id) FROM record_wording), (SELECT min(id) FROM people_account),"
    " (SELECT max(id) FROM record_leaf) FROM ledger_bankline AS line WHERE NOT EXISTS"
    " (SELECT 1 FROM ledger_match AS held WHERE held.bank_line_id = line.id"
    " AND held.undone_id IS NULL)",
    "ledger_bankline_of_its_statement": "INSERT INTO ledger_bankline (statement_id, account_id,"
    " number, mark, booked_on, pence, sealed) SELECT statement_id, account_id, 900, 'other',"
    " '2019-01-01', 5, sealed FROM ledger_bankline WHERE number = 1 LIMIT 1",
    "awards_receipt_stays": "UPDATE awards_receipt SET pence = pence + 1",
    "awards_resultnote_stays": "UPDATE awards_resultnote SET outcome = 'learned'",
}
for _table in TABLES:
    FORBIDDEN |= {
        f"{_table}_no_update": f"UPDATE {_table} SET id = id + 1000",
        f"{_table}_no_delete": f"DELETE FROM {_table}",
        f"{_table}_no_truncate": f"TRUNCATE {_table} CASCADE",
        f"{_table}_no_replace": f"INSERT OR REPLACE INTO {_table} SELECT * FROM {_table}"
        + (" WHERE undone_id IS NULL" if _table == "ledger_match" else ""),
    }
STANDING = sorted(seal.name for seal in seals.triggers(VENDOR) if seal.table in TABLES)


def furnish() -> Scene:
    """A payment with its line, a line explained and one wrongly so, receipts, results, years."""
    told = scene()
    payment = paid(told)
    account = BankAccount.objects.get()
    days = ("2026-06-12,-5,BANK,95", "2026-06-13,-6,BANK,89", "2026-06-14,-7,BANK,82")
    more = "date,amount,who,balance\n" + "".join(f"{day}\n" for day in days)
    import_statement(account, more.encode(), actor=ACTOR)
    person = Account.objects.get(pk=told.clerk.pk)
    for pence in (-500, -600):
        line = BankLine.objects.get(pence=pence)
        match = account_for(line, kind="charge", reason="The fee", by=person, actor=ACTOR)
    undo_match(match, reason="No", actor=ACTOR)
    receipts = [
        hand_in_receipt(payment, picture(words), pence=100, actor=told.acting("worker"))
        for words in ("one", "two")
    ]
    show_receipt(receipts[0], actor=told.acting("chair"))
    note = tell_result(
        payment.award, outcome="happened", words="It is there.", actor=told.acting("worker")
    )
    show_result(note, with_photo=False, actor=told.acting("chair"))
    award = awarded(told, 5_000, "garden", "unrestricted")
    for day in (DAY, DAY.replace(month=7)):
        close_year(
            award, ends_on=day, accounts=picture(), story=f"{day}", actor=told.acting("worker")
        )
    return told


@pytest.fixture
def furnished(committed_db):
    told = furnish()
    write_leaf("place.noted", {})
    with connection.cursor() as cursor:
        if VENDOR == "sqlite":
            cursor.execute("PRAGMA recursive_triggers = OFF")
            cursor.execute("PRAGMA foreign_keys = OFF")
    return told


def constraints() -> Iterator[tuple[type[models.Model], models.BaseConstraint]]:
    for model in MODELS:
        for constraint in model._meta.constraints:
            yield model, constraint


def admitted(sql: str, *without: str) -> bool:
    """Whether it gets in with these triggers taken off; undone either way."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if VENDOR == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for name in without:
                table = next(s.table for s in seals.triggers(VENDOR) if s.name == name)
                on = f" ON {table}" if VENDOR == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {name}{on}")
            cursor.execute(sql)
            assert "TRUNCATE" in sql or cursor.rowcount, sql
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def cascaded(name: str) -> list[str]:
    """TRUNCATE cascades to every table that points here; those seals refuse it as well."""
    if not name.endswith("_no_truncate"):
        return [name]
    return [seal.name for seal in seals.triggers(VENDOR) if seal.name.endswith("_no_truncate")]


def test_everything_has_a_statement_that_it_refuses():
    assert {constraint.name for _model, constraint in constraints()} == set(BROKEN)
    assert set(STANDING) <= set(FORBIDDEN)


def test_each_seal_is_missed_when_gone(furnished):
    for name in STANDING:
        assert not admitted(FORBIDDEN[name]), f"{name} let it in"
        assert admitted(FORBIDDEN[name], *cascaded(name)), name


def test_each_constraint_is_missed_when_gone(furnished, monkeypatch):
    if VENDOR == "sqlite":
        seals.remove(connection)
    else:
        with connection.cursor() as cursor:
            for seal in seals.triggers("postgresql"):
                cursor.execute(f"DROP TRIGGER {seal.name} ON {seal.table}")
    for model, constraint in constraints():
        assert not admitted(BROKEN[constraint.name]), constraint.name
        with monkeypatch.context() as without, connection.schema_editor() as editor:
            # SQLite makes the table anew from what the model says now.
            others = [other for other in model._meta.constraints if other is not constraint]
            without.setattr(model._meta, "constraints", others)
            editor.remove_constraint(model, constraint)
        assert admitted(BROKEN[constraint.name]), constraint.name
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)
