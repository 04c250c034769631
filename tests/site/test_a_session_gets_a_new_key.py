"""Signing in by the real pages, and showing the second step again, gives the session another key;
and whoever knew the old one is out."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client

from doorstep.apps.people.actions import enrol_totp, open_account
from doorstep.apps.people.models import Device
from doorstep.apps.people.step_up import NUMBER
from tests.apps.people.signing_in import TEST
from tests.site import test_what_cannot_be_undone_asks_again as echoing

ANN = "ann@millbrook.example"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    cache.clear()  # allauth remembers there which numbers were used, by the account's number
    return open_account(ANN, actor=TEST)


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def holding(key: str) -> Client:
    """A thief's browser, with a key that was seen or planted."""
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    return thief


def is_signed_in(client: Client) -> bool:
    return client.get("/desk/").status_code == 200


def number() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def type_the_code(client: Client) -> None:
    code = re.search(r"^\s*(\w{4}-\w{4})\s*$", mail.outbox[-1].body, re.M)[1]
    client.post("/accounts/login/code/confirm/", {"code": code})


def sign_in_by_the_pages(client: Client) -> None:
    client.post("/accounts/login/", {"login": ANN})
    type_the_code(client)


def is_out(key: str) -> bool:
    return not is_signed_in(holding(key)) and not Session.objects.filter(session_key=key).exists()


def test_the_code_from_the_e_mail_gives_a_new_one_and_ends_the_old(client, ann):
    client.get("/desk/")
    client.post("/accounts/login/", {"login": ANN})
    before = key_of(client)
    type_the_code(client)
    assert is_signed_in(client)
    assert re.fullmatch("[a-z0-9]{32}", key_of(client))
    assert key_of(client) != before
    assert is_out(before)


def test_a_key_that_somebody_planted_never_becomes_ours(ann):
    planted = "a" * 32
    victim = holding(planted)
    sign_in_by_the_pages(victim)
    assert is_signed_in(victim)
    assert key_of(victim) != planted
    assert is_out(planted)


def test_the_second_step_of_signing_in_gives_a_new_one(client, ann):
    enrol_totp(ann, SECRET, actor=TEST)
    sign_in_by_the_pages(client)
    before = key_of(client)
    assert not is_signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": number()})
    assert is_signed_in(client)
    assert key_of(client) != before
    assert is_out(before)


@pytest.mark.urls(echoing.__name__)
@pytest.mark.parametrize(
    ("address", "box"), [("/accounts/2fa/reauthenticate/", "code"), ("/t/echo/", NUMBER)]
)
def test_showing_the_second_step_again_gives_a_new_one_and_the_device_stays(
    client, ann, time_machine, address, box
):
    time_machine.move_to("2026-06-01T12:00:00Z", tick=False)
    enrol_totp(ann, SECRET, actor=TEST)
    sign_in_by_the_pages(client)
    client.post("/accounts/2fa/authenticate/", {"code": number()})
    assert is_signed_in(client)
    time_machine.shift(20 * 60)
    assert is_signed_in(client)
    before, device = key_of(client), Device.objects.get()
    client.post(address, {box: "000000"})
    assert key_of(client) == before
    client.post(address, {box: number()})
    assert key_of(client) != before
    assert is_signed_in(client)
    assert is_out(before)
    assert Device.objects.get().pk == device.pk
    assert Device.objects.get().session == key_of(client)


def test_two_who_sign_in_have_two(ann):
    keys = set()
    for _ in range(3):
        visitor = Client()
        sign_in_by_the_pages(visitor)
        keys.add(key_of(visitor))
    assert len(keys) == 3
