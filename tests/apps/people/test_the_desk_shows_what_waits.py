from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from doorstep.apps.people import desk
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.people.models import Account
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from tests.apps.people.signing_in import sign_in
from tests.millbrook import place_with_money

TEST = Actor("system", "test")
BEGAN = date(2020, 1, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    return open_account("ann@millbrook.example", actor=TEST)


@pytest.fixture(autouse=True)
def only_ours(monkeypatch) -> None:
    monkeypatch.setattr(desk, "_sources", {})
    monkeypatch.setattr(desk, "_tellers", {})


def test_an_empty_desk_says_so_and_what_one_can_do(page, account: Account) -> None:
    sign_in(page.client, account, second_factor=False)
    read = page.get("/desk/")
    assert "Nothing is waiting for you." in read.text
    assert "You have no role yet." in read.text
    assert "You do not need one." in read.text


def test_roles_are_told_in_words_with_their_days(page, account: Account) -> None:
    soon = timezone.localdate() + timedelta(days=40)
    give_role(account, "funder", since=BEGAN, actor=TEST)
    give_role(account, "council_officer", since=soon, actor=TEST)
    sign_in(page.client, account, second_factor=False)
    text = page.get("/desk/").text
    assert "funder, everywhere (since 1 January 2020)" in text
    assert "Later council officer from" in text
    assert "Your role moves money, so you need an authenticator app" in text


def test_a_second_factor_that_is_on_is_shown_as_on(page, account: Account) -> None:
    give_role(account, "funder", since=BEGAN, actor=TEST)
    sign_in(page.client, account)
    assert (
        "On Signing in asks for your authenticator app or your passkey" in page.get("/desk/").text
    )


def test_rooms_put_things_on_the_desk_soonest_first(page, account: Account) -> None:
    @desk.register
    def waiting(owner: desk.Owner) -> list[desk.Told]:
        return [
            desk.DeskItem(f"Whenever, for {owner.account.pk}", "/places/"),
            desk.DeskItem("Later", "/places/", due=date(2027, 2, 1)),
            desk.DeskItem("Sooner", "/places/", "Close the round", due=date(2026, 12, 1)),
        ]

    desk.register(waiting)
    sign_in(page.client, account, second_factor=False)
    text = page.get("/desk/").text
    assert text.index("Sooner Close the round By 1 December 2026") < text.index("Later By")
    assert text.index("Later By") < text.index(f"Whenever, for {account.pk}")
    assert text.count("Sooner") == 1


def test_the_rows_of_all_rooms_come_in_one_statement(account: Account) -> None:
    def places(owner: desk.Owner) -> QuerySet[Place]:
        return desk.row(Place.objects.filter(slug="here"), name="name", people="population")

    def nobody(owner: desk.Owner) -> None:
        return None

    @desk.each(places)
    def first(row: desk.Row, owner: desk.Owner) -> Iterator[desk.Told]:
        yield desk.DeskItem(f"{row['name']} of {row['people']}", "/first/")

    @desk.each(places)
    def second(row: desk.Row, owner: desk.Owner) -> Iterator[desk.Told]:
        yield desk.Way(row["name"], "/second/")
        yield desk.Capacity(f"neighbour of {row['name']}")

    @desk.each(nobody)
    def never(row: desk.Row, owner: desk.Owner) -> Iterator[desk.Told]:
        raise AssertionError

    place_with_money(slug="here")
    owner = desk.owner_of(account)
    desk.desk_of(owner)  # Django first asks once whether this database knows JSON
    with CaptureQueriesContext(connection) as statements:
        told = desk.desk_of(owner)
    assert len(statements) == 1
    assert [item.title for item in told.items] == ["Millbrook East of 7240"]
    assert [way.url for way in told.ways] == ["/second/"]
    assert told.also == ["neighbour of Millbrook East"]


def test_the_desk_of_a_stranger_is_the_sign_in_page(client) -> None:
    assert client.get("/desk/")["Location"] == "/accounts/login/?next=/desk/"
    assert client.post("/desk/").status_code == 405
