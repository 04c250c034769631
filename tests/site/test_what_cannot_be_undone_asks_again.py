"""Before money moves, bank details change, the box opens or addresses leave, a session that showed
its second step a while ago shows it again; and what was typed is still there."""

import re
import time
from unittest.mock import patch
from urllib.parse import quote

import pytest
import time_machine
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, path

from doorstep.apps.awards.models import Payment, PaymentState
from doorstep.apps.organisations.models import BankMandate
from doorstep.apps.people.actions import enrol_totp
from doorstep.apps.people.guards import signed_in
from doorstep.apps.people.step_up import KEY, NUMBER, after_a_fresh_second_step
from doorstep.apps.record.models import Leaf
from doorstep.engine.rulebook import all_rules
from doorstep.site.urls import urlpatterns as real
from tests.apps.awards.scene import agreed, approved, awarded, ready, scene
from tests.apps.people.signing_in import TEST, sign_in
from tests.apps.voting.boxes import DURING, running, vote
from tests.pages import PageClient
from tests.site.test_routes import every_view

ASKS_AGAIN = {
    "payments/<slug:slug>/decide/",
    "payments/<slug:slug>/release/",
    "places/<slug:slug>/payment-file/",
    "payment-files/<number:number>/",
    "places/<slug:slug>/quick/",
    "places/<slug:slug>/decide/",
    "places/<slug:slug>/decided/",
    "places/<slug:slug>/plan/lines/",
    "places/<slug:slug>/hosting/work/",
    "places/<slug:slug>/members/work/fill/<number:number>/",
    "awards/<slug:slug>/agreement/sign/",
    "awards/<slug:slug>/bank/",
    "fund/<slug:slug>/desk/",
    "fund/<slug:slug>/steps/<number:pk>/",
    "fund/<slug:fund>/shares/<slug:slug>/decide/",
    "places/<slug:slug>/share/",
    "rounds/<slug:slug>/box/",
    "rounds/<slug:slug>/trustees/",
    "rounds/<slug:slug>/codes/<number:number>/print/",
    "places/<slug:slug>/letters.pdf",
    "rounds/<slug:slug>/trustee/",
    "rounds/<slug:slug>/trustee/envelopes/",
    "rounds/<slug:slug>/recount/",
}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@signed_in
@after_a_fresh_second_step
def echo(request):
    return HttpResponse(repr(sorted(request.POST.lists())))


urlpatterns = [*real, path("t/echo/", echo)]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def number() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(counters()))))


@pytest.fixture
def told():
    return scene()


def long_ago(client: Client, minutes: int) -> None:
    """As if this session had shown its second step so many minutes ago."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        record | {"at": time.time() - 60 * minutes}
        for record in session[AUTHENTICATION_METHODS_SESSION_KEY]
    ]
    session.save()


@pytest.fixture
def finance(client, told):
    cache.clear()  # allauth remembers there which numbers were used, by the account's number
    enrol_totp(told.finance, SECRET, actor=TEST)
    sign_in(client, told.finance)
    return client


def test_every_act_that_cannot_be_undone_asks_again():
    found = {
        address
        for address, view in every_view(get_resolver("doorstep.site.urls").url_patterns)
        if getattr(view, "asks_again", False)
    }
    assert found >= ASKS_AGAIN


def test_a_trustees_device_asks_for_a_fresh_second_step(client):
    with time_machine.travel(DURING) as clock:
        world = running()
        me = world.accounts[0]
        sign_in(client, me)
        page = f"/rounds/{world.round.slug}/trustee/"
        assert client.get(page).status_code == 200
        clock.shift(16 * 60)
        asked = client.get(page)
        assert asked.status_code == 302
        assert asked["Location"] == f"/accounts/2fa/reauthenticate/?next={quote(page, safe='')}"
        for answer in (
            client.post(f"{page}tried/", {}, content_type="application/json"),
            client.post(f"{page}opening/", {}, content_type="application/json"),
            client.get(f"{page}envelopes/"),
        ):
            assert answer.status_code == 403
            assert answer.json() == {"ask": asked["Location"]}


def test_a_device_finishes_the_box_that_it_began_freshly(client):
    with time_machine.travel(DURING) as clock:
        world = running()
        vote(world, 0, [0])
        world.end()
        sign_in(client, world.accounts[0])
        page = f"/rounds/{world.round.slug}/trustee/"
        assert client.get(f"{page}envelopes/").status_code == 200
        clock.shift(40 * 60)
        said = client.post(f"{page}opening/", {"ballots": []}, content_type="application/json")
        assert said.status_code == 409  # looked at, and refused because it is not the box
        again = client.post(f"{page}opening/", {"ballots": []}, content_type="application/json")
        assert again.status_code == 403


def test_a_fresh_second_step_is_not_asked_for_again(finance, told):
    _award, payment = ready(told)
    approved(told, payment, "clerk")
    long_ago(finance, 14)
    assert finance.post(f"/payments/{payment.slug}/release/").status_code == 302


def test_an_old_one_is_and_the_form_is_acted_on_once_the_number_is_right(finance, told):
    _award, payment = ready(told)
    approved(told, payment, "clerk")
    long_ago(finance, 16)
    before = Leaf.objects.count()
    page = PageClient(finance)
    asked = page.read(
        finance.post(f"/payments/{payment.slug}/release/"),
        f"/payments/{payment.slug}/release/",
        403,
    )
    assert asked.heading == "Show that it is still you"
    assert "Nothing has been done yet" in asked.text
    assert Leaf.objects.count() == before
    assert finance.get(f"/payments/{payment.slug}/").status_code == 200  # reading asks nothing
    finance.post(f"/payments/{payment.slug}/release/", {NUMBER: number()})
    assert Payment.objects.get(pk=payment.pk).state == PaymentState.RELEASED


def test_bank_details_that_were_typed_wait_in_the_page_and_nowhere_else(finance, told):
    award = awarded(told)
    agreed(told, award)
    long_ago(finance, 60)
    typed = {
        "account_name": "St Anne’s <b>Hall",
        "sort_code": "01-02-03",
        "account_number": "12345678",
    }
    address = f"/awards/{award.slug}/bank/"
    asked = PageClient(finance).read(finance.post(address, typed), address, 403)
    held = asked.inputs(address)
    assert {name: held[name] for name in typed} == typed
    assert not BankMandate.objects.exists()
    assert "12345678" not in repr(dict(finance.session))
    finance.post(address, held | {NUMBER: number()})
    assert BankMandate.objects.count() == 1


def test_everything_typed_comes_through_as_it_was_and_without_the_number(finance):
    long_ago(finance, 60)
    typed = {"a": ["1", "2"], "text": 'two\nlines  & "more"', "empty": ""}
    asked = PageClient(finance).read(finance.post("/t/echo/", typed), "/t/echo/", 403)
    hidden = re.findall(r'name="(a|text|empty)" value="', asked.html)
    assert sorted(hidden) == ["a", "a", "empty", "text"]
    answer = finance.post("/t/echo/", typed | {NUMBER: number(), KEY: ""})
    assert answer.content.decode() == (
        "[('a', ['1', '2']), ('empty', ['']), ('text', ['two\\nlines  & \"more\"'])]"
    )


@pytest.mark.parametrize("wrong", ["000000", "", "abc", "9" * 500, "１２３４５６", "\0"])
def test_a_wrong_number_does_nothing_and_asks_again(finance, wrong):
    long_ago(finance, 60)
    with patch(__name__ + ".HttpResponse", side_effect=AssertionError("it was done")):
        answer = finance.post("/t/echo/", {"text": "kept", NUMBER: wrong})
    asked = PageClient(finance).read(answer, "/t/echo/", 403)
    assert asked.inputs("/t/echo/")["text"] == "kept"
    assert 'role="alert"' in asked.html


@pytest.mark.parametrize("wrong", ["{}", "[]", "null", "not json", '{"id": 5}', '{"response": []}'])
def test_a_passkey_that_is_none_does_nothing_and_asks_again(finance, wrong):
    long_ago(finance, 60)
    answer = finance.post("/t/echo/", {"text": "kept", KEY: wrong})
    assert answer.status_code == 403
    assert b"kept" in answer.content


def test_a_number_is_good_for_one_form(finance):
    shown = number()
    long_ago(finance, 60)
    assert finance.post("/t/echo/", {NUMBER: shown}).status_code == 200
    long_ago(finance, 60)
    assert finance.post("/t/echo/", {NUMBER: shown}).status_code == 403


def test_a_second_step_of_the_future_is_none(finance):
    long_ago(finance, -60)
    assert finance.post("/t/echo/").status_code == 403


def test_a_file_is_named_because_it_cannot_wait(finance):
    long_ago(finance, 60)
    answer = finance.post("/t/echo/", {"file": SimpleUploadedFile("list.csv", b"1")})
    assert "Choose list.csv again" in answer.content.decode()


def test_how_long_it_lasts_is_a_dated_rule():
    [entry] = [one for one in all_rules() if one.key == "account.ask_again_after"]
    assert (entry.value, entry.unit) == (15, "minutes")
