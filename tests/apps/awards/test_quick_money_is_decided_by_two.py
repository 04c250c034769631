"""Quick money: two members decide in hours, nobody on their own or their household's request, a
limit is never overspent, and a meeting looks at it afterwards."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from doorstep.apps.awards.actions.decisions import delegate
from doorstep.apps.awards.actions.payments import release_payment
from doorstep.apps.awards.actions.quick import give_quick_grant
from doorstep.apps.awards.actions.quick_money import review, say, share_home
from doorstep.apps.awards.models import Application, Award, Payment, SharedHome
from doorstep.apps.awards.queries.quick import share_a_home, to_look_at
from doorstep.apps.fund import accounts
from doorstep.apps.ledger.queries import balances
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.promises.models import Promise
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from tests.apps.awards.applying import given, key, limited, looked_at, quick_asked
from tests.apps.awards.scene import BEGAN, LATER, Scene, called, details, scene
from tests.apps.people.signing_in import sign_in
from tests.millbrook import ACTOR, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Scene:
    return scene()


def third(told: Scene) -> Actor:
    account = open_account("third@millbrook.example", actor=ACTOR)
    give_role(account, "partnership_member", place=told.place, since=BEGAN, actor=ACTOR)
    return Actor("partnership_member", account.pk)


def test_two_yes_promise_the_money_and_ask_for_its_payment(told):
    called(told, details(told))
    one = given(told)
    payment = Payment.objects.get(award=one.award)
    assert (one.state, payment.state, payment.pence) == ("agreed", "approved", 20_000)
    committed = accounts.committed(told.place.slug, one.award.slug)
    assert balances([committed])[committed] == 20_000, "its money is promised on the ledger"
    assert {a.account_id for a in payment.approvals.all()} == {told.secretary.pk}
    assert payment.raised_by_id == told.chair.pk, "whoever asked for the payment did not approve it"


def test_one_yes_gives_nothing_and_the_same_one_twice_is_one(told):
    limited(told)
    one = quick_asked(told)
    for _twice in range(2):
        say(one, "yes", on=LATER, actor=told.acting("secretary"))
    assert not Award.objects.exists()
    with pytest.raises(Refused, match="had your say"):
        say(one, "no", reason="No", on=LATER, actor=told.acting("secretary"))


def test_without_bank_details_it_is_promised_and_paid_once_they_are_there(told):
    one = given(told)
    assert one.state == "agreed"
    assert not Payment.objects.exists()


def test_nobody_decides_on_their_own_request(told):
    limited(told)
    one = quick_asked(told, organisation=None, actor=told.acting("secretary"))
    with pytest.raises(Refused, match="You asked for this"):
        say(one, "yes", on=LATER, actor=told.acting("secretary"))


def test_nobody_decides_on_a_request_of_their_household(told):
    limited(told)
    mine = {"organisation": None, "actor": told.acting("neighbour")}
    one = quick_asked(told, lives_with=told.chair, **mine)
    for word in ("yes", "no"):
        with pytest.raises(Refused, match="share a home"):
            say(one, word, reason="Because", on=LATER, actor=told.acting("chair"))
    assert share_a_home(told.chair.pk, told.neighbour.pk, LATER)


def test_a_member_who_says_they_share_a_home_stays_out_of_the_next_one_too(told):
    limited(told)
    mine = {"organisation": None, "actor": told.acting("neighbour")}
    say(quick_asked(told, **mine), "home", on=LATER, actor=told.acting("chair"))
    with pytest.raises(Refused, match="share a home"):
        say(quick_asked(told, **mine), "yes", on=LATER, actor=told.acting("chair"))
    with pytest.raises(Refused, match="not yourself"):
        share_home(told.chair, told.chair, LATER)
    assert SharedHome.objects.count() == 1


def test_nobody_moves_a_payment_to_whom_they_share_a_home_with(told):
    limited(told)
    called(told, details(told, told.neighbour))
    one = quick_asked(told, organisation=None, actor=told.acting("neighbour"))
    say(one, "yes", on=LATER, actor=told.acting("secretary"))
    say(one, "yes", on=LATER, actor=third(told))
    share_home(told.neighbour, told.finance, LATER)
    payment = Payment.objects.get()
    assert payment.state == "approved"
    with pytest.raises(Refused, match="share a home"):
        release_payment(payment, on=LATER, actor=told.acting("finance"))


def test_an_officer_of_whoever_is_paid_does_not_decide(told):
    limited(told)
    give_role(told.officer, "partnership_member", place=told.place, since=BEGAN, actor=ACTOR)
    one = quick_asked(told, actor=told.acting("officer"))
    with pytest.raises(Refused):
        say(one, "yes", on=LATER, actor=told.acting("officer", "partnership_member"))
    with pytest.raises(Refused, match="Two partnership members"):
        say(one, "yes", on=LATER, actor=told.acting("worker"))


def test_a_limit_is_never_overspent(told):
    limited(told, pence=30_000, month=30_000)
    first, second = quick_asked(told), quick_asked(told)
    for one in (first,):
        say(one, "yes", on=LATER, actor=told.acting("secretary"))
        say(one, "yes", on=LATER, actor=told.acting("chair"))
    say(second, "yes", on=LATER, actor=told.acting("secretary"))
    with pytest.raises(Refused, match="of this month’s £300 is given already"):
        say(second, "yes", on=LATER, actor=told.acting("chair"))
    assert Award.objects.count() == 1
    assert Application.objects.get(pk=second.pk).state == "sent"


@pytest.mark.parametrize("pence", [4_999, 50_001])
def test_outside_50_to_500_pounds_it_is_refused_at_once(told, pence):
    with pytest.raises(Refused, match="between £50 and £500"):
        quick_asked(told, pence=pence)


def test_without_a_limit_nobody_gives_anything(told):
    with pytest.raises(Refused, match="has not given its members a limit"):
        say(quick_asked(told), "yes", on=LATER, actor=told.acting("secretary"))


def test_the_page_tells_what_one_role_may_give_and_gave_without_being_asked_here(told, page):
    limit = delegate(
        told.place, title="Small things", holder_role="worker", pence=50_000, month_pence=200_000,
        since=DAY, until=date(2027, 6, 1), decided_on=DAY, voted={"partnership_member": 9},
        actor=told.acting("secretary"),
    )  # fmt: skip
    called(told, details(told, told.host), "secretary")
    give_quick_grant(
        limit, key=key(), title="Paint", purpose="It peels.", pence=12_000, payee_kind="host",
        payee=told.host, invoice="P1", on=DAY, actor=told.acting("worker"),
    )  # fmt: skip
    with time_machine.travel(datetime(2026, 6, 8, 9, tzinfo=UTC), tick=False):
        text = page.get(f"/places/{told.place.slug}/quick-money/").text
    assert "nobody can ask for quick money here yet" in text
    assert "The partnership lets one community worker give up to £500 at once" in text
    assert "Paint £120 · given by one community worker, within a limit" in text


def test_a_no_ends_it_with_its_reason_and_nothing_is_public(told, page):
    limited(told)
    one = quick_asked(told)
    with pytest.raises(Refused):
        say(one, "no", on=LATER, actor=told.acting("chair"))
    one = say(one, "no", reason="Ask the hall first.", on=LATER, actor=told.acting("chair"))
    assert (one.state, one.reason) == ("declined", "Ask the hall first.")
    text = page.get(f"/places/{told.place.slug}/quick-money/").text
    assert "A kettle" not in text


def test_two_members_owe_an_answer_by_the_next_working_day(told):
    limited(told)
    one = quick_asked(told)
    promise = Promise.objects.get(kind="application.decide", subject=str(one.pk))
    assert promise.due_on == date(2026, 6, 9)
    given_ = Promise.objects.filter(kind="quick.review")
    assert not given_.exists()
    say(one, "yes", on=LATER, actor=told.acting("secretary"))
    say(one, "yes", on=LATER, actor=told.acting("chair"))
    promise.refresh_from_db()
    assert promise.state == "met"
    assert given_.get().due_on == date(2026, 7, 20)


def test_the_next_meeting_looks_at_it_and_somebody_else_writes_it_down(told, page):
    one = given(told)
    assert [award.pk for award in to_look_at(told.place)] == [one.award_id]
    for who in ("secretary", "chair"):
        with pytest.raises(Refused, match="somebody else writes"):
            review(
                one.award, met_on=LATER, found="fine", note="Good.", on=LATER,
                actor=told.acting(who),
            )  # fmt: skip
    with pytest.raises(Refused, match="after the grant"):
        review(one.award, met_on=DAY, found="fine", note="Good.", on=LATER, actor=third(told))
    looked_at(told, one)
    assert not to_look_at(told.place)
    assert Promise.objects.get(kind="quick.review").state == "met"
    text = page.get(f"/places/{told.place.slug}/quick-money/").text
    assert "A meeting looked at it on 8 June 2026: as it should be. It boils." in text


def test_the_pages_lead_from_asking_to_the_payment_and_tell_the_hours(told, page):
    limited(told)
    called(told, details(told))
    place = f"/places/{told.place.slug}/quick-money/"
    clients = {}
    with time_machine.travel(datetime(2026, 6, 8, 9, tzinfo=UTC), tick=False):
        for who in ("officer", "secretary", "chair"):
            clients[who] = Client()
            sign_in(clients[who], getattr(told, who))
        asked = clients["officer"].post(
            f"{place}ask/",
            {"once": key(), "title": "A kettle", "pence": "200", "purpose": "It broke.",
             "organisation": told.payee.pk, "invoice": "K1"},
        )  # fmt: skip
        assert asked.status_code == 302
        one = Application.objects.get()
        own = clients["officer"].get(asked.url).content.decode()
        assert "Sent in" in own
        first = clients["secretary"].post(f"{place}decide/", {"application": one.pk, "kind": "yes"})
        assert first.status_code == 302
    with time_machine.travel(datetime(2026, 6, 8, 14, 30, tzinfo=UTC), tick=False):
        sign_in(clients["chair"], told.chair)
        waiting = clients["chair"].get(f"{place}decide/").content.decode()
        assert "1 member had their say." in waiting
        clients["chair"].post(f"{place}decide/", {"application": one.pk, "kind": "yes"})
        assert Payment.objects.get().state == "approved"
        text = page.get(place).text
        assert "decided in 5.5 hours" in text
        assert "£300 is left this month" in text
        assert "the next meeting looks at it" in text
        award = Award.objects.get()
        address = f"/awards/{award.slug}/review/"
        assert clients["chair"].get(address).status_code == 200
        said = clients["chair"].post(
            address, {"met_on": "2026-06-08", "found": "fine", "note": "Good"}
        )
        assert "somebody else writes down" in said.content.decode()
