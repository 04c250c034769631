"""A person sees each of their sessions and ends any of them at once; and nobody else's."""

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from doorstep.apps.people.actions import open_account
from doorstep.apps.people.devices import name_of
from doorstep.apps.people.models import Device
from doorstep.apps.people.noting import forget_old_lines
from doorstep.site.personal import copy_of
from tests.apps.people.signing_in import TEST
from tests.pages import PageClient

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
LAPTOP = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0"
)


@pytest.fixture
def ann():
    return open_account("ann@millbrook.example", actor=TEST)


def browser(account, agent: str) -> Client:
    client = Client(HTTP_USER_AGENT=agent)
    client.force_login(account)
    assert client.get("/desk/").status_code == 200
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "Firefox on Android"),
        (LAPTOP, "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("curl/8.5.0", "another program"),
        ("", "another program"),
        ("<script>" * 900, "another program"),
    ],
)
def test_a_device_is_called_what_its_owner_would_call_it(agent, name):
    assert name_of(agent) == name


def test_each_device_is_listed_with_its_times_and_this_one_is_marked(ann):
    browser(ann, PHONE)
    page = PageClient(browser(ann, LAPTOP)).get("/desk/mine/")
    assert "Firefox on Android" in page.text
    assert "Edge on Windows this device" in page.text
    assert "last used" in page.text
    assert "Sign out Firefox on Android" in page.text
    assert "Sign out Edge on Windows" not in page.text
    assert "Mozilla" not in str(list(Device.objects.values()))


def test_one_is_ended_at_once_and_the_others_stay(ann):
    phone, laptop = browser(ann, PHONE), browser(ann, LAPTOP)
    lost = Device.objects.get(name="Firefox on Android")
    assert laptop.post(f"/desk/mine/devices/{lost.pk}/end/").status_code == 302
    assert not is_signed_in(phone)
    assert is_signed_in(laptop)
    assert not Session.objects.filter(session_key=lost.session).exists()


def test_all_others_are_ended_at_once(ann):
    phone, tablet, laptop = (browser(ann, agent) for agent in (PHONE, "x", LAPTOP))
    laptop.post("/desk/mine/elsewhere/")
    assert (is_signed_in(phone), is_signed_in(tablet), is_signed_in(laptop)) == (False, False, True)
    assert "Firefox on Android" not in PageClient(laptop).get("/desk/mine/").text


def test_nobody_ends_the_session_of_somebody_else(ann):
    phone = browser(ann, PHONE)
    other = browser(open_account("bob@millbrook.example", actor=TEST), LAPTOP)
    hers = Device.objects.get(name="Firefox on Android")
    assert other.post(f"/desk/mine/devices/{hers.pk}/end/").status_code == 404
    assert is_signed_in(phone)


def test_signing_in_makes_a_new_session_of_32_characters(client, ann):
    client.get("/accounts/login/")
    session = client.session
    session["before"] = "signing in"
    session.save()
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.force_login(ann)
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert after != before
    assert len(after) == 32
    assert not Session.objects.filter(session_key=before).exists()


def test_the_copy_of_what_is_held_shows_the_device_and_not_its_key(ann):
    browser(ann, PHONE)
    (row,) = copy_of(ann)["rows"]["people.Device"]
    assert row["name"] == "Firefox on Android"
    assert Device.objects.get().session not in str(copy_of(ann))


def test_a_device_is_forgotten_when_its_session_cannot_be_alive(ann):
    browser(ann, PHONE)
    forget_old_lines()
    assert Device.objects.count() == 1
    with time_machine.travel(4_000_000_000):
        forget_old_lines()
    assert not Device.objects.exists()
