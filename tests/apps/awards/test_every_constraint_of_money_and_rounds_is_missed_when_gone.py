"""Each constraint of the fund: one statement breaks it, and gets in without it.

The seals are off here (they have tests of their own), so it is the constraint alone that refuses.
A constraint without a statement fails the first test.
"""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from doorstep.apps.fund.actions import (
    agree_step,
    ask_step,
    decide_shares,
    draw_down,
    keep_scenario,
    promise_wave,
    propose_shares,
    release,
    review_reserve,
    set_aside,
)
from doorstep.apps.fund.models import AssetClass
from doorstep.apps.people.actions import open_account
from doorstep.apps.record import seals
from doorstep.apps.record.actors import Actor
from doorstep.engine.forecast.command import text_of
from doorstep.engine.need.command import shipped_or
from doorstep.engine.need.study import run_study
from tests.millbrook import ACTOR, DAY, place_with_money

ROOMS = ("fund",)
BROKEN = {
    "arrival_is_of_something": "UPDATE fund_arrival SET pence = 0, reserved_pence = 0",
    "arrival_reserves_part_of_itself": "UPDATE fund_arrival SET reserved_pence = pence + 1",
    "arrival_class_follows_kind": "UPDATE fund_arrival SET asset_class = 'gold'",
    "allocation_is_of_something": "UPDATE fund_allocation SET pence = 0",
    "allocation_ends_after_it_begins": "UPDATE fund_allocation SET ends_on = begins_on",
    "proposal_named_once": "UPDATE fund_proposal SET slug = 'same'",
    "proposal_shares_something": "UPDATE fund_proposal SET pot_pence = 0",
    "proposal_floor_is_under_its_ceiling": "UPDATE fund_proposal SET floor_pence = -1",
    "proposed_place_once": "UPDATE fund_proposedplace SET code = 'same'",
    "proposed_place_has_people": "UPDATE fund_proposedplace SET residents = 0",
    "chosen_place_stands_in_line": "UPDATE fund_proposedplace SET chosen = %s, position = NULL",
    "decision_rule_known": "UPDATE fund_decision SET rule = 'lottery'",
    "decided_share_is_not_negative": "UPDATE fund_decidedshare SET pence = -1",
    "scenario_says_checksum": "UPDATE fund_scenario SET sha256 = 'none'",
    "step_kind_known": "UPDATE fund_step SET kind = 'gift'",
    "step_role_known": "UPDATE fund_step SET asked_role = 'mayor'",
    "step_answer_has_its_entry_or_reason": "UPDATE fund_stepanswer SET journal_id = NULL",
    "review_expects_money": "UPDATE fund_review SET expected_pence = -1",
    "review_of_a_known_class": "UPDATE fund_review SET asset_class = 'gold'",
    "release_is_of_something": "UPDATE fund_release SET pence = 0",
    "release_never_eats_the_reserve": "UPDATE fund_release SET left_pence = required_pence - 1",
    "programme_named_once": "UPDATE fund_programme SET slug = 'same'",
    "wave_named_once": "UPDATE fund_wave SET slug = 'same'",
    "wave_promises_something": "UPDATE fund_wave SET pence = 0",
    "wave_ends_after_it_begins": "UPDATE fund_wave SET ends_on = begins_on",
    "draw_down_is_of_something": "UPDATE fund_drawdown SET pence = 0",
}
WHY = "Somebody looked into it with care."


def constraints() -> Iterator[tuple[type[models.Model], models.BaseConstraint]]:
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            for constraint in model._meta.constraints:
                yield model, constraint


def admitted(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [True] if "%s" in sql else None)
            assert cursor.rowcount > 0, sql
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def a_row_of_everything() -> None:
    """A fund that went the whole way, and two of what may not bear one name."""
    place = place_with_money(5_000_000)
    fund = place.allocations.get().fund
    on = {"on": DAY, "actor": ACTOR}
    review_reserve(fund, AssetClass.BANK, 0, reason=WHY, **on)
    release(fund, AssetClass.BANK, 1_000, idem_key="release", **on)
    programme = set_aside(fund, "long", "Long-term places", 10_000, idem_key="long", **on)
    set_aside(fund, "small", "Small grants", 1_000, idem_key="small", **on)
    term = {"begins_on": DAY, "ends_on": DAY.replace(year=DAY.year + 10), "years": 10}
    for name in ("one", "two"):
        wave = promise_wave(programme, name, {place: 4_000}, **term, **on)
    draw_down(wave.shares.get(), 100, idem_key="draw", **on)
    asker, other = (
        Actor("funder", open_account(f"{name}@fund.example", actor=ACTOR).pk) for name in "ab"
    )
    step = ask_step(fund, "costs", {"pence": 5}, words="Office", reference="1", actor=asker)
    agree_step(step, actor=other)
    study = run_study(shipped_or(Path("millbrook")))
    propose_shares(fund, "first", study, actor=ACTOR)
    decide_shares(propose_shares(fund, "second", study, actor=ACTOR), "equal", WHY, actor=ACTOR)
    keep_scenario(fund, text_of(Path("millbrook")), actor=ACTOR)


def test_every_constraint_has_a_statement_that_breaks_it():
    assert {constraint.name for _model, constraint in constraints()} == set(BROKEN)


def test_each_statement_is_refused_until_its_constraint_is_gone(committed_db, monkeypatch):
    a_row_of_everything()
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
