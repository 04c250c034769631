"""The pages of passkeys; Chromium makes and uses real ones in tests/e2e."""

from datetime import date

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator

from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.people.models import Account
from doorstep.apps.record.models import Leaf
from tests.apps.people.signing_in import TEST, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(client) -> Account:
    made = open_account("ann@millbrook.example", actor=TEST)
    made.emailaddress_set.update(verified=True)
    sign_in(client, made)
    session = client.session  # and was asked once more just now
    [record] = session[AUTHENTICATION_METHODS_SESSION_KEY]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [record | {"reauthenticated": True}]
    session.save()
    return made


@pytest.fixture
def passkey(account) -> Authenticator:
    return Authenticator.objects.create(
        user=account, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone", "credential": {}}
    )


def test_each_is_listed_renamed_and_removed(page, account, passkey):
    assert "Phone" in page.get("/accounts/2fa/webauthn/").text
    here = f"/accounts/2fa/webauthn/keys/{passkey.pk}/"
    assert page.get(f"{here}edit/").heading == "Rename this passkey"
    page.post(f"{here}edit/", {"name": "Ann’s <b>phone"})
    assert "Ann’s <b>phone" in page.get("/accounts/2fa/webauthn/").text
    assert page.get(f"{here}remove/").heading == "Remove this passkey"
    page.post(f"{here}remove/")
    assert "You have no passkey yet." in page.get("/accounts/2fa/webauthn/").text
    assert Leaf.objects.filter(kind="account.second_factor_removed").exists()


def test_the_page_that_adds_one_runs_no_script_of_its_own(page, account):
    read = page.get("/accounts/2fa/webauthn/add/")
    assert read.heading == "Add a passkey"
    assert "needs JavaScript" in read.html


@pytest.mark.parametrize("sent", ["{}", "[]", "1", "{", '{"response": {}}', '{"rawId": "!"}'])
def test_an_answer_that_is_none_is_refused_plainly(page, client, account, sent):
    answer = client.post("/accounts/2fa/webauthn/add/", {"name": "x", "credential": sent})
    assert answer.status_code == 200
    client.logout()
    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": sent})
    assert answer.status_code == 302


def test_whoever_has_a_passkey_alone_is_asked_for_it(client, account, passkey):
    Authenticator.objects.filter(user=account).exclude(pk=passkey.pk).delete()
    give_role(account, "funder", since=date(2020, 1, 1), actor=TEST)
    client.logout()
    client.force_login(account)
    answer = client.get("/messages/")
    assert answer["Location"] == "/accounts/2fa/webauthn/reauthenticate/?next=%2Fmessages%2F"
