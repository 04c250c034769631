"""A code that was e-mailed to sign in: long enough, for three minutes, for one browser, for three
tries, and once."""

import math
import re
from collections import Counter

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from doorstep.apps.outbox.models import Message
from doorstep.apps.people.actions import open_account
from doorstep.apps.people.models import Account
from tests.apps.people.signing_in import TEST

pytestmark = pytest.mark.django_db
ANN, BOB = "ann@millbrook.example", "bob@millbrook.example"
BEGAN = "2026-06-01T12:00:00Z"
CONFIRM = "/accounts/login/code/confirm/"


@pytest.fixture(autouse=True)
def began(settings, tmp_path, time_machine):
    """A clock that stands still until a test moves it, and no tries of other tests."""
    settings.CACHES = {
        name: one | {"LOCATION": tmp_path / name} for name, one in settings.CACHES.items()
    }
    time_machine.move_to(BEGAN, tick=False)
    for address in (ANN, BOB):
        open_account(address, actor=TEST)
    return time_machine


def sent_code() -> str:
    return re.search(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", mail.outbox[-1].body, re.M)[1]


def asked(client: Client, address: str = ANN) -> str:
    """The code that was sent to this address when this browser asked."""
    client.post("/accounts/login/", {"login": address})
    return sent_code()


def types(client: Client, code: str) -> bool:
    """Whether this browser is signed in once it has typed this code."""
    client.post(CONFIRM, {"code": code})
    return client.get("/desk/").status_code == 200


def as_it_is(client: Client) -> Client:
    """Another browser that holds the same cookies."""
    other = Client()
    other.cookies.load({name: one.value for name, one in client.cookies.items()})
    return other


def test_it_opens_once(client):
    code = asked(client)
    thief = as_it_is(client)
    assert types(client, code)
    assert not types(thief, code)
    client.post("/accounts/logout/")
    assert not types(client, code)
    asked(client)
    assert not types(client, code)


@pytest.mark.parametrize(("seconds", "opens"), [(179, True), (181, False)])
def test_it_opens_for_three_minutes(client, began, seconds, opens):
    code = asked(client)
    began.shift(seconds)
    assert types(client, code) is opens


def test_one_that_ran_out_does_not_open_again(client, began):
    code = asked(client)
    began.shift(181)
    assert not types(client, code)
    began.move_to(BEGAN, tick=False)
    assert not types(client, code)


def test_while_one_waits_no_second_is_sent_and_later_a_new_one_takes_its_place(client, began):
    first = asked(client)
    assert asked(client) == first
    assert len(mail.outbox) == 1
    began.shift(181)
    client.get(CONFIRM)  # sees that it ran out
    second = asked(client)
    assert first != second
    assert not types(client, first)
    assert types(client, second)


def test_it_opens_for_the_browser_that_asked_and_for_no_other(client):
    hers, his = asked(client), asked(Client(), BOB)
    other = Client()
    assert not types(other, hers)
    assert not types(client, his)
    asked(other, BOB)
    assert not types(other, hers)


def test_after_three_wrong_ones_the_right_one_opens_nothing(client):
    code = asked(client)
    for wrong in ("BBBB-BBBB", "CCCC-CCCC", "DDDD-DDDD"):
        assert not types(client, wrong)
    assert not types(client, code)


def test_it_has_twenty_bits_of_chance_and_more():
    codes = [get_adapter().generate_login_code() for _ in range(2000)]
    assert len(set(codes)) == len(codes)
    letters = [code.replace("-", "") for code in codes]
    assert {len(one) for one in letters} == {8}
    alphabet = {letter for one in letters for letter in one}
    assert math.log2(len(alphabet) ** 8) > 34
    for place in range(8):  # each letter in each place, and none far more often than another
        often = Counter(one[place] for one in letters)
        assert set(often) == alphabet
        assert max(often.values()) < 4 * min(often.values())


def test_the_code_of_a_new_account_is_good_for_ten_minutes_and_once(client, began):
    for seconds, opens in ((601, False), (599, True)):
        address = f"new-{seconds}@millbrook.example"
        client.post("/accounts/signup/", {"email": address})
        code = sent_code()
        began.shift(seconds)
        thief = as_it_is(client)
        for browser, gets_in in ((client, opens), (thief, False)):
            browser.post("/accounts/confirm-email/", {"code": code})
            assert (browser.get("/desk/").status_code == 200) is gets_in
        assert Account.objects.filter(email=address).exists()


def test_it_travels_by_e_mail_alone(client):
    asked(client)
    assert [one.to for one in mail.outbox] == [[ANN]]
    assert not Message.objects.exists()  # where text messages would wait
    assert not settings.ACCOUNT_LOGIN_METHODS - {"email"}


def test_the_code_is_gone_from_the_session_once_it_was_typed(client):
    code = asked(client)
    assert types(client, code)
    kept = [row.get_decoded() for row in Session.objects.all()]
    assert kept
    assert code not in str(kept)
