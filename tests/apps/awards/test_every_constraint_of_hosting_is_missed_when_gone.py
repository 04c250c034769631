"""Each constraint and seal of agreements with organisations is missed when it is gone."""

import pytest
from django.db import connection, models

from doorstep.apps.awards.actions import closing_out, host_moves, hosting, payments
from doorstep.apps.awards.actions.withdrawing import withdraw_funding
from doorstep.apps.awards.models import CloseOut, Funding, Move, PaidFrom, Part, SpendReport
from tests.apps.awards.hosting import PARTS, WINTER, hosted
from tests.apps.awards.scene import LATER, approved, ready
from tests.apps.awards.test_every_constraint_of_payments_is_missed_when_gone import (
    admitted,
    without_seals,
)

MODELS = (Funding, Part, SpendReport, Move, PaidFrom, CloseOut)
FIRST = "(SELECT min(id) FROM {})"
BROKEN = {
    "funding_takes_two": "UPDATE awards_funding SET accepted_by_id = drafted_by_id",
    "funding_withdrawn_as_a_draft": "UPDATE awards_funding SET withdrawn_by_id = NULL"
    " WHERE withdrawn_id IS NOT NULL",
    "funding_taken_over_once": "UPDATE awards_funding SET withdrawn_id = NULL,"
    " withdrawn_by_id = NULL, withdrawn_on = NULL WHERE withdrawn_id IS NOT NULL",
    "part_numbered_once": "UPDATE awards_part SET number = 1",
    "part_is_of_something": "UPDATE awards_part SET pence = 0",
    "spendreport_numbered_once": "UPDATE awards_spendreport SET number = 1",
    "spendreport_of_sums": "UPDATE awards_spendreport SET spent_pence = -1",
    "move_is_of_something": "UPDATE awards_move SET pence = 0",
    "move_says_where_from_and_to": "UPDATE awards_move SET part_id = NULL",
    "move_ends_by_a_leaf": "UPDATE awards_move SET ended_id = NULL",
    "move_takes_two": "UPDATE awards_move SET ended_by_id = said_by_id WHERE state = 'confirmed'",
    "part_paid_once": f"UPDATE awards_move SET part_id = {FIRST.format('awards_part')}"
    " WHERE kind = 'released'",
    "report_opens_one_part": "UPDATE awards_move SET"
    f" report_id = {FIRST.format('awards_spendreport')} WHERE kind = 'released'",
    "closeout_says_how_long_records_stay": "UPDATE awards_closeout SET left_pence = 5",
    "closeout_takes_two": "UPDATE awards_closeout SET closed_by_id = begun_by_id",
}
STAYS = {
    "awards_funding_stays": "UPDATE awards_funding SET drafted_on = '2020-01-01'",
    "awards_funding_no_delete": "DELETE FROM awards_funding WHERE takes_over_id IS NOT NULL",
    "awards_move_stays": "UPDATE awards_move SET pence = pence + 1",
    "awards_move_no_delete": "DELETE FROM awards_move WHERE kind = 'returned'",
    "awards_closeout_stays": "UPDATE awards_closeout SET begun_on = '2020-01-01'",
    "awards_closeout_no_delete": "DELETE FROM awards_closeout",
    "awards_part_no_update": "UPDATE awards_part SET due_on = '2020-01-01'",
    "awards_part_no_delete": "DELETE FROM awards_part WHERE id NOT IN"
    " (SELECT part_id FROM awards_move WHERE part_id IS NOT NULL)",
    "awards_spendreport_no_update": "UPDATE awards_spendreport SET at_bank_pence = 1",
    "awards_spendreport_no_delete": "DELETE FROM awards_spendreport WHERE number = 2",
    "awards_paidfrom_no_update": "UPDATE awards_paidfrom SET funding_id = funding_id + 0",
    "awards_paidfrom_no_delete": "DELETE FROM awards_paidfrom",
}


def furnish() -> None:
    one = hosted()
    release = one.paid(1)
    payment = approved(one.told, ready(one.told)[1])
    payments.release_payment(payment, on=LATER, actor=one.told.acting("finance"))
    host_moves.send_back(
        release, 5, reason="Less", on=LATER, actor=one.told.acting("finance")
    )  # fmt: skip
    closing_out.begin_closing(one.told.place, on=LATER, actor=one.told.acting("chair"))
    one.paid(2, one.report(), on=WINTER)
    one.report()
    funder = one.told.acting("funder")
    draft = hosting.draft_funding(
        one.next_host, [PARTS[2]], takes_over=one.funding, on=WINTER, actor=funder
    )
    withdraw_funding(draft, reason="Too early.", on=WINTER, actor=funder)
    later = one.handed_over(PARTS[2][0])
    assert later.takes_over == one.funding


def constraints() -> list[tuple[type[models.Model], models.BaseConstraint]]:
    return [(model, one) for model in MODELS for one in model._meta.constraints]


def test_every_constraint_has_a_statement_that_breaks_it():
    assert {one.name for _model, one in constraints()} == set(BROKEN)


def test_each_statement_is_refused_until_its_constraint_is_gone(committed_db, monkeypatch):
    furnish()
    without_seals()
    for model, constraint in constraints():
        assert not admitted(BROKEN[constraint.name]), constraint.name
        with monkeypatch.context() as without, connection.schema_editor() as editor:
            others = [other for other in model._meta.constraints if other is not constraint]
            without.setattr(model._meta, "constraints", others)
            editor.remove_constraint(model, constraint)
        assert admitted(BROKEN[constraint.name]), constraint.name


def test_each_seal_bites_until_it_is_taken_off(committed_db):
    furnish()
    for name, broken in sorted(STAYS.items()):
        assert not admitted(broken), name
        table = name.rpartition("_stays" if name.endswith("stays") else "_no_")[0]
        drop = f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor != "sqlite" else "")
        with connection.cursor() as cursor:
            cursor.execute(drop)
        assert admitted(broken), name


@pytest.mark.parametrize("table", ["awards_funding", "awards_move", "awards_closeout"])
def test_a_row_is_not_replaced_by_another(committed_db, table):
    if connection.vendor != "sqlite":
        return  # PostgreSQL has no INSERT OR REPLACE
    furnish()
    assert not admitted(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"), table
