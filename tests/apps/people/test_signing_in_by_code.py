"""The real pages, from the address typed to the desk: an e-mailed code, then the app's code."""

import re
import time
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.http import HttpResponse

from doorstep.apps.people.actions import enrol_totp, give_role, open_account
from doorstep.apps.people.guards import needs_role
from doorstep.apps.people.models import Account
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf

TEST = Actor("system", "test")


@pytest.fixture(autouse=True)
def nobody_tried_before(settings, tmp_path) -> None:
    """A cache of the test's own: how often an address asked for a code is counted there."""
    file_cache = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {"default": {"BACKEND": file_cache, "LOCATION": tmp_path}}


def code_from_app(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def code_from_mail() -> str:
    found = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.outbox[-1].body, re.M)
    assert found, mail.outbox[-1].body
    return found[1]


def ask_for_code(client, email: str, next_: str = "") -> None:
    answer = client.post("/accounts/login/code/", {"email": email, "next": next_})
    assert answer.status_code == 302, answer.content
    assert answer["Location"].startswith("/accounts/login/code/confirm/")


@pytest.mark.django_db
def test_an_account_opened_for_somebody_signs_in_by_code_alone(client) -> None:
    open_account("Ann@Millbrook.example", actor=TEST)
    ask_for_code(client, "ann@millbrook.example")
    answer = client.post("/accounts/login/code/confirm/", {"code": code_from_mail()}, follow=True)
    assert answer.redirect_chain[-1][0] == "/desk/"
    assert "ann@millbrook.example" in answer.content.decode()


@pytest.mark.django_db
def test_a_wrong_code_does_not(client) -> None:
    open_account("ann@millbrook.example", actor=TEST)
    ask_for_code(client, "ann@millbrook.example")
    client.post("/accounts/login/code/confirm/", {"code": "AAAA-AAAA"})
    assert client.get("/desk/").status_code == 302


@pytest.mark.django_db
def test_with_an_app_the_code_of_the_app_is_asked_too(client) -> None:
    account = open_account("pat@fund.example", actor=TEST)
    give_role(account, "funder", since=date(2020, 1, 1), actor=TEST)
    secret = generate_totp_secret()
    enrol_totp(account, secret, actor=TEST)

    ask_for_code(client, "pat@fund.example")
    answer = client.post("/accounts/login/code/confirm/", {"code": code_from_mail()})
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/desk/").status_code == 302

    answer = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert client.get("/desk/").status_code == 302
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_from_app(secret)})
    assert answer["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200


@pytest.mark.django_db
def test_signing_up_is_recorded_by_number_only(client) -> None:
    answer = client.post("/accounts/signup/", {"email": "new@millbrook.example"})
    assert answer.status_code == 302, answer.content
    account = Account.objects.get(email="new@millbrook.example")
    leaf = Leaf.objects.get(kind="account.opened")
    assert (leaf.log, f'"account":{account.pk}' in bytes(leaf.body).decode()) == ("audit", True)
    assert b"millbrook" not in bytes(leaf.body)


def test_setting_up_the_app_opens_the_way_at_once(committed_db, client, mailoutbox) -> None:
    """Commits are real here: allauth tells of the new app only once it is kept."""
    account = open_account("ann@millbrook.example", actor=TEST)
    give_role(account, "funder", since=date(2020, 1, 1), actor=TEST)
    ask_for_code(client, "ann@millbrook.example")
    client.post("/accounts/login/code/confirm/", {"code": code_from_mail()})
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_from_app(secret)})
    assert answer.status_code == 302, answer.content
    assert client.session["doorstep_second_factor_set_up"]
    assert Leaf.objects.filter(kind="account.second_factor_added", log="audit").count() == 1

    for_funders = needs_role("funder")(lambda request: HttpResponse("in"))
    assert for_funders(client.get("/desk/").wsgi_request).status_code == 200
    Authenticator.objects.filter(user=account).delete()
    assert for_funders(client.get("/desk/").wsgi_request).status_code == 302


@pytest.mark.django_db
def test_the_second_factor_asked_for_later_leads_back_to_the_page_wanted(client) -> None:
    account = open_account("pat@fund.example", actor=TEST)
    secret = generate_totp_secret()
    ask_for_code(client, "pat@fund.example")
    client.post("/accounts/login/code/confirm/", {"code": code_from_mail()})
    give_role(account, "funder", since=date(2020, 1, 1), actor=TEST)
    enrol_totp(account, secret, actor=TEST)  # from another device, after this one signed in

    for_funders = needs_role("funder")(lambda request: HttpResponse("in"))
    step = for_funders(client.get("/desk/").wsgi_request)
    assert step.status_code == 302
    answer = client.post(step["Location"], {"code": "000000", "next": "/desk/"})
    assert for_funders(client.get("/desk/").wsgi_request).status_code == 302
    answer = client.post(step["Location"], {"code": code_from_app(secret), "next": "/desk/"})
    assert answer["Location"] == "/desk/"
    assert for_funders(client.get("/desk/").wsgi_request).status_code == 200


@pytest.mark.django_db
def test_another_device_is_added_by_the_first_and_never_by_a_code_from_a_mail(client) -> None:
    account = open_account("pat@fund.example", actor=TEST)
    ask_for_code(client, "pat@fund.example")
    client.post("/accounts/login/code/confirm/", {"code": code_from_mail()})
    enrol_totp(account, generate_totp_secret(), actor=TEST)
    asked = client.get("/accounts/2fa/webauthn/add/")
    assert asked["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert b"reauthenticate/code" not in client.get(asked["Location"]).content
