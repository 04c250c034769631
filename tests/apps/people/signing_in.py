"""Sign a test's client in without walking through the pages each time.

`test_signing_in_by_code.py` walks through them once, for real.
"""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.test import Client

from doorstep.apps.people.actions import enrol_totp
from doorstep.apps.people.models import Account
from doorstep.apps.people.queries import has_second_factor
from doorstep.apps.record.actors import Actor

TEST = Actor("system", "test")


def sign_in(client: Client, account: Account, *, second_factor: bool = True) -> None:
    """Sign in as `account`; with a second factor it is enrolled if need be, and was just used."""
    client.force_login(account)
    if not second_factor:
        return
    if not has_second_factor(account):
        enrol_totp(account, generate_totp_secret(), actor=TEST)
    session = client.session
    # What allauth writes once a code from the app was typed.
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "mfa", "type": "totp", "at": time.time()}
    ]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
