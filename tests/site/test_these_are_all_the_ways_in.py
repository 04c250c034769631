"""There are two ways in, a code from an e-mail and a passkey; nothing else opens an account, leads
away from us, or changes how somebody signs in without being shown that it is still them."""

import re
import time

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth import authenticate
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import get_resolver

from doorstep.apps.organisations import strongbox
from doorstep.apps.people.actions import open_account
from doorstep.apps.people.models import Account
from tests.apps.people.signing_in import TEST, sign_in
from tests.site.test_routes import every_view

ANN = "ann@millbrook.example"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# Every page of accounts that a stranger may open: these sign in, and nothing else does.
FOR_STRANGERS = {
    "accounts/2fa/authenticate/",
    "accounts/2fa/webauthn/login/",
    "accounts/confirm-email/",
    "accounts/inactive/",
    "accounts/login/",
    "accounts/login/code/",
    "accounts/login/code/confirm/",
    "accounts/logout/",
    "accounts/signup/",
}
CHANGES = (
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/keys/1/remove/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/recovery-codes/download/",
)
AWAY = ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)")


@pytest.fixture(autouse=True)
def no_tries_of_others(db):
    cache.clear()


@pytest.fixture
def ann():
    account = open_account(ANN, actor=TEST)
    EmailAddress.objects.update_or_create(
        user=account, email=ANN, defaults={"verified": True, "primary": True}
    )
    return account


def shown(client: Client, account: Account, minutes_ago: int) -> None:
    """Signed in, with the second step shown again so many minutes ago."""
    sign_in(client, account)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {
            "method": "mfa",
            "type": "totp",
            "at": time.time() - 60 * minutes_ago,
            "reauthenticated": True,
        }
    ]
    session.save()


def type_the_code(client: Client, **more: str):
    code = re.search(r"^\s*(\w{4}-\w{4})\s*$", mail.outbox[-1].body, re.M)[1]
    return client.post("/accounts/login/code/confirm/", {"code": code} | more)


def test_a_stranger_finds_these_pages_of_accounts_and_no_other():
    found = {
        address
        for address, view in every_view(get_resolver().url_patterns)
        if address.startswith("accounts/") and getattr(view, "guarded", "") == "public"
    }
    assert found == FOR_STRANGERS


def test_nobody_is_there_before_somebody_came():
    assert not Account.objects.exists()


def test_no_name_and_no_password_opens_an_account(ann):
    assert settings.AUTHENTICATION_BACKENDS == ["doorstep.apps.people.backends.WithSecondFactor"]
    for said in ({"email": ANN}, {"username": ANN}, {"login": ANN}):
        for password in ("", "password", None, ann.password):
            try:
                assert authenticate(None, password=password, **said) is None
            except ImproperlyConfigured:  # allauth knows no such way here
                continue


def test_a_page_asked_for_without_a_session_opens_for_no_header(client, ann):
    for header in ("Authorization", "Remote-User", "X-Remote-User", "X-Session-Token", "X-User"):
        for said in (ANN, f"Bearer {ann.pk}", "Basic YW5uOmFubg=="):
            assert client.get("/desk/", headers={header: said}).status_code == 302


@pytest.mark.parametrize("away", AWAY)
def test_signing_in_leads_to_no_other_site(client, ann, away):
    asked = client.post("/accounts/login/", {"login": ANN, "next": away})
    assert "evil" not in asked["Location"].partition("?")[0]
    assert type_the_code(client, next=away)["Location"] == "/desk/"
    assert client.get(f"/accounts/login/?next={away}")["Location"] == "/desk/"
    assert client.post(f"/accounts/logout/?next={away}", {"next": away})["Location"] == "/"


@pytest.mark.parametrize("away", AWAY)
def test_the_second_step_leads_to_no_other_site(client, ann, away):
    TOTP.activate(ann, SECRET)
    sign_in(client, ann)
    number = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
    answer = client.post(f"/accounts/2fa/reauthenticate/?next={away}", {"code": number})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert "evil" not in answer["Location"]


@pytest.mark.parametrize("address", CHANGES)
def test_how_one_signs_in_changes_only_after_the_second_step_of_the_last_minutes(
    client, ann, address
):
    TOTP.activate(ann, SECRET)
    RecoveryCodes.activate(ann)
    before = list(ann.authenticator_set.values_list("pk", "data"))
    shown(client, ann, minutes_ago=6)
    for answer in (client.get(address), client.post(address, {"code": "000000"})):
        if answer.status_code not in {404, 405}:
            assert answer.status_code == 302
            assert answer["Location"].startswith(("/accounts/2fa/reauth", "/accounts/reauth"))
    assert list(ann.authenticator_set.values_list("pk", "data")) == before


def test_what_opens_in_place_of_the_number_is_kept_sealed(ann):
    codes = RecoveryCodes.activate(ann)
    kept = ann.authenticator_set.get(type="recovery_codes").data["seed"]
    assert strongbox.open_sealed(kept)
    assert not [code for code in codes.get_unused_codes() if code in str(kept)]
    code = codes.get_unused_codes()[0]
    assert codes.validate_code(code)
    assert not codes.validate_code(code)
