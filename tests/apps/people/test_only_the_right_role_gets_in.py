"""The guards: who is let in, who is told why not, and what a money role needs besides."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone

from doorstep.apps.people.actions import end_role, give_role, open_account
from doorstep.apps.people.guards import acting, needs_role, public, signed_in
from doorstep.apps.people.models import Account
from doorstep.apps.places.actions import open_place
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from doorstep.site.urls import urlpatterns as real
from tests.apps.people.signing_in import sign_in

TEST = Actor("system", "test")
BEGAN = date(2020, 1, 1)


def place_named(request, slug: str) -> Place:
    return Place.objects.get(slug=slug)


def say(request, **_):
    who = acting(request)
    return HttpResponse(f"{who.kind} {who.id}")


members_only = needs_role("partnership_member", place=place_named)(say)
anybody_there = needs_role("resident", "partnership_member", place=place_named)(say)
members_first = needs_role("partnership_member", "resident", place=place_named)(say)

urlpatterns = [
    *real,
    path("t/members/<slug:slug>/", members_only),
    path("t/there/<slug:slug>/", anybody_there),
    path("t/members-first/<slug:slug>/", members_first),
    path("t/funders/", needs_role("funder")(say)),
    path("t/signed-in/", signed_in(say)),
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def opened(slug: str) -> Place:
    return open_place(
        slug,
        slug.replace("-", " ").title(),
        "Alderdale",
        population=6_000,
        population_year=2024,
        population_source="a test",
        boundary_year=2021,
        actor=TEST,
    )


@pytest.fixture
def east() -> Place:
    return opened("millbrook-east")


@pytest.fixture
def west() -> Place:
    return opened("millbrook-west")


@pytest.fixture
def account() -> Account:
    return open_account("ann@millbrook.example", actor=TEST)


def test_a_stranger_signs_in_and_comes_back(client: Client, east: Place) -> None:
    answer = client.get("/t/members/millbrook-east/?page=2")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert "next=/t/members/millbrook-east/%3Fpage%3D2" in answer["Location"]


def test_a_form_sent_after_the_session_ended_comes_back_to_its_page(client: Client) -> None:
    referer = "http://testserver/places/?page=2"
    answer = client.post("/t/funders/", {"pence": 1}, headers={"referer": referer})
    assert b"/accounts/login/?next=%2Fplaces%2F%3Fpage%3D2" in answer.content


def test_a_form_sent_before_the_second_factor_comes_back_to_its_page(
    client: Client, account: Account
) -> None:
    give_role(account, "funder", since=BEGAN, actor=TEST)
    sign_in(client, account, second_factor=False)
    for referer, back in {
        "http://testserver/places/?page=2": "%2Fplaces%2F%3Fpage%3D2",
        "https://elsewhere.example/x": "%2Fdesk%2F",
    }.items():
        answer = client.post("/t/funders/", {"pence": 1}, headers={"referer": referer})
        assert answer["Location"] == f"/accounts/2fa/totp/activate/?next={back}"


def test_the_role_at_the_place_opens_the_door(
    client: Client, account: Account, east: Place
) -> None:
    give_role(account, "partnership_member", place=east, since=BEGAN, actor=TEST)
    sign_in(client, account)
    answer = client.get("/t/members/millbrook-east/")
    assert answer.content == f"partnership_member {account.pk}".encode()
    assert "no-store" in answer["Cache-Control"]


def test_the_same_role_elsewhere_does_not(
    page, client: Client, account: Account, east: Place, west: Place
) -> None:
    give_role(account, "partnership_member", place=west, since=BEGAN, actor=TEST)
    sign_in(client, account)
    read = page.get("/t/members/millbrook-east/", status=403)
    assert "Only a partnership member at Millbrook East may do this." in read.text
    assert "You have that role in another place." in read.text
    assert "Nothing was changed." in read.text


def test_no_role_is_told_which_one_is_needed(page, client: Client, account: Account, east) -> None:
    sign_in(client, account)
    read = page.get("/t/there/millbrook-east/", status=403)
    assert "Only a resident or partnership member at Millbrook East may do this." in read.text
    assert "You do not have that role." in read.text


def test_a_role_taken_away_today_is_gone_today(
    page, client: Client, account: Account, east: Place
) -> None:
    role = give_role(account, "partnership_member", place=east, since=BEGAN, actor=TEST)
    sign_in(client, account)
    page.client.get("/t/members/millbrook-east/")
    end_role(role, on=timezone.localdate(), actor=TEST)
    read = page.get("/t/members/millbrook-east/", status=403)
    assert "Your role ended on" in read.text


def test_a_role_that_begins_tomorrow_says_when(
    page, client: Client, account: Account, east: Place
) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    give_role(account, "partnership_member", place=east, since=tomorrow, actor=TEST)
    sign_in(client, account)
    assert "Your role begins on" in page.get("/t/members/millbrook-east/", status=403).text


def test_money_needs_a_second_factor_to_be_set_up(
    page, client: Client, account: Account, east: Place
) -> None:
    give_role(account, "funder", since=BEGAN, actor=TEST)
    sign_in(client, account, second_factor=False)
    answer = client.get("/t/funders/")
    assert answer["Location"] == "/accounts/2fa/totp/activate/?next=%2Ft%2Ffunders%2F"
    said = [str(message) for message in client.get("/t/funders/").wsgi_request._messages]
    assert any("need a second way to show that it is you" in words for words in said)


def test_money_needs_the_second_factor_in_this_session(
    client: Client, account: Account, east: Place
) -> None:
    give_role(account, "funder", since=BEGAN, actor=TEST)
    sign_in(Client(), account)  # enrolled, and used in another session
    sign_in(client, account, second_factor=False)
    answer = client.get("/t/funders/")
    assert answer["Location"] == "/accounts/2fa/reauthenticate/?next=%2Ft%2Ffunders%2F"


def test_a_second_factor_taken_away_is_gone_at_the_next_request(
    client: Client, account: Account, east: Place
) -> None:
    give_role(account, "funder", since=BEGAN, actor=TEST)
    sign_in(client, account)
    assert client.get("/t/funders/").status_code == 200
    Authenticator.objects.filter(user=account).delete()
    answer = client.get("/t/funders/")
    assert answer["Location"] == "/accounts/2fa/totp/activate/?next=%2Ft%2Ffunders%2F"


def test_an_account_that_was_closed_is_signed_out_at_the_next_request(
    client: Client, account: Account, east: Place
) -> None:
    sign_in(client, account)
    assert client.get("/t/signed-in/").status_code == 200
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert client.get("/t/signed-in/")["Location"] == "/accounts/login/?next=/t/signed-in/"


def test_a_page_reads_the_account_and_its_second_factor_in_one_statement_and_roles_once(
    client: Client, account: Account, east: Place
) -> None:
    give_role(account, "funder", since=BEGAN, actor=TEST)
    sign_in(client, account)
    client.get("/t/funders/")
    with CaptureQueriesContext(connection) as statements:
        assert client.get("/t/funders/").status_code == 200
    assert len(statements) == 3  # the session, the account, its roles


def test_a_role_that_moves_no_money_needs_none(
    client: Client, account: Account, east: Place
) -> None:
    give_role(account, "resident", place=east, since=BEGAN, actor=TEST)
    give_role(account, "partnership_member", place=east, since=BEGAN, actor=TEST)
    sign_in(client, account, second_factor=False)
    assert client.get("/t/there/millbrook-east/").status_code == 200
    assert client.get("/t/members/millbrook-east/").status_code == 302


def test_whoever_acts_in_a_role_that_moves_money_shows_it_whatever_else_they_are(
    client: Client, account: Account, east: Place
) -> None:
    give_role(account, "resident", place=east, since=BEGAN, actor=TEST)
    give_role(account, "partnership_member", place=east, since=BEGAN, actor=TEST)
    sign_in(client, account, second_factor=False)
    answer = client.get("/t/members-first/millbrook-east/")
    assert (answer.status_code, answer["Location"][:30]) == (302, "/accounts/2fa/totp/activate/?n")
    sign_in(client, account)
    answer = client.get("/t/members-first/millbrook-east/")
    assert answer.content == f"partnership_member {account.pk}".encode()


def test_a_role_everywhere_opens_every_place(client: Client, account: Account, east, west) -> None:
    guarded = needs_role("council_officer", place=place_named)(say)
    give_role(account, "council_officer", since=BEGAN, actor=TEST)
    sign_in(client, account)
    for slug in ("millbrook-east", "millbrook-west"):
        request = client.get("/t/signed-in/").wsgi_request
        assert guarded(request, slug=slug).status_code == 200


def test_every_guard_says_what_it_asks_for() -> None:
    assert public(lambda request: HttpResponse()).guarded == "public"
    assert signed_in(say).guarded == "signed_in"
    assert anybody_there.guarded == "resident partnership_member"
    with pytest.raises(ValueError, match="not roles"):
        needs_role("mayor")
