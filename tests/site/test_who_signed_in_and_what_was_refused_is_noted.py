"""The private log: sign-ins, refusals, second steps, limits and roles, with no address or secret;
read by who looks after the money of the same place, kept for its days, erased with the person."""

from datetime import date, timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.test import Client
from django.utils import timezone

from doorstep.apps.limits.actions import QUARTER, count, mark_of
from doorstep.apps.people.actions import end_role, enrol_totp, give_role, open_account
from doorstep.apps.people.models import Noted
from doorstep.apps.people.noting import forget_old_lines, lines_for
from doorstep.engine.rulebook import rule
from doorstep.site.personal import erase_person
from tests.apps.people.signing_in import TEST, sign_in
from tests.millbrook import place_with_money
from tests.pages import PageClient

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
BEGAN = date(2020, 1, 1)


@pytest.fixture
def ann():
    return open_account("ann@millbrook.example", actor=TEST)


def kinds(**about) -> list[str]:
    return list(Noted.objects.filter(**about).order_by("pk").values_list("kind", flat=True))


def test_signing_in_and_out_is_noted(client, ann):
    client.force_login(ann)
    client.post("/accounts/logout/")
    assert kinds(account=ann) == ["signed_in", "signed_out"]


def test_a_wrong_code_is_noted_by_its_connection(client, ann):
    client.post("/accounts/login/code/", {"email": ann.email}, REMOTE_ADDR="192.0.2.7")
    client.post("/accounts/login/code/confirm/", {"code": "WRONG-1"}, REMOTE_ADDR="192.0.2.7")
    (line,) = Noted.objects.filter(kind="sign_in_failed")
    assert line.connection == mark_of("192.0.2.7")[:12]
    assert "192.0.2.7" not in str(list(Noted.objects.values()))
    assert "WRONG" not in str(list(Noted.objects.values()))


def test_a_wrong_number_and_a_step_shown_again_are_noted(client, ann):
    enrol_totp(ann, SECRET, actor=TEST)
    sign_in(client, ann)
    client.post("/accounts/2fa/reauthenticate/", {"code": "000000"})
    right = format_hotp_value(hotp_value(SECRET, next(iter(counters()))))
    client.post("/accounts/2fa/reauthenticate/", {"code": right})
    assert kinds(account=ann)[-2:] == ["second_step_failed", "asked_again"]
    assert right not in str(list(Noted.objects.values()))


def test_a_page_that_was_refused_is_noted_once_however_often_it_is_tried(client, ann):
    client.force_login(ann)
    for _ in range(5):
        assert client.get("/bank/").status_code == 403
    (line,) = Noted.objects.filter(kind="refused")
    assert (line.account, line.what) == (ann, "bank")


def test_a_limit_that_was_met_is_noted_once(client):
    key = f"limit.language.connection.{mark_of('192.0.2.7')}"
    count(key, QUARTER, by=int(rule("limit.forms", timezone.localdate()).value))
    for _ in range(3):
        assert client.post("/language/", REMOTE_ADDR="192.0.2.7").status_code == 429
    assert kinds(what="language") == ["limited"]


def test_roles_that_are_given_and_end_are_noted(ann):
    place = place_with_money()
    role = give_role(ann, "resident", place=place, since=BEGAN, actor=TEST)
    end_role(role, on=date(2026, 1, 1), actor=TEST)
    assert kinds(account=ann) == ["role_given", "role_ended"]
    assert set(Noted.objects.values_list("what", flat=True)) == {f"resident {place.slug}"}


def test_an_officer_reads_of_their_own_place_and_others_are_refused(client, ann):
    east, west = place_with_money(), place_with_money(1_000_000, "millbrook-west")
    officer = open_account("officer@millbrook.example", actor=TEST)
    other = open_account("bob@millbrook.example", actor=TEST)
    give_role(officer, "finance_officer", place=east, since=BEGAN, actor=TEST)
    give_role(ann, "resident", place=east, since=BEGAN, actor=TEST)
    give_role(other, "resident", place=west, since=BEGAN, actor=TEST)
    Client().force_login(ann)
    Client().force_login(other)
    assert {line.account_id for line in lines_for(officer)} == {officer.pk, ann.pk}
    sign_in(client, officer)
    page = PageClient(client).get("/desk/log/")
    assert page.heading == "Who signed in, and what was refused"
    assert "was given a role" in page.text
    assert ann.email not in page.text
    funder = open_account("funder@millbrook.example", actor=TEST)
    give_role(funder, "funder", since=BEGAN, actor=TEST)
    assert {other.pk, ann.pk} < {line.account_id for line in lines_for(funder)}
    stranger = Client()
    stranger.force_login(ann)
    assert stranger.get("/desk/log/").status_code == 403


def test_a_line_is_kept_for_its_days_and_no_longer(ann):
    Client().force_login(ann)
    days = int(rule("account.log_kept", timezone.localdate()).value)
    with time_machine.travel(timezone.now() + timedelta(days=days, minutes=-1)):
        forget_old_lines()
        assert Noted.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=days, minutes=1)):
        forget_old_lines()
    assert not Noted.objects.exists()


def test_erasing_a_person_takes_their_lines_and_leaves_none_behind(client, ann):
    client.force_login(ann)
    client.post("/desk/mine/erase/", {"sure": "yes"})
    assert not Noted.objects.filter(account=ann).exists()
    bob = open_account("bob@millbrook.example", actor=TEST)
    Client().force_login(bob)
    erase_person(bob, reason="Asked.", actor=TEST)
    assert not Noted.objects.filter(account=bob).exists()
