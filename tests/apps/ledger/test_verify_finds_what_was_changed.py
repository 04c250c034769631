"""Somebody with the file and all rights can still change it; `verify` then says what and where."""

import pytest
from django.db import connection, transaction

from doorstep.apps.ledger.verify import verify_ledger
from doorstep.apps.record import seals
from doorstep.apps.record.verify import verify_record
from tests.apps.ledger.forger import KITCHEN, POT, Forger, furnish


def found() -> list[str]:
    return [f"{one.where}: {one.sentence}" for one in (*verify_record(), *verify_ledger())]


@pytest.fixture
def unsealed(committed_db):
    """All seals and foreign keys off: what a person with root can do."""
    furnish()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
        else:
            cursor.execute("SET session_replication_role = replica")
        for seal in seals.triggers(connection.vendor):
            cursor.execute(
                f"DROP TRIGGER {seal.name}"
                + (f" ON {seal.table}" if connection.vendor == "postgresql" else "")
            )
    return Forger()


def test_a_sound_ledger_has_no_findings(committed_db):
    furnish()
    assert found() == []


CHANGES = {
    "UPDATE record_leaf SET kind = 'place.x' WHERE idx = 12": "names another kind",
    "UPDATE record_leaf SET body = chain WHERE idx = 9": "its bytes do not have its hash",
    "UPDATE record_leaf SET leaf_hash = chain WHERE idx = 9": "they were changed",
    "UPDATE record_leaf SET prev_chain = chain WHERE idx = 9": "name the link before it",
    "UPDATE record_leaf SET recorded_at = '2020-01-01 00:00:00+00:00' WHERE idx = 9": "other time",
    "UPDATE record_leaf SET journal_seq = 99 WHERE journal_seq = 5": "another entry",
    "DELETE FROM record_leaf WHERE idx = 9": "some are missing",
    "UPDATE record_loghead SET size = 77 WHERE log = 'public'": "its head says 77",
    "DELETE FROM record_loghead WHERE log = 'audit'": "no head",
    "UPDATE record_wording SET text = 'x' WHERE text = 'A new kitchen'": "not the words",
    "DELETE FROM record_wording WHERE text = 'A new kitchen'": "words that are nowhere",
    f"UPDATE ledger_account SET code = 'fund:x' WHERE code = '{KITCHEN}'": "no leaf opened it",
    "UPDATE ledger_account SET fund = 'x' WHERE code = 'fund:pot'": "not what its leaf says",
    f"DELETE FROM ledger_account WHERE code = '{KITCHEN}'": "it is gone",
    "UPDATE ledger_accountbalance SET credits = credits + 1 WHERE credits > 0": "its balance says",
    "UPDATE ledger_accountbalance SET last_transfer = 1": "last transfer was changed",
    "UPDATE ledger_journal SET kind = 'x.y' WHERE seq = 2": "entry",
    "UPDATE ledger_journal SET effective_on = '2020-01-01' WHERE seq = 2": "effective_on",
    "UPDATE ledger_journal SET idem_key = 'x' WHERE seq = 2": "idem",
    "UPDATE ledger_journal SET reverses_id = NULL": "reverses",
    "UPDATE ledger_journal SET memo_id = NULL": "memo",
    "UPDATE ledger_journal SET n_lines = 2 WHERE seq = 2": "number of lines",
    "DELETE FROM ledger_journal WHERE seq = 5": "not all there",
    "UPDATE ledger_transfer SET pence = pence + 1 WHERE id = 2": "lines",
    "UPDATE ledger_transfer SET debit_id = credit_id, credit_id = debit_id WHERE id = 2": "lines",
    "DELETE FROM ledger_transfer WHERE id = 5": "not all there",
    "UPDATE ledger_transfer SET journal_id = journal_id + 10"
    " WHERE journal_id = (SELECT max(journal_id) FROM ledger_transfer)": "its lines name",
}


def test_every_change_is_found_and_named(unsealed):
    assert found() == []
    missed = {}
    for change, said in CHANGES.items():
        with transaction.atomic():
            unsealed.sql(change)
            told = found()
            if not any(said in one for one in told):
                missed[change] = told
            transaction.set_rollback(True)
    assert missed == {}


def test_forged_leaves_are_found_even_when_hashed_rightly(unsealed):
    # The seals are gone, and every hash and link is made anew; the books still do not add up.
    for body, said in (
        ({"code": POT, "fund": "fund", "guard": "credit_nonneg"}, "a second time"),
        ({"code": "fund:x", "fund": "fund", "guard": "none"}, "may not have"),
        ({"code": "fund:x", "fund": "example", "guard": "credit_nonneg"}, "must stay apart"),
        ({"seq": 9, "lines": []}, "it is not entry 6"),
        (entry([[POT, "place:mill:available", 99_999]]), "takes more from fund:pot"),
        (entry([[POT, "example:mill:available", 1]]), "between two funds"),
        (entry([[POT, "fund:nowhere", 1]]), "cannot be"),
        (entry([[POT, "place:mill:available", "1"]]), "whole number"),
        (entry([["place:mill:available", POT, 20_000]], reverses=3), "a second time"),
        (entry([["place:mill:available", POT, 1]], reverses=2), "exactly what entry 2"),
        (entry([[POT, "place:mill:available", 20_000]], reverses=4), "a reversal itself"),
        (entry([[POT, "place:mill:available", 1]], reverses=6), "not an earlier one"),
    ):
        with transaction.atomic():
            kind = "ledger.account" if "code" in body else "ledger.journal"
            told = {"time": "2026-11-22T12:00:00Z", **body}
            unsealed.leaf(kind, told, journal_seq=told.get("seq"))
            assert any(said in one for one in found()), (said, found())
            transaction.set_rollback(True)


def entry(lines, **more):
    return {
        "seq": 6, "first_transfer": 6, "entry": "fund.moved", "effective_on": "2026-11-22",
        "idem": "x", "lines": lines, **more,
    }  # fmt: skip
