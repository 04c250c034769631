"""Sums of a fund and the second pair of eyes are held by the database too; each seal of that is
missed when it is gone, and lets what is right through."""

from datetime import date

import pytest
from django.db import connection

from doorstep.apps.fund.actions import (
    agree_step,
    allocate,
    ask_step,
    draw_down,
    open_fund,
    promise_wave,
    receive_dormant,
    release,
    review_reserve,
    set_aside,
)
from doorstep.apps.fund.models import AssetClass
from doorstep.apps.people.actions import open_account
from doorstep.apps.places.actions import open_place
from doorstep.apps.record import seals
from doorstep.apps.record.actors import Actor
from tests.apps.partnerships.test_every_seal_of_meetings_bites import admitted
from tests.apps.record.losing import idle
from tests.millbrook import ACTOR

ON = {"on": date(2026, 6, 1), "actor": ACTOR}
TERM = {"begins_on": date(2026, 4, 1), "ends_on": date(2036, 3, 31)}
SPARE = "(SELECT MIN(seq) FROM ledger_journal)"  # the arrival's own: no row tried here has it
LEAF = "(SELECT MIN(id) FROM record_leaf)"
RELEASE = (
    "INSERT INTO fund_release (fund_id, asset_class, review_id, pence, required_pence, left_pence,"
    " journal_id) SELECT fund_id, asset_class, review_id, 1, {required}, {left}, " + SPARE + " FROM"
    " fund_release"
)
DRAWN = (
    "INSERT INTO fund_drawdown (share_id, pence, drawn_on, journal_id)"
    " SELECT share_id, {pence}, drawn_on, " + SPARE + " FROM fund_drawdown"
)
SHARE = (
    "INSERT INTO fund_waveshare (wave_id, allocation_id, yearly) SELECT wave.id, given.id, '[]'"
    " FROM fund_wave AS wave, fund_allocation AS given WHERE given.id NOT IN"
    " (SELECT allocation_id FROM fund_waveshare) AND given.pence = {pence}"
)
ANSWER = (
    "INSERT INTO fund_stepanswer (step_id, agreed, account_id, answered_on, journal_id, leaf_id)"
    " SELECT id, {yes}, {who}, asked_on, " + SPARE + ", " + LEAF + " FROM fund_step"
    " WHERE reference = 'open'"
)
YES = "1 = 1"
FORBIDDEN = {
    "fund_release_leaves_the_reserve": RELEASE.format(
        required="required_pence", left="left_pence + 1"
    ),
    "fund_release_follows_the_last_review": RELEASE.format(required="1", left="left_pence"),
    "fund_waveshare_stays_in_its_wave": SHARE.format(pence=1_000),
    "fund_drawdown_stays_in_its_share": DRAWN.format(pence=9_000_000),
    "fund_stepanswer_is_of_another": ANSWER.format(yes=YES, who="asked_by_id"),
}
RIGHT = (
    RELEASE.format(required="required_pence", left="left_pence"),
    DRAWN.format(pence=1),
    ANSWER.format(yes=YES, who="(SELECT MAX(id) FROM people_account)"),
)


def ours() -> list[seals.Seal]:
    """Those with a rule of their own; whatever closes a table is tried for all rooms."""
    mine = [one for one in seals.triggers(connection.vendor) if one.table.startswith("fund_")]
    return [one for one in mine if not one.name.startswith(f"{one.table}_no_")]


@pytest.fixture
def giving(committed_db) -> None:
    """A release after a review, a share that was drawn from, another outside the wave, a step that
    nobody answered."""
    fund = open_fund("alderdale", "A fund", actor=ACTOR)
    receive_dormant(fund, AssetClass.BANK, 10_000_000, giver="A bank", idem_key="in", **ON)
    review_reserve(
        fund, AssetClass.BANK, 1_000_000, reason="Few owners have come forward so far.", **ON
    )
    release(fund, AssetClass.BANK, 50_000, idem_key="out", **ON)
    east, west = (
        open_place(
            slug, slug.title(), "Alderdale", population=7_000, population_year=2024,
            population_source="Made up", boundary_year=2021, actor=ACTOR,
        )
        for slug in ("east", "west")
    )  # fmt: skip
    programme = set_aside(fund, "long", "Long-term", 500_000, idem_key="aside", **ON)
    wave = promise_wave(programme, "one", {east: 500_000}, years=10, **TERM, **ON)
    draw_down(wave.shares.get(), 10_000, idem_key="drawn", **ON)
    allocate(fund, west, 1_000, idem_key="beside", **TERM, **ON)
    ann, bea = (
        Actor("funder", open_account(f"{name}@fund.example", actor=ACTOR).pk)
        for name in ("ann", "bea")
    )
    for reference in ("done", "open"):
        step = ask_step(
            fund, "costs", {"pence": 100}, words="Paper", reference=reference, actor=ann
        )
        if reference == "done":
            agree_step(step, actor=bea)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")


def test_every_seal_has_a_statement_that_it_refuses() -> None:
    assert {seal.name for seal in ours()} == set(FORBIDDEN)


def test_sums_and_eyes_are_held_and_each_seal_is_missed_when_gone(giving) -> None:
    assert [name for name, sql in FORBIDDEN.items() if admitted(sql)] == []
    assert [sql for sql in RIGHT if not admitted(sql)] == [], "refused for something else"
    for seal in ours():
        assert not idle([seal], admitted, [FORBIDDEN[seal.name]]), seal.name
