"""Each constraint of the rounds: one statement breaks it, and gets in without it.

The seals are off here (they have tests of their own), so it is the constraint alone that refuses.
A constraint without a statement fails the first test.
"""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from doorstep.apps.record import seals
from doorstep.apps.rounds import freezing
from tests.apps.rounds.live import everything
from tests.millbrook import place_with_money

BROKEN = {
    "round_has_a_budget": "UPDATE rounds_round SET budget_pence = 0",
    "round_state_has_its_leaves": "UPDATE rounds_round SET state = 'closed' WHERE slug = 'street'",
    "round_cancelled_says_why": "UPDATE rounds_round SET cancel_reason_id = NULL"
    " WHERE slug = 'off'",
    "project_code_once_a_round": "UPDATE rounds_project SET code = 'same'",
    "project_costs_something": "UPDATE rounds_project SET cost_pence = 0",
    "terms_ideas_come_before_checks": "UPDATE rounds_terms SET checked_by = '2000-01-01'",
    "terms_open_before_close": "UPDATE rounds_terms SET closes_at = opens_at",
    "terms_choices_possible": "UPDATE rounds_terms SET minimum_choices = 0",
    "terms_house_secrecy_has_a_reason": "UPDATE rounds_terms SET secrecy = 'house'",
    "box_form_known": "UPDATE rounds_ballotbox SET form = 'guess'",
    "tally_number_once": "UPDATE rounds_tally SET number = 1",
    "recount_once_each": "INSERT INTO rounds_recount (round_id, signer_id, result_sha256)"
    " SELECT round.id, person.id, 'x' FROM (SELECT min(id) AS id FROM rounds_round) AS round,"
    " (SELECT min(id) AS id FROM people_account) AS person,"
    " (SELECT 1 AS n UNION ALL SELECT 2) AS twice",
    "sheet_has_two_counters": "UPDATE rounds_tallysheet SET second_counter_id = first_counter_id",
}


def constraints() -> Iterator[tuple[type[models.Model], models.BaseConstraint]]:
    for model in apps.get_app_config("rounds").get_models():
        for constraint in model._meta.constraints:
            yield model, constraint


def admitted(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            assert cursor.rowcount > 0, sql
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def test_every_constraint_has_a_statement_that_breaks_it():
    assert {constraint.name for _model, constraint in constraints()} == set(BROKEN)


@pytest.fixture
def furnished(committed_db, monkeypatch):
    for name in ("_checks", "_cancel_checks", "_parts", "_fills"):
        monkeypatch.setattr(freezing, name, type(getattr(freezing, name))())
    everything(place_with_money(10_000_000))
    return committed_db


def test_each_statement_is_refused_until_its_constraint_is_gone(furnished, monkeypatch):
    if connection.vendor == "sqlite":
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
