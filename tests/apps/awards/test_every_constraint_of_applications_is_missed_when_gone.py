"""Each constraint and seal of forms and applications is missed when it is gone."""

import pytest
from django.db import connection, models

from doorstep.apps.awards.actions.evidence import fix_questions
from doorstep.apps.awards.actions.quick_money import share_home
from doorstep.apps.awards.models import (
    Application,
    GrantForm,
    Review,
    Said,
    Say,
    SharedHome,
)
from doorstep.apps.record import seals
from tests.apps.awards.applying import begun, given, looked_at, published, sent_in
from tests.apps.awards.scene import LATER, scene
from tests.apps.awards.test_every_constraint_of_payments_is_missed_when_gone import (
    admitted,
    without_seals,
)

MODELS = (GrantForm, Application, Said, Say, SharedHome, Review)
BROKEN = {
    "grantform_is_for_some_sums": "UPDATE awards_grantform SET most = least - 1",
    "grantform_kind_known": "UPDATE awards_grantform SET kind = 'quick'",
    "grantform_over_budget_says_why": "UPDATE awards_grantform SET minutes = budget + 1",
    "application_is_for_something": "UPDATE awards_application SET pence = 0",
    "application_by_a_form_or_quick": "UPDATE awards_application SET form_id = NULL"
    " WHERE kind = 'project'",
    "application_pays_them_or_a_body": "UPDATE awards_application SET organisation_id = NULL",
    "application_state_has_its_moments": "UPDATE awards_application SET state = 'declined'"
    " WHERE award_id IS NULL",
    "application_agreed_is_an_award": "UPDATE awards_application SET state = 'agreed',"
    " sent_at = '2026-06-08', ended_at = '2026-06-08' WHERE award_id IS NULL",
    "say_once_a_person": "UPDATE awards_say SET account_id = (SELECT min(id) FROM people_account)",
    "say_kind_known": "UPDATE awards_say SET kind = 'coin'",
    "home_shared_once": "INSERT INTO awards_sharedhome (one_id, other_id, since)"
    " SELECT one_id, other_id, since FROM awards_sharedhome",
    "home_shared_by_two": "UPDATE awards_sharedhome SET other_id = one_id",
    "review_found_known": "UPDATE awards_review SET found = 'lucky'",
    "said_once_of_each": "UPDATE awards_said SET key = 'same'",
}
STAYS = {
    "awards_grantform_stays": "UPDATE awards_grantform SET minutes = 5",
    "awards_grantform_no_delete": "DELETE FROM awards_grantform WHERE id NOT IN"
    " (SELECT form_id FROM awards_application WHERE form_id IS NOT NULL)",
    "awards_application_stays": "UPDATE awards_application SET begun_on = '2020-01-01'",
    "awards_application_no_delete": "DELETE FROM awards_application WHERE id NOT IN"
    " (SELECT application_id FROM awards_said UNION SELECT application_id FROM awards_say)",
    "awards_say_no_update": "UPDATE awards_say SET kind = 'no'",
    "awards_say_no_delete": "DELETE FROM awards_say",
    "awards_review_no_update": "UPDATE awards_review SET found = 'wrong'",
    "awards_review_no_delete": "DELETE FROM awards_review",
    "awards_questionsfixed_no_update": "UPDATE awards_questionsfixed SET fixed_on = '2020-01-01'",
    "awards_questionsfixed_no_delete": "DELETE FROM awards_questionsfixed",
}


def furnish() -> None:
    told = scene()
    form = published(told)
    published(told, title="Another")
    sent_in(told, form)
    begun(told, form)
    one = given(told)
    share_home(told.chair, told.neighbour, LATER)
    looked_at(told, one)
    fix_questions(on=LATER, actor=told.acting("funder"))


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


@pytest.mark.parametrize("name", sorted(STAYS))
def test_each_seal_bites_until_it_is_taken_off(committed_db, name):
    furnish()
    assert not admitted(STAYS[name]), name
    table = name.rpartition("_stays" if name.endswith("stays") else "_no_")[0]
    drop = f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor != "sqlite" else "")
    with connection.cursor() as cursor:
        cursor.execute(drop)
    assert admitted(STAYS[name]), name


def test_a_row_is_not_replaced_by_another(committed_db):
    furnish()
    if connection.vendor != "sqlite":
        return  # PostgreSQL has no INSERT OR REPLACE, and its seals on TRUNCATE are of one kind
    for table in ("awards_grantform", "awards_application"):
        assert f"{table}_no_replace" in {seal.name for seal in seals.triggers("sqlite")}
        again = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        assert not admitted(again), table
