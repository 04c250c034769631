"""Getting started, plans and agreements with a council: what somebody with the database's file
changes, against the record, is found and named."""

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
from doorstep.apps.partnerships.actions.starting import (
    agree_start_money,
    end_start,
    listen,
    open_start,
)
from doorstep.apps.partnerships.rules.council import DraftDuty
from doorstep.apps.partnerships.verify_council import verify_council
from doorstep.apps.partnerships.verify_plans import verify_plans
from doorstep.apps.partnerships.verify_starting import verify_starting
from doorstep.apps.people.actions import open_account
from doorstep.apps.record import seals
from doorstep.apps.record.actors import Actor
from doorstep.site.verify import verify_everything
from tests.apps.partnerships.meeting import LONDON, SECRETARY, group
from tests.apps.partnerships.planning import endorsed, funder, member

JUNE = date(2026, 6, 18)
ANY_WORDS = "(SELECT MIN(id) FROM record_wording)"
CHANGES = {
    verify_starting: {
        "UPDATE partnerships_start SET money_pence = money_pence + 1": "another money",
        "UPDATE partnerships_start SET opened_on = '2026-01-01'": "another opened_on",
        f"UPDATE partnerships_start SET where_id = {ANY_WORDS}": "another where",
        f"UPDATE partnerships_start SET vision_id = {ANY_WORDS}": "another vision",
        "UPDATE partnerships_start SET ended_on = '2026-01-01'": "another ended_on",
        "UPDATE partnerships_start SET ended_id = NULL": "no leaf says that it did",
        "UPDATE partnerships_start SET ended_id = opened_id, opened_id = ended_id": "another kind",
        "UPDATE partnerships_listening SET people = 4000": "18: the record says another people",
        f"UPDATE partnerships_listening SET heard_id = {ANY_WORDS}": "another heard",
        "UPDATE partnerships_startmoney SET pence = 1": "sum 1: the record says another pence",
        "UPDATE partnerships_startmoney SET in_favour = 90": "another voted, in_favour",
        "UPDATE partnerships_startmoney SET kind = 'worker'": "another pays_for",
        "UPDATE partnerships_startmoney SET pence = 2000001": "more than there was",
        "DELETE FROM partnerships_startmoney WHERE number = 1": "one is gone",
    },
    verify_council: {
        "UPDATE partnerships_councilduty SET every = 12 WHERE number = 1": "another duties",
        "UPDATE partnerships_councilduty SET side = 'council'": "another duties",
        "DELETE FROM partnerships_councilduty WHERE number = 2": "another duties",
        f"UPDATE partnerships_councilagreement SET why_id = {ANY_WORDS}": "another why",
        "UPDATE partnerships_councilagreement SET council_id = (SELECT id FROM"
        " organisations_organisation WHERE slug = 'the-hall')": "another council",
        "UPDATE partnerships_councilagreement SET state = 'offered' WHERE number = 2": (
            "wait for a signature"
        ),
        "UPDATE partnerships_councilagreement SET state = 'draft' WHERE number = 2": "be a draft",
        "UPDATE partnerships_councilagreement SET ended_id = offered_id WHERE number = 2": (
            "to go on"
        ),
        f"UPDATE partnerships_councilagreement SET reason_id = {ANY_WORDS} WHERE number = 1": (
            "another reason"
        ),
        "DELETE FROM partnerships_councilsignature WHERE side = 'council'": "signature is missing",
        "UPDATE partnerships_councilsignature SET \"on\" = '2026-01-01'": "another signed_on",
        "UPDATE partnerships_councilsignature SET account_id = 1 WHERE side = 'council'": (
            "another actor"
        ),
        "DELETE FROM partnerships_councilsignature": "its step of an agreement is gone",
        "DELETE FROM partnerships_councilagreement WHERE number = 1": "step of an agreement is",
        "DELETE FROM promises_promise WHERE kind = 'council.duty'": "was never owed",
    },
    verify_plans: {
        "UPDATE partnerships_plan SET allocation_pence = 1": "do not come to",
        "UPDATE partnerships_plan SET ends_on = '2030-01-01'": "another ends_on",
        "UPDATE partnerships_plan SET put_on = '2026-01-01'": "another put_on",
        f"UPDATE partnerships_plan SET why_id = {ANY_WORDS}": "another why",
        "UPDATE partnerships_plan SET answered_on = '2026-01-01'": "another endorsed_on",
        f"UPDATE partnerships_plan SET state = 'sent_back', reason_id = {ANY_WORDS}": (
            "another kind, answered_on, reason"
        ),
        "UPDATE partnerships_plan SET state = 'put_forward', answered_id = NULL": (
            "was agreed, and the plan is not"
        ),
        "UPDATE partnerships_planline SET kind = 'worker' WHERE number = 1": "another lines",
        "UPDATE partnerships_planline SET pence = pence + 1 WHERE number = 1": "do not come to",
        "UPDATE partnerships_planline SET now_pence = 1 WHERE number = 1": "says another sum",
        "DELETE FROM partnerships_lineagreed": "no leaf agreed it",
        "UPDATE partnerships_planreview SET \"on\" = '2026-01-01'": "another reviewed_on",
        "UPDATE partnerships_memorandumsignature SET \"on\" = '2026-01-01'": "another signed_on",
    },
}


@pytest.fixture
def agreed(committed_db):
    """A start that ended, a plan on both sides' word, and two agreements, the first one ended."""
    with time_machine.travel(datetime(2026, 6, 18, 12, tzinfo=LONDON), tick=False):
        us = group()
        started(us.place)
        plan = endorsed(us)
        sign_memorandum(plan, on=JUNE, actor=member(us))
        sign_memorandum(plan, on=JUNE, actor=funder())
        review_plan(plan, done="The kitchen.", change="More care.", on=JUNE, actor=member(us))
        council = open_organisation("alderdale", "Alderdale Council", "council", actor=SECRETARY)
        officer = Actor("council_officer", open_account("o@council.example", actor=SECRETARY).pk)
        end_agreement(signed(us, council, officer), "Elections.", on=JUNE, actor=officer)
        signed(us, council, officer)
        yield us


def started(place) -> None:
    who = {"on": JUNE, "actor": Actor("worker", 7)}
    start = open_start(place, "Thursdays at seven, in the hall.", **who)
    listen(start, how="doors", people=40, heard="Buses stop at six.", **who)
    for pence in (48_000, 12_000):
        agree_start_money(
            start, kind="training", title="First aid", pence=pence, in_favour=9, against=1, **who
        )
    end_start(start, "Buses after six.", **who)


def signed(us, council, officer: Actor):
    made = begin_agreement(us.partnership, council, actor=member(us))
    for side in ("council", "partnership"):
        duty = DraftDuty(side, "Bring figures", 3, "2026-07-31")
        made = add_duty(made, duty, on=JUNE, actor=member(us))
    made = offer_agreement(made, why="We were ill.", on=JUNE, actor=member(us))
    for actor in (member(us), officer):
        sign_agreement(made, on=JUNE, actor=actor)
    return made


def looking_away() -> None:
    """What somebody with the file can do: take the seals off, and have no row checked."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            seals.remove(connection)
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            for seal in seals.triggers("postgresql"):
                cursor.execute(f"DROP TRIGGER {seal.name} ON {seal.table}")
            cursor.execute("SET session_replication_role = replica")


def found_after(sql: str, verify) -> list[str]:
    """What is found when this was done; undone again."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql)
            assert cursor.rowcount, sql
        found = [f"{one.where}: {one.sentence}" for one in verify()]
        transaction.set_rollback(True)
    return found


def test_what_was_agreed_is_sound_and_whatever_is_changed_is_named(agreed):
    assert [line.text for line in verify_everything() if not line.sound] == []
    looking_away()
    for verify, changes in CHANGES.items():
        for sql, named in changes.items():
            found = found_after(sql, verify)
            assert any(named in one for one in found), (sql, found)
