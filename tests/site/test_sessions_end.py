"""A session ends after an hour of nothing, and after a day in any case."""

import pytest
import time_machine

from doorstep.apps.people.actions import open_account
from tests.apps.people.signing_in import TEST

pytestmark = pytest.mark.django_db
NOON = 1_800_000_000


@pytest.fixture
def signed_in(client):
    with time_machine.travel(NOON, tick=False):
        client.force_login(open_account("ann@millbrook.example", actor=TEST))
        assert client.get("/desk/").status_code == 200
    return client


def opens_after(client, minutes: int) -> bool:
    with time_machine.travel(NOON + 60 * minutes, tick=False):
        return client.get("/desk/").status_code == 200


def test_whoever_does_something_each_half_hour_stays_until_the_day_is_over(signed_in):
    assert all(opens_after(signed_in, minutes) for minutes in range(30, 24 * 60, 30))
    assert not opens_after(signed_in, 24 * 60)


@pytest.mark.parametrize(("minutes", "opens"), [(59, True), (60, True), (61, False), (600, False)])
def test_whoever_does_nothing_for_an_hour_signs_in_again(signed_in, minutes, opens):
    assert opens_after(signed_in, minutes) is opens


def test_what_is_over_does_not_come_back(signed_in):
    assert not opens_after(signed_in, 90)
    assert not opens_after(signed_in, 1)


def test_a_form_that_comes_too_late_hands_its_words_back(signed_in):
    with time_machine.travel(NOON + 3 * 3600, tick=False):
        headers = {"origin": "http://testserver"}
        answer = signed_in.post("/desk/mine/erase/", {"note": "my words"}, headers=headers)
    assert answer.status_code == 403
    assert "my words" in answer.content.decode()
