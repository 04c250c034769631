"""Every invariant is asked of live data; what breaks one is found, and public without names."""

import threading

import pytest
from django.core import mail
from django.db import connection
from typer.testing import CliRunner

from doorstep.apps import invariants as registry
from doorstep.apps.chores import chores
from doorstep.apps.ledger.models import Account
from doorstep.apps.outbox.models import ChoreRun, Message
from doorstep.apps.outbox.sending import deliver_due
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import body_of
from doorstep.apps.refused import Refused
from doorstep.apps.rows import row, together
from doorstep.cli import app
from doorstep.site.operations import close_and_settle
from doorstep.site.upkeep.checking import (
    CHECKED,
    MOST_SHOWN,
    Outcome,
    check_invariants,
    lines_of,
    publish,
)
from doorstep.site.upkeep.snapshot import one_moment
from tests.millbrook import ACTOR, closed, place_with_money
from tests.site.breaking import BREAKS
from tests.site.test_verify_names_what_was_changed import changed


@pytest.fixture
def settled(committed_db):
    close_and_settle(closed(place_with_money(), "r"), actor=ACTOR)
    return committed_db


def broken() -> set[str]:
    return {one.invariant.name for one in check_invariants() if one.faults}


def test_all_hold_on_a_sound_install(settled):
    assert broken() == set()


def test_a_lost_seal_is_found(settled):
    with connection.cursor() as cursor:
        on = " ON record_leaf" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER record_leaf_no_update{on}")
    assert broken() == {"record.seals"}


def test_work_that_is_late_is_a_deadline_missed_and_nothing_worse(settled, time_machine):
    ChoreRun.objects.create(name="a chore", due_at="2026-06-01T00:00:00Z")
    late = [one for one in check_invariants() if one.faults]
    assert [one.invariant.name for one in late] == ["outbox.chores_done"]
    assert late[0].invariant.is_deadline


def test_every_promise_is_a_sentence_under_a_name_of_its_own():
    for one in registry.invariants():
        room, what = one.name.split(".")
        assert room
        assert what
        assert str(one.promise).endswith("."), one.name
    assert len(registry.invariants()) >= 30


def test_what_cannot_even_be_asked_does_not_hold(settled, monkeypatch):
    def faults():
        raise ValueError("no such thing")

    known = {**registry._invariants}
    monkeypatch.setattr(registry, "_invariants", known)
    registry.holds("test.broken", "It can be asked.", lambda: 1)(faults)
    assert broken() == {"test.broken"}


def test_each_question_sees_one_moment_and_lets_others_write(settled):
    """Somebody who posts while a question is asked is not called a fault."""

    def write() -> None:
        write_leaf("place.noted", {})
        connection.close()

    with one_moment():
        before = Leaf.objects.count()
        other = threading.Thread(target=write)
        other.start()
        other.join(timeout=30)
        assert Leaf.objects.count() == before
    assert Leaf.objects.count() == before + 1


def test_a_question_may_ask_for_rows_of_several_tables_though_nobody_did_before(committed_db):
    """Or a check of everything could not tell what a host holds, where it is all a process does."""
    vars(connection.features).pop("supports_json_field", None)
    with one_moment():
        assert list(together({"leaf": row(Leaf.objects.all(), idx="idx")})) == []


def test_the_chore_writes_a_leaf_that_anybody_may_read(settled, client, page):
    (nightly,) = [one for one in chores() if one.name.endswith("check_what_must_hold")]
    assert "Nothing was checked yet" in page.get("/record/invariants/").text
    nightly.work()
    said = body_of(Leaf.objects.get(kind="upkeep.invariants_checked"))
    assert ["ledger.sums", Account.objects.count(), 0] in said["checked"]
    text = page.get("/record/invariants/").text
    assert "Last night nothing was found" in text
    assert "What an account holds is what came in less what went out, to the penny." in text
    assert "found nothing" in page.get("/record/").text


def test_a_fault_is_public_in_plain_words_and_the_operator_is_told_where_to_look(
    settled, page, settings
):
    settings.OPERATOR = "operator@example.org"
    changed(BREAKS["places.told"])
    publish(list(check_invariants()))
    publish(list(check_invariants()))  # the same night again: one message
    text = page.get("/record/invariants/").text
    assert "Last night something was found" in text
    assert "1 fault" in text
    assert "Elsewhere" not in text
    assert Message.objects.filter(topic="upkeep").count() == 1
    deliver_due(10)
    assert "Every place is as the record says" in mail.outbox[0].body


def test_a_night_that_was_missed_shows(settled, page, time_machine):
    time_machine.move_to("2026-11-28T03:00:00Z")
    publish(list(check_invariants()))
    assert "keeps it from running" not in page.get("/record/invariants/").text
    time_machine.move_to("2026-11-30T03:00:00Z")
    assert "keeps it from running" in page.get("/record/invariants/").text


def test_a_promise_that_is_known_no_more_still_reads(settled, page):
    gone = registry.Invariant("old.promise", "Gone.", lambda: 0, list)
    publish([*check_invariants(), Outcome(gone, 3, [])])
    assert "old.promise" in page.get("/record/invariants/").text


def test_the_command_names_each_and_ends_with_1_when_one_is_broken(settled):
    run = CliRunner().invoke(app, ["invariants"])
    assert run.exit_code == 0, run.output
    assert "ok     ledger.sums: What an account holds" in run.output
    changed(BREAKS["places.told"])
    run = CliRunner().invoke(app, ["invariants", "places.told"])
    assert run.exit_code == 1
    assert "WRONG  Place millbrook-east" in run.output
    assert "ledger.sums" not in run.output


@pytest.mark.parametrize(
    ("words", "taught"),
    [
        (["ledger.sum"], "Did you mean ledger.sums"),
        (["ledger.sums", "ledgr.entries"], "Did you mean ledger.entries"),
        (["xyzzy"], "Did you mean "),
        (["ledger.sums", "--publish"], "Only a check of everything is published"),
        (["xyzzy", "--publish"], "Only a check of everything is published"),
    ],
)
def test_a_name_that_nothing_has_and_a_part_that_would_look_whole_are_refused(
    settled, words, taught
):
    run = CliRunner().invoke(app, ["invariants", *words])
    assert run.exit_code == 2, run.output
    assert run.stderr.startswith("doorstep: ")
    assert taught in run.stderr
    assert run.stdout == ""
    assert not Leaf.objects.filter(kind=CHECKED).exists()


def test_no_caller_publishes_a_part_of_a_check(settled):
    with pytest.raises(Refused, match="leaves out"):
        publish(list(check_invariants(["ledger.sums"])))
    with pytest.raises(Refused, match=r"Did you mean record\.leaves"):
        check_invariants(["record.leafs"])
    assert not Leaf.objects.filter(kind=CHECKED).exists()


def test_a_table_of_faults_does_not_fill_the_terminal():
    one = registry.Invariant("a.b", "All is well.", lambda: 0, list)
    lines = list(lines_of(Outcome(one, 100, [("Row", "it is wrong.")] * 100)))
    assert len(lines) == MOST_SHOWN + 2
