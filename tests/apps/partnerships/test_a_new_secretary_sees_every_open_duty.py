"""An office is given by what a meeting decided; whoever takes over sees every open duty on one
page, and a household that is over is ended on a page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from doorstep.apps.partnerships.actions import seats, share_household
from doorstep.apps.partnerships.actions.offices import give_office
from doorstep.apps.partnerships.models import Household, Membership
from doorstep.apps.people.actions import give_role
from doorstep.apps.promises.actions import take_on
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from tests.apps.partnerships.meeting import KITCHEN, MAY, PLAN, SECRETARY, Group, called, decided
from tests.apps.partnerships.meeting import group as a_group
from tests.apps.people.signing_in import sign_in
from tests.apps.promises.conftest import promised


@pytest.fixture
def told(db) -> Group:
    made = a_group()
    for seat in made.seats.values():
        give_role(
            seat.account, "partnership_member", place=made.place, since=MAY, actor=SECRETARY
        )  # fmt: skip
    return made


def now(told: Group, name: str) -> Membership:
    return Membership.objects.get(account=told.seats[name].account, until=None)


def test_an_office_needs_a_meeting_and_its_former_holder_stays_a_member(told) -> None:
    today = timezone.localdate()
    meeting = called(told, PLAN, KITCHEN)
    agreed, kitchen = decided(told, meeting, 1), decided(told, meeting, 2)
    who = {"on": today, "actor": SECRETARY}
    promise = promised(told.place, role="partnership_member", on=today)
    take_on(promise, told.bob.account, on=today, actor=SECRETARY)
    for wrong in (None, kitchen):
        with pytest.raises(Refused, match="by which the members agreed"):
            give_office(told.dev, "secretary", decision=wrong, **who)
    given = give_office(told.dev, "secretary", decision=agreed, **who)
    assert give_office(given, "secretary", decision=agreed, **who) == given
    assert (now(told, "dev").seat, now(told, "bob").seat) == ("secretary", "member")
    assert now(told, "dev").called == "Dev Jones"
    promise.refresh_from_db()
    assert promise.held_by is None
    leaf = Leaf.objects.filter(kind="partnership.office_given").latest("idx")
    assert f'"decision":{agreed.leaf.idx}' in bytes(leaf.body).decode()
    given_up = give_office(given, "member", decision=None, **who)
    assert given_up.seat == "member"
    with pytest.raises(Refused, match="not held any more"):
        give_office(given, "chair", decision=agreed, **who)


def test_the_new_secretary_sees_what_is_owed_and_what_else_waits(
    told, page, django_assert_max_num_queries
) -> None:
    today = timezone.localdate()
    agreed = decided(told, called(told, PLAN, KITCHEN), 1)
    decided(told, agreed.item.meeting, 2)
    promised(told.place, role="partnership_member", on=today)
    seats.open_filling(
        told.partnership, "lot", seats=2, closes_on=today + timedelta(days=9),
        seed_from="The lottery", on=today,
        actor=Actor("partnership_member", told.ann.account_id),
    )  # fmt: skip
    sign_in(page.client, told.dev.account)
    seat = reverse("partnerships:seat", args=[told.place.slug, told.dev.pk])
    refused = page.post(seat, {"do": "office", "seat": "secretary"})
    assert "by which the members agreed" in refused.text
    page.post(seat, {"do": "office", "seat": "secretary", "decision": agreed.pk})
    assert now(told, "dev").seat == "secretary"
    with django_assert_max_num_queries(12):
        duties = page.get(reverse("promises:duties", args=[told.place.slug])).text
    for words in ("Meeting of", "seats to fill", "A meeting decided on “A kitchen”"):
        assert words in duties, words


def test_a_household_that_is_over_is_ended_on_the_page_of_either(told, page) -> None:
    today = timezone.localdate()
    share_household(told.eve.account, told.fay.account, since=MAY, actor=SECRETARY)
    sign_in(page.client, told.ann.account)
    seat = reverse("partnerships:seat", args=[told.place.slug, told.fay.pk])
    tie = Household.objects.get()
    assert "They live apart from Eve Jones" in page.get(seat).text
    page.post(seat, {"do": "apart", "which": tie.pk + 1})
    assert Household.objects.get().until is None
    page.post(seat, {"do": "apart", "which": tie.pk})
    assert Household.objects.get().until == today
    assert "They live apart" not in page.get(seat).text
