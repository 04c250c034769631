"""Plans, starts and agreements with a council go from step to step, and what a step wrote stays;
each seal that holds them is missed when it is gone."""

from datetime import date, datetime

import pytest
import time_machine
from django.db import connection, transaction

from doorstep.apps.organisations.actions import open_organisation
from doorstep.apps.partnerships.actions.council import (
    add_duty,
    begin_agreement,
    end_agreement,
    offer_agreement,
    sign_agreement,
)
from doorstep.apps.partnerships.actions.memorandum import sign_memorandum
from doorstep.apps.partnerships.actions.plans import review_plan
from doorstep.apps.partnerships.actions.starting import open_start
from doorstep.apps.partnerships.rules.council import DraftDuty
from doorstep.apps.record import seals
from tests.apps.partnerships.meeting import LONDON, SECRETARY, group
from tests.apps.partnerships.planning import endorsed, member
from tests.apps.partnerships.test_every_seal_of_meetings_bites import admitted
from tests.apps.partnerships.test_what_was_agreed_is_what_the_record_says import started
from tests.millbrook import place_with_money

JUNE = date(2026, 6, 18)
LEAF, WORDS = "(SELECT MIN(id) FROM record_leaf)", "(SELECT MIN(id) FROM record_wording)"
START = "(SELECT {}(id) FROM partnerships_start)"
AGREEMENT = "(SELECT id FROM partnerships_councilagreement WHERE number = {})"
MONEY = (
    "INSERT INTO partnerships_startmoney (start_id, number, kind, title_id, pence, in_favour,"
    f" against, \"on\", leaf_id) SELECT {{start}}, 9, 'training', {WORDS}, {{pence}}, 9, 1,"
    f" '2026-06-18', {LEAF}"
)
# What each seal alone refuses.
ALONE = {
    "partnerships_plan_goes_forward": "UPDATE partnerships_plan SET state = state",
    "partnerships_plan_stays_as_put": (
        "UPDATE partnerships_plan SET state = 'replaced', allocation_pence = 1"
    ),
    "partnerships_plan_stays_answered": (
        "UPDATE partnerships_plan SET state = 'replaced', answered_on = '2026-01-01'"
    ),
    "partnerships_plan_no_delete": "DELETE FROM partnerships_plan",
    "partnerships_planline_of_a_draft": (
        "INSERT INTO partnerships_planline (plan_id, number, kind, title_id, pence, now_pence)"
        f" SELECT id, 9, 'training', {WORDS}, 5, 5 FROM partnerships_plan"
    ),
    "partnerships_start_stays": (
        "UPDATE partnerships_start SET money_pence = 5 WHERE ended_id IS NULL"
    ),
    "partnerships_start_no_delete": "DELETE FROM partnerships_start",
    "partnerships_listening_before_the_end": (
        'INSERT INTO partnerships_listening (start_id, how, people, heard_id, "on", leaf_id)'
        f" SELECT {START.format('MIN')}, 'doors', 5, {WORDS}, '2026-06-18', {LEAF}"
    ),
    "partnerships_startmoney_within": MONEY.format(start=START.format("MAX"), pence=2_000_001),
    "partnerships_council_goes_forward": (
        "UPDATE partnerships_councilagreement SET reason_id = reason_id WHERE number = 1"
    ),
    "partnerships_council_stays_as_offered": (
        f"UPDATE partnerships_councilagreement SET state = 'ended', ended_id = {LEAF},"
        f" reason_id = {WORDS}, why_id = {WORDS} WHERE number = 2"
    ),
    "partnerships_council_signed_by_both": (
        "UPDATE partnerships_councilagreement SET state = 'signed' WHERE number = 2"
    ),
    "partnerships_council_no_delete": "DELETE FROM partnerships_councilagreement",
    "partnerships_councilduty_of_a_draft": (
        "INSERT INTO partnerships_councilduty (agreement_id, number, side, words_id, every,"
        f" first_on) SELECT {AGREEMENT.format(2)}, 9, 'council', {WORDS}, 0, '2026-07-01'"
    ),
    "partnerships_councilsignature_when_offered": (
        "INSERT INTO partnerships_councilsignature (agreement_id, side, account_id, \"on\","
        f" leaf_id) SELECT {AGREEMENT.format(1)}, 'council', (SELECT MIN(id) FROM people_account),"
        f" '2026-06-18', {LEAF}"
    ),
    **{
        f"partnerships_{seal}_no_replace": f"REPLACE INTO {table} SELECT * FROM {table}"
        for seal, table in {
            "plan": "partnerships_plan", "start": "partnerships_start",
            "council": "partnerships_councilagreement",
        }.items()
    },
}  # fmt: skip
APPEND_ONLY = {
    "partnerships_planline": "pence", "partnerships_lineagreed": "line_id",
    "partnerships_planreview": "done_id", "partnerships_memorandumsignature": "side",
    "partnerships_councilduty": "every", "partnerships_councilsignature": "side",
    "partnerships_listening": "people", "partnerships_startmoney": "pence",
}  # fmt: skip
FORBIDDEN = {
    "an ended start changed": (
        "UPDATE partnerships_start SET ended_on = ended_on WHERE ended_id IS NOT NULL"
    ),
    "money after the end": MONEY.format(start=START.format("MIN"), pence=1),
    "an endorsed plan changed": "UPDATE partnerships_plan SET vision_id = legacy_id",
    **{f"{one} changed": f"UPDATE {one} SET {of} = {of}" for one, of in APPEND_ONLY.items()},
    **{f"{one} removed": f"DELETE FROM {one}" for one in APPEND_ONLY},
}
OURS = {
    *APPEND_ONLY, "partnerships_plan", "partnerships_start", "partnerships_councilagreement",
}  # fmt: skip


@pytest.fixture
def world(committed_db):
    """A plan on both sides' word, a start that ended and one that goes on, an agreement that was
    never signed and ended, and one with one signature."""
    with time_machine.travel(datetime(2026, 6, 18, 12, tzinfo=LONDON), tick=False):
        us = group()
        started(us.place)
        other = place_with_money(5_000_000, slug="west")
        open_start(other, "Mondays, in the school.", on=JUNE, actor=SECRETARY)
        plan = endorsed(us)
        sign_memorandum(plan, on=JUNE, actor=member(us))
        review_plan(plan, done="The kitchen.", change="More care.", on=JUNE, actor=member(us))
        council = open_organisation("alderdale", "Alderdale Council", "council", actor=SECRETARY)
        end_agreement(offered(us, council), "Elections.", on=JUNE, actor=member(us))
        sign_agreement(offered(us, council), on=JUNE, actor=member(us))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")
            # With it a replaced row counts as removed; without it no_replace stands alone.
            cursor.execute("PRAGMA recursive_triggers = OFF")
    return us


def offered(us, council):
    made = begin_agreement(us.partnership, council, actor=member(us))
    for side in ("council", "partnership"):
        duty = DraftDuty(side, "Bring figures", 3, "2026-07-31")
        made = add_duty(made, duty, on=JUNE, actor=member(us))
    return offer_agreement(made, why="We were ill.", on=JUNE, actor=member(us))


def alone() -> dict[str, str]:
    """PostgreSQL knows no REPLACE."""
    there = {seal.name for seal in seals.triggers(connection.vendor)}
    return {name: sql for name, sql in ALONE.items() if name in there}


def drop(seal: seals.Seal) -> None:
    with connection.cursor() as cursor:
        on = f" ON {seal.table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {seal.name}{on}")


def test_each_seal_refuses_what_no_other_one_does(world) -> None:
    ours = {one.name: one for one in seals.triggers(connection.vendor) if one.table in OURS}
    assert not [name for name, sql in alone().items() if admitted(sql)]
    for name, sql in alone().items():
        with transaction.atomic():
            drop(ours[name])
            assert admitted(sql), name
            transaction.set_rollback(True)


def test_what_was_agreed_stays_and_all_seals_are_missed(world) -> None:
    assert not [name for name, sql in FORBIDDEN.items() if admitted(sql)]
    for seal in seals.triggers(connection.vendor):
        if seal.table in OURS:
            drop(seal)
    refused = [name for name, sql in FORBIDDEN.items() if not admitted(sql)]
    assert not refused, "these never came as far as a seal"
    assert seals.missing_seals()


def test_the_application_may_change_only_how_each_stands() -> None:
    may = seals.changing_columns()
    assert may["partnerships_start"] == "vision_id, ended_id, ended_on"
    for table, never in {
        "partnerships_plan": ("number", "partnership_id"),
        "partnerships_councilagreement": ("number", "council_id", "partnership_id"),
    }.items():
        assert not set(may[table].split(", ")) & {"id", *never}
    assert seals.append_only_tables() >= set(APPEND_ONLY)
