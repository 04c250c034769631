"""A promise is open until it is kept, not done or not needed; every step stands in the record."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from doorstep.apps.people.actions import open_account
from doorstep.apps.promises import rules
from doorstep.apps.promises.actions import (
    Due,
    Owed,
    extend,
    give_back,
    keep,
    kept,
    not_done,
    owe,
    promise_aloud,
    take_on,
    withdraw,
)
from doorstep.apps.promises.models import Promise, Step
from doorstep.apps.promises.verify import verify_promises
from doorstep.apps.record.models import Leaf, Log
from doorstep.apps.record.telling import tell
from doorstep.apps.refused import Refused
from tests.apps.promises.conftest import ASKED, TEST, promised

pytestmark = pytest.mark.django_db
DUE = date(2027, 1, 6)


def said(kind: str) -> str:
    return tell([Leaf.objects.filter(kind=kind).latest("idx")])[0].sentence


def test_a_promise_is_due_by_its_sum_and_the_record_says_so(east) -> None:
    promise = promised(east)
    assert (promise.due_on, promise.days, promise.counted_from) == (DUE, 10, ASKED)
    assert said("promise.made") == (
        "The community worker of Millbrook East promised by 6 January 2027: Mend the gate "
        f"(promise {promise.pk})"
    )
    assert list(verify_promises()) == []


def test_kept_by_its_day_is_in_time_and_after_it_is_late(east) -> None:
    first, second = promised(east), promised(east, "Paint it")
    assert rules.word(first, DUE).said == "due today"
    assert rules.word(first, date(2027, 1, 7)).late
    keep(first, on=DUE, actor=TEST)
    keep(second, on=date(2027, 1, 7), actor=TEST)
    now = {p.pk: rules.word(p, date(2027, 2, 1)).said for p in Promise.objects.all()}
    assert now == {first.pk: "done in time", second.pk: "done late"}


def test_putting_off_takes_a_reason_that_everybody_can_read(east) -> None:
    promise = promised(east)
    for reason in ("", "   "):
        with pytest.raises(Refused, match="Say why"):
            extend(promise, date(2027, 1, 20), reason, on=ASKED, actor=TEST)
    for until in (DUE, date(2026, 12, 1), date(2029, 1, 1)):
        with pytest.raises(Refused, match=r"(later day|a year at most)"):
            extend(promise, until, "The welder is ill.", on=ASKED, actor=TEST)
    extend(promise, date(2027, 1, 20), "The welder is ill.", on=ASKED, actor=TEST)
    assert "put promise" in said("promise.extended")
    assert "20 January 2027. Reason: The welder is ill." in said("promise.extended")
    now = Promise.objects.get()
    assert (now.due_on, now.extended, now.days) == (date(2027, 1, 20), 1, None)
    assert list(verify_promises()) == []


def test_not_done_says_why_and_never_who(east) -> None:
    promise = promised(east)
    person = open_account("ann@millbrook.example", actor=TEST)
    take_on(promise, person, on=ASKED, actor=TEST)
    not_done(promise, "Nobody could weld.", on=DUE, actor=TEST)
    assert said("promise.not_done").startswith("The community worker of Millbrook East did not do")
    for leaf in Leaf.objects.filter(log=Log.PUBLIC, kind__startswith="promise."):
        assert b"ann@" not in bytes(leaf.body)
        assert f'"held_by":{person.pk}'.encode() not in bytes(leaf.body)


def test_one_person_takes_it_on_and_may_give_it_back(east) -> None:
    promise = promised(east)
    ann, bob = (open_account(f"{n}@millbrook.example", actor=TEST) for n in ("ann", "bob"))
    take_on(promise, ann, on=ASKED, actor=TEST)
    take_on(promise, ann, on=ASKED, actor=TEST)
    with pytest.raises(Refused, match="Somebody else took this on"):
        take_on(promise, bob, on=ASKED, actor=TEST)
    give_back(promise, on=ASKED, actor=TEST)
    take_on(promise, bob, on=ASKED, actor=TEST)
    assert Promise.objects.get().held_by == bob
    assert [step.kind for step in Step.objects.all()] == ["made", "taken", "left", "taken"]


def test_what_has_ended_stays_as_it_ended(east) -> None:
    promise = promised(east)
    keep(promise, on=DUE, actor=TEST)
    assert keep(promise, on=date(2027, 2, 1), actor=TEST).ended_on == DUE, "kept once"
    for act in (
        lambda: extend(promise, date(2027, 2, 1), "More time", on=DUE, actor=TEST),
        lambda: not_done(promise, "No", on=DUE, actor=TEST),
        lambda: give_back(promise, on=DUE, actor=TEST),
    ):
        with pytest.raises(Refused, match="has ended"):
            act()


def test_a_rooms_duty_is_promised_once_and_again_only_after_it_ended(east) -> None:
    owed = Owed("idea.answer", "17", Due(DUE), place=east, role="worker")
    leaf = Leaf.objects.latest("pk")
    act = {"on": ASKED, "actor": TEST, "leaf": leaf}
    first = owe(owed, **act)
    assert owe(owed, **act) == first == owe(owed, again=True, **act)
    kept("idea.answer", "17", **act)
    assert owe(owed, **act) == first, "without `again` it is what it was"
    second = owe(owed, again=True, **act)
    assert (second.subject, second.state) == ("17#2", "open")
    withdraw("idea.answer", "17", **act)
    kept("idea.answer", "170", **act)
    states = dict(Promise.objects.values_list("subject", "state"))
    assert states == {"17": "met", "17#2": "withdrawn"}


def test_who_owes_is_one_role_at_a_place_or_one_organisation(east, council) -> None:
    with pytest.raises(Refused, match="Say who owes it"):
        promise_aloud("x", due=Due(DUE), place=east, on=ASKED, actor=TEST)
    with pytest.raises(Refused, match="still to come"):
        promise_aloud(
            "x", due=Due(date(2026, 1, 1)), place=east, role="worker", on=ASKED, actor=TEST
        )
    assert promised(east, organisation=council).owed_by_role == ""
    with pytest.raises(ValueError, match="no kind"):
        owe(Owed("no.such", "1", Due(DUE), place=east, role="worker"), on=ASKED, actor=TEST)


def test_a_private_promise_stands_in_no_public_leaf(east) -> None:
    promised(east, "Ring the treasurer", public=False)
    assert not Leaf.objects.filter(log=Log.PUBLIC, kind="promise.made").exists()
    assert Leaf.objects.filter(log=Log.AUDIT, kind="promise.made").count() == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE promises_promise SET public = NOT public",
        "UPDATE promises_promise SET subject = 'other'",
        "UPDATE promises_promise SET owed_by_role = 'funder'",
        "UPDATE promises_promise SET state = 'met', ended_on = '2027-01-01'",
        "UPDATE promises_promise SET steps_taken = 0",
        "DELETE FROM promises_promise",
        "UPDATE promises_step SET due_on = '2020-01-01'",
        "DELETE FROM promises_step",
    ],
)
def test_the_database_refuses_what_no_action_does(east, sql: str) -> None:
    promised(east)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_keeps_an_ended_promise_ended(east) -> None:
    keep(promised(east), on=DUE, actor=TEST)
    with pytest.raises(DatabaseError), transaction.atomic():
        Promise.objects.update(state="open", ended_on=None, steps_taken=9)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"ended_on": DUE},
        {"owed_by_role": ""},
        {"days": None},
        {"counted": "moons"},
    ],
)
def test_the_database_knows_what_a_promise_is(east, wrong: dict) -> None:
    whole = {
        "kind": "x.y", "subject": "1", "place": east, "owed_by_role": "worker",
        "made_on": ASKED, "counted": "working", "counted_from": ASKED, "days": 10,
        "nations": "ENG", "due_on": DUE, "public": True,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.create(**{**whole, **wrong})
    Promise.objects.create(**whole)


def test_verify_names_a_promise_that_was_moved_behind_the_record(east) -> None:
    promise = promised(east)
    Promise.objects.update(due_on=date(2027, 3, 1))
    [finding] = verify_promises()
    assert finding.where == f"Promise {promise.pk}"
    assert "its sum gives 2027-01-06" in finding.sentence
