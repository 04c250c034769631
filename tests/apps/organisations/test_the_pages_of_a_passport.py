"""The pages of a passport: begun with a name, filled in by those who speak for the group, Welsh and
plain; strangers are turned away."""

from datetime import timedelta

import pytest
from django.conf import settings

from doorstep.apps.organisations.actions import begin_office, give_document
from doorstep.apps.organisations.models import Document, Organisation, Share, Sponsorship, TiesSaid
from doorstep.apps.organisations.queries import held
from tests.apps.organisations.conftest import TEST
from tests.apps.organisations.groups import BEGAN, TODAY, acting, group, paper, person
from tests.apps.people.signing_in import sign_in

pytestmark = pytest.mark.django_db
PARTS = ("", "people/", "papers/", "bank/", "sharing/", "sponsor/")


@pytest.fixture(autouse=True)
def today(time_machine) -> None:
    time_machine.move_to(TODAY)


def test_neighbours_begin_a_passport_with_a_name_alone(page) -> None:
    ann = person("ann")
    sign_in(page.client, ann)
    assert "You speak for no group yet." in page.get("/desk/passports/").text
    for slug in ("mill-lane-gardeners", "mill-lane-gardeners-2"):
        got = page.client.post(
            "/desk/passports/new/",
            {"name": "Mill Lane gardeners", "kind": "informal", "title": "contact"},
        )
        assert got["Location"] == f"/passports/{slug}/"
    seen = page.get("/passports/mill-lane-gardeners/")
    assert "needs no papers of its own" in seen.text
    assert "Fewer than two people" in seen.text


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_part_is_plain_when_empty_and_when_full(page, language) -> None:
    club, (ann, ben) = group("lunch-club", "ann", "ben")
    sign_in(page.client, ann)
    page.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for part in PARTS:
        assert page.get(f"/passports/{club.slug}/{part}").status == 200
    for kind, expires in (
        ("safeguarding", TODAY - timedelta(days=3)),
        ("insurance", TODAY + timedelta(days=9)),
    ):
        give_document(
            club, kind, paper(kind), issued=BEGAN, expires=expires, on=TODAY, actor=acting(ben)
        )
    seen = page.get(f"/passports/{club.slug}/")
    assert ("25 November 2026" if language == "en" else "25 Tachwedd 2026") in seen.text
    for part in PARTS:
        page.get(f"/passports/{club.slug}/{part}")


def test_a_whole_passport_is_filled_in_by_hand(page) -> None:
    club, (ann, ben) = group("lunch-club", "ann", "ben")
    hall, (hal,) = group("st-annes-hall", "hal", kind="cio")
    client, at = page.client, f"/passports/{club.slug}/"
    sign_in(client, ann)
    client.post(
        f"{at}people/", {"do": "name", "email": "new@millbrook.example", "title": "contact"}
    )
    assert club.officers.count() == 3
    new = club.officers.latest("pk").account
    client.post(f"{at}people/", {"do": "ties", f"tie_{ben.pk}": "none", f"tie_{new.pk}": "family"})
    assert TiesSaid.objects.get().account == ann
    client.post(
        f"{at}papers/",
        {"kind": "constitution", "upload": paper(), "issued": "2026-01-05", "expires": ""},
    )
    assert held(club, TODAY)["governing_document"]
    client.post(at, {"scheme": "GB-CHC", "value": "1234567"})
    assert "1234567" in page.get(at).text
    client.post(f"{at}bank/", {
        "do": "ask", "account_name": "Lunch Club", "sort_code": "01-02-03",
        "account_number": "87654321", "signatures": "2",
    })  # fmt: skip
    seen = page.get(f"{at}bank/")
    assert "ending 321" in seen.text
    assert "87654321" not in seen.html
    sign_in(client, ben)
    client.post(f"{at}bank/", {"do": "confirm"})
    assert "May be paid from" in page.get(f"{at}bank/").text
    client.post(f"{at}sharing/", {
        "do": "share", "reader": hall.pk, "place": "", "papers": ["constitution"],
        "last_day": "2027-05-01",
    })  # fmt: skip
    assert Share.objects.get().reader == hall
    client.post(f"{at}sponsor/", {"do": "ask", "sponsor": hall.pk})
    asked = Sponsorship.objects.get()
    sign_in(client, hal)
    assert page.get("/passports/st-annes-hall/sponsor/").status == 200
    client.post("/passports/st-annes-hall/sponsor/", {"do": "accept", "which": asked.pk})
    asked.refresh_from_db()
    assert asked.since == TODAY


def test_what_is_wrong_is_said_on_the_page(page) -> None:
    club, (ann, _ben) = group("lunch-club", "ann", "ben")
    sign_in(page.client, ann)
    at = f"/passports/{club.slug}/"
    for address, form, said in [
        (at, {"scheme": "GB-CHC", "value": "12"}, "6 or 7 figures"),
        (f"{at}papers/", {"kind": "poem"}, "Choose a file"),
        (f"{at}sharing/", {"do": "share", "last_day": "2026-12-01"}, "one of the two"),
        (f"{at}bank/", {"do": "ask", "account_name": "x", "sort_code": "1",
                        "account_number": "2", "signatures": "2"}, "6 figures"),
        ("/desk/passports/new/", {"name": "  ", "kind": "informal"}, "required"),
    ]:  # fmt: skip
        answer = page.client.post(address, form)
        assert answer.status_code == 200, address
        assert said in answer.content.decode(), address
    for which in ("", "x", "9" * 40, "-1", "٣"):
        assert page.client.post(f"{at}people/", {"do": "end", "which": which}).status_code == 404


def test_the_last_one_stays_until_somebody_else_is_named(page) -> None:
    ann = person("ann")
    club, _people = group("lunch-club")
    office = begin_office(club, ann, "chair", since=BEGAN, actor=TEST)
    sign_in(page.client, ann)
    got = page.client.post(
        f"/passports/{club.slug}/people/", {"do": "end", "which": office.pk}, follow=True
    )
    assert "Name somebody else first" in got.content.decode()


def test_strangers_are_turned_away_and_the_bank_page_asks_for_a_second_step(client) -> None:
    club, (ann, _ben) = group("lunch-club", "ann", "ben")
    sign_in(client, person("stranger"))
    for part in PARTS:
        assert client.get(f"/passports/{club.slug}/{part}").status_code == 403
    sign_in(client, ann, second_factor=False)
    client.logout()
    client.force_login(ann)
    assert "/accounts/2fa/" in client.get(f"/passports/{club.slug}/bank/")["Location"]
    assert not Document.objects.exists()
    assert Organisation.objects.count() == 1
