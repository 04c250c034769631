"""A meeting's decision becomes an award or a limit, once, and each points to the meeting's leaf."""

from datetime import date

import pytest
from django.urls import reverse

from doorstep.apps.awards.actions.decisions import end_delegation
from doorstep.apps.awards.actions.from_meetings import award_from_meeting, limit_from_meeting
from doorstep.apps.awards.actions.payees import give_details, record_call_back
from doorstep.apps.awards.actions.quick import give_quick_grant
from doorstep.apps.awards.models import Award, Decision, Delegation
from doorstep.apps.awards.queries.decided import waiting
from doorstep.apps.awards.verify import verify_awards
from doorstep.apps.partnerships.actions.meetings import NewItem
from doorstep.apps.people.actions import give_role
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from tests.apps.partnerships.meeting import (
    KITCHEN,
    MAY,
    MET,
    NEXT,
    PLAN,
    SECRETARY,
    Group,
    called,
    decided,
    group,
)
from tests.apps.people.signing_in import sign_in

pytestmark = pytest.mark.django_db
SINCE, UNTIL = date(2026, 7, 1), date(2027, 7, 1)
SMALL = NewItem(
    "limit", "Small sums", pence=20_000,
    terms={"holder": "worker", "month_pence": 60_000, "since": "2026-07-01", "until": "2027-07-01"},
)  # fmt: skip


@pytest.fixture
def told() -> Group:
    return group()


def test_an_award_points_to_the_leaf_by_which_the_meeting_decided(told) -> None:
    made = decided(told, called(told, KITCHEN), out={"cat": "loyalty"})
    award = award_from_meeting(made, on=MET, actor=SECRETARY)
    assert (award.decision, award.pence, award.title.text) == (made.leaf, 180_000, "A kitchen")
    assert award_from_meeting(made, on=MET, actor=SECRETARY) == award, "twice is once"
    decision = Decision.objects.get()
    assert (decision.voted, decision.recused) == (
        {"partnership_member": 4}, {"partnership_member": 1},
    )  # fmt: skip
    assert not list(verify_awards())
    assert not waiting(told.place).exists()


@pytest.mark.parametrize("here", ["ann bob", "ann eve fay"])
def test_no_money_follows_from_what_was_not_decided(told, here) -> None:
    made = decided(told, called(told, KITCHEN), here=here)
    with pytest.raises(Refused, match="No meeting agreed to this"):
        award_from_meeting(made, on=MET, actor=SECRETARY)
    assert not waiting(told.place).exists()


def test_none_follows_from_a_vote_that_was_lost_or_was_about_something_else(told) -> None:
    meeting = called(told, KITCHEN, PLAN)
    lost = decided(told, meeting, 1, votes=(2, 3, 0))
    paint = decided(told, meeting, 2)
    for made in (lost, paint):
        with pytest.raises(Refused, match="No meeting agreed"):
            award_from_meeting(made, on=MET, actor=SECRETARY)
    assert not Award.objects.exists()


def test_a_limit_is_what_the_meeting_said_and_is_used_as_such(told) -> None:
    made = decided(told, called(told, SMALL))
    limit = limit_from_meeting(made, actor=SECRETARY)
    assert limit_from_meeting(made, actor=SECRETARY) == limit
    assert (limit.holder_role, limit.month_pence, limit.since, limit.until) == (
        "worker", 60_000, SINCE, UNTIL,
    )  # fmt: skip
    worker = told.dev.account
    give_role(worker, "worker", place=told.place, since=MAY, actor=SECRETARY)
    hold = give_details(
        told.hall, account_name="The Hall", sort_code="01-02-03", account_number="12345678",
        on=MET, actor=Actor("finance_officer", told.eve.account_id),
    )  # fmt: skip
    record_call_back(
        hold.mandate, held_from="our_records", confirmation="match", confirmed=True, on=MET,
        actor=Actor("finance_officer", told.fay.account_id),
    )  # fmt: skip
    grant = {
        "title": "Seeds", "purpose": "For the beds.", "payee_kind": "organisation",
        "payee": told.hall, "on": SINCE, "actor": Actor("worker", worker.pk),
    }  # fmt: skip
    given = give_quick_grant(limit, key="a" * 16, pence=15_000, invoice="1", **grant)
    assert given.award.decision == made.leaf
    with pytest.raises(Refused):
        give_quick_grant(limit, key="b" * 16, pence=20_100, invoice="2", **grant)
    end_delegation(limit, on=SINCE, actor=SECRETARY)
    with pytest.raises(Refused, match="holds from"):
        give_quick_grant(limit, key="c" * 16, pence=5_000, invoice="3", **grant)


def test_a_new_limit_of_a_role_takes_the_place_of_the_old(told) -> None:
    first = limit_from_meeting(decided(told, called(told, SMALL)), actor=SECRETARY)
    terms = {**SMALL.terms, "since": "2026-08-01"}
    again = NewItem("limit", "Less", pence=10_000, terms=terms)
    later = called(told, again, at=NEXT)
    second = limit_from_meeting(decided(told, later, on=date(2026, 7, 15)), actor=SECRETARY)
    first.refresh_from_db()
    assert first.until == second.since == date(2026, 8, 1)


def test_a_member_promises_begins_and_takes_back_on_one_page(told, client, page) -> None:
    meeting = called(told, KITCHEN, SMALL)
    money, limit = decided(told, meeting, 1), decided(told, meeting, 2)
    give_role(told.bob.account, "partnership_member", place=told.place, since=MAY, actor=SECRETARY)
    sign_in(client, told.bob.account)
    address = reverse("place-decided", args=[told.place.slug])
    assert "Promise the money" in page.get(address).text
    page.post(address, {"do": "promise", "which": money.pk})
    text = page.post(address, {"do": "promise", "which": limit.pk}).text
    assert "Nothing that a meeting decided waits here" in text
    assert Award.objects.get().decision == money.leaf
    client.post(address, {"do": "take_back", "which": Delegation.objects.get().pk})
    assert client.post(address, {"do": "promise", "which": "999999"}).status_code == 404
    assert client.post(address, {"do": "promise", "which": "x"}).status_code == 404
