"""A key or constraint that the database has lost is named at start. All of them in turn are taken
away by `./doorstep torture seals`; here those of three tables that matter most."""

import pytest
from django.core.checks import run_checks

from doorstep.apps.record.constraints import missing_constraints, promised
from tests.apps.record.losing import without

TABLES = {"ledger_transfer", "awards_approval", "voting_envelope"}


def test_nothing_is_missing_after_a_migrate(committed_db):
    assert missing_constraints() == []
    assert len(promised()) > 500


def test_each_that_is_lost_is_named(committed_db):
    tried = [(table, name) for table, name in promised() if table in TABLES]
    for table, name in tried:
        with without(table, name):
            assert missing_constraints() == [f"{name} on {table}"]
    assert len(tried) > 15


@pytest.mark.parametrize("name", ["transfer_two_accounts", "journal_id (foreign key)"])
def test_the_start_says_so(committed_db, name):
    name = next(each for table, each in promised() if table == "ledger_transfer" and name in each)
    with without("ledger_transfer", name):
        told = " ".join(error.msg for error in run_checks(databases=["default"]))
    assert f"The constraint {name} on ledger_transfer is missing." in told
