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

from doorstep.apps.awards.actions.agreements import draft_agreement
from doorstep.apps.awards.models import Payment, PaymentState, Signature
from doorstep.apps.organisations.models import BankMandate
from doorstep.apps.people.actions import enrol_totp
from doorstep.apps.people.guards import signed_in
from doorstep.apps.people.step_up import (
    KEY,
    NUMBER,
    a_fresh_second_step_before,
    after_a_fresh_second_step,
)
from doorstep.apps.record.models import Leaf
from doorstep.engine.rulebook import all_rules
from doorstep.site.urls import urlpatterns as real
from tests.apps.awards.scene import DAY, agreed, approved, awarded, ready, scene
from tests.apps.people.signing_in import TEST, sign_in
from tests.apps.voting.boxes import DURING, running, vote
from tests.pages import PageClient
from tests.site.asking_again import (
    ALLAUTH,
    ASKS_AGAIN,
    ASKS_BEFORE,
    ASKS_NOT,
    READ_FRESHLY,
    takes_a_form,
)
from tests.site.test_routes import every_view

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@signed_in
@after_a_fresh_second_step
def echo(request):
    return HttpResponse(repr(sorted(request.POST.lists())))


@signed_in
@a_fresh_second_step_before("sign")
def drafts(request):
    return HttpResponse("drafts")


urlpatterns = [*real, path("t/echo/", echo), path("t/drafts/", drafts)]
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


def forms_of_the_signed_in() -> dict[str, object]:
    """Every address that takes a form from somebody who signed in, with how its view asks."""
    return {
        address: getattr(view, "asks_again", False)
        for address, view in every_view(get_resolver("doorstep.site.urls").url_patterns)
        if getattr(view, "guarded", "public") != "public"
        and not address.startswith(ALLAUTH)
        and (takes_a_form(view) or getattr(view, "asks_again", False))
    }


def test_every_act_that_cannot_be_undone_asks_again():
    found = forms_of_the_signed_in()
    assert {address for address, asks in found.items() if asks is True} == (
        ASKS_AGAIN | READ_FRESHLY
    )
    assert {address: asks for address, asks in found.items() if asks and asks is not True} == (
        ASKS_BEFORE
    )
    silent = {address for address, asks in found.items() if not asks}
    assert silent - set(ASKS_NOT) == set(), (
        "Write @after_a_fresh_second_step under the guard where this moves money, opens a box, "
        "changes where money goes, or ends or cancels a vote; else say in ASKS_NOT of "
        "tests/site/asking_again.py why a session is enough."
    )
    assert set(ASKS_NOT) - silent == set(), "These ask again, or are gone: take them off the list."


def test_a_form_is_told_from_a_page_that_only_reads():
    found = {address for address, _view in every_view(get_resolver().url_patterns)}
    read = {
        address
        for address, view in every_view(get_resolver("doorstep.site.urls").url_patterns)
        if not takes_a_form(view)
    }
    assert {"payments/<slug:slug>/", "places/<slug:slug>/payments/"} <= read < found
    assert takes_a_form(echo)  # a view that names no methods answers every one


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


@pytest.mark.parametrize("has_one", [True, False])
def test_whoever_is_paid_is_asked_again_where_they_have_a_second_step(client, told, has_one):
    award = awarded(told)
    draft_agreement(
        award, payee_kind="organisation", payee=told.payee, purpose="A kitchen",
        instalments=[(award.pence, DAY)], actor=told.acting("secretary"),
    )  # fmt: skip
    sign_in(client, told.officer, second_factor=has_one)
    if has_one:
        long_ago(client, 60)
    answer = client.post(f"/awards/{award.slug}/yours/")
    assert answer.status_code == (403 if has_one else 302)
    assert Signature.objects.count() == (0 if has_one else 1)


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


def test_a_page_of_several_acts_asks_before_those_it_names(finance):
    long_ago(finance, 60)
    assert finance.post("/t/drafts/", {"do": "words"}).status_code == 200
    assert finance.post("/t/drafts/", {"do": "sign"}).status_code == 403
    assert finance.get("/t/drafts/?do=sign").status_code == 200
    asked = PageClient(finance).read(
        finance.post("/t/drafts/", {"do": "sign", "why": "agreed"}), "/t/drafts/", 403
    )
    held = asked.inputs("/t/drafts/")
    answer = finance.post("/t/drafts/", held | {NUMBER: number()})
    assert answer.content == b"drafts"


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
