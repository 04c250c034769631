"""Each constraint of the ideas: one statement breaks it, and gets in without it.

The seals are off here (they have tests of their own), so it is the constraint alone that refuses.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from doorstep.apps.ideas.actions import answer, ask_review, hide, put_on_ballot, question_hiding
from doorstep.apps.ideas.models import Idea
from doorstep.apps.record import seals
from tests.apps.ideas.proposing import BENCH, CHECKER, Said, follows, proposed, taking_ideas

ANY = "(SELECT min(id) FROM rounds_project)"
BROKEN = {
    "idea_state_known": "UPDATE ideas_idea SET state = 'lost' WHERE number = 1",
    "idea_possible_has_a_cost": "UPDATE ideas_idea SET state = 'possible' WHERE number = 1",
    "idea_rough_cost_is_something": "UPDATE ideas_idea SET rough_pence = 0",
    "idea_retired_for_another": "UPDATE ideas_idea SET favoured_id = 2 WHERE number = 1",
    "idea_on_ballot_is_a_project": "UPDATE ideas_idea SET project_id = NULL WHERE number = 3",
    "idea_retires_for_another": "UPDATE ideas_idea SET state = 'retired', favoured_id = number"
    " WHERE number = 1",
    "idea_number_counts": "UPDATE ideas_idea SET number = 0 WHERE number = 4",
    "idea_ground_known": "UPDATE ideas_idea SET ground = 'owns'",
    "step_state_known": "UPDATE ideas_step SET state = 'lost' WHERE idea_id = 1",
    "step_possible_has_a_cost": "UPDATE ideas_step SET state = 'possible' WHERE idea_id = 1",
    "step_rough_cost_is_something": "UPDATE ideas_step SET rough_pence = 0",
    "step_retired_for_another": "UPDATE ideas_step SET favoured_id = 2 WHERE idea_id = 1",
    "step_on_ballot_is_a_project": "UPDATE ideas_step SET project_id = NULL WHERE idea_id = 3",
    "step_once_in_its_place": "UPDATE ideas_step SET seq = 9 WHERE idea_id = 3",
    "step_one_review": "UPDATE ideas_step SET kind = 'review_asked', reason_id = title_id"
    " WHERE idea_id = 2",
    "step_one_question": "UPDATE ideas_step SET kind = 'hiding_questioned' WHERE idea_id = 2",
    "step_not_possible_cites_a_rule": "UPDATE ideas_step SET changes_id = NULL WHERE idea_id = 2",
    "step_says_why": "UPDATE ideas_step SET reason_id = NULL WHERE kind = 'review_asked'",
    "follower_hears_once": "UPDATE ideas_follower SET idea_id = 1,"
    " contact_id = (SELECT min(contact_id) FROM ideas_follower), is_author = {no}",
    "follower_one_author": "UPDATE ideas_follower SET is_author = {yes}, idea_id = 1",
}


def constraints() -> Iterator[tuple[type[models.Model], models.BaseConstraint]]:
    for model in apps.get_app_config("ideas").get_models():
        for constraint in model._meta.constraints:
            yield model, constraint


def admitted(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(yes="true", no="false"))
            assert cursor.rowcount > 0, sql
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def test_every_constraint_has_a_statement_that_breaks_it():
    assert {constraint.name for _model, constraint in constraints()} == set(BROKEN)


def test_each_statement_is_refused_until_its_constraint_is_gone(committed_db, monkeypatch):
    round_ = taking_ideas()
    follows(proposed(round_), "cat@millbrook.example")
    no = {"possible": False, "reason": "No.", "rule_words": "A law", "changes": "Ask."}
    ask_review(answer(proposed(round_, BENCH), **no, actor=CHECKER), "Again.")
    answer(proposed(round_, Said("P", "p")), possible=True, cost_pence=5, reason="", actor=CHECKER)
    with transaction.atomic():
        put_on_ballot(round_, CHECKER)
    question_hiding(hide(proposed(round_, Said("H", "h")), "Rude.", actor=CHECKER), "Why?")
    assert Idea.objects.count() == 4
    if connection.vendor == "sqlite":
        seals.remove(connection)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")
    else:
        with connection.cursor() as cursor:
            for seal in seals.triggers("postgresql"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {seal.name} ON {seal.table}")
    for model, constraint in constraints():
        assert not admitted(BROKEN[constraint.name]), constraint.name
        with monkeypatch.context() as without, connection.schema_editor() as editor:
            # SQLite makes the table anew from what the model says now.
            others = [other for other in model._meta.constraints if other is not constraint]
            without.setattr(model._meta, "constraints", others)
            editor.remove_constraint(model, constraint)
        assert admitted(BROKEN[constraint.name]), constraint.name
