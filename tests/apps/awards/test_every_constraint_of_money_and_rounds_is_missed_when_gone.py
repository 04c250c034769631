"""Each constraint of fund and rounds: one statement breaks it, and gets in without it.

The seals are off here (they have tests of their own), so it is the constraint alone that refuses.
A constraint without a statement fails the first test.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from doorstep.apps.awards.actions import settle_round
from doorstep.apps.record import seals
from doorstep.apps.rounds.actions import count_round
from tests.millbrook import ACTOR, DAY, closed, place_with_money

ROOMS = ("fund",)
BROKEN = {
    "arrival_is_of_something": "UPDATE fund_arrival SET pence = 0, reserved_pence = 0",
    "arrival_reserves_part_of_itself": "UPDATE fund_arrival SET reserved_pence = pence + 1",
    "arrival_class_follows_kind": "UPDATE fund_arrival SET asset_class = 'gold'",
    "allocation_is_of_something": "UPDATE fund_allocation SET pence = 0",
    "allocation_ends_after_it_begins": "UPDATE fund_allocation SET ends_on = begins_on",
}


def constraints() -> Iterator[tuple[type[models.Model], models.BaseConstraint]]:
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
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


def test_each_statement_is_refused_until_its_constraint_is_gone(committed_db, monkeypatch):
    settle_round(count_round(closed(place_with_money()), actor=ACTOR), on=DAY, actor=ACTOR)
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
