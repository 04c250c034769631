"""What allauth's own pages do, told to the record, and what guards and session need to know."""

from typing import Any

from allauth.account.signals import user_signed_up
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from django.dispatch import receiver
from django.http import HttpRequest

from doorstep.apps.people.actions import record_second_factor, record_sign_up
from doorstep.apps.people.devices import renew
from doorstep.apps.people.models import Account
from doorstep.apps.record.actors import Actor

# Setting up an app takes a code from it, so the session that did so has shown its second factor.
SET_UP_IN_SESSION = "doorstep_second_factor_set_up"
# The page that somebody wanted when they were sent to set one up, which takes several pages.
WANTED = "wanted"
SECOND_STEPS = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}


@receiver(user_signed_up)
def _signed_up(user: Account, **_: Any) -> None:
    record_sign_up(user)


@receiver(authenticator_added)
def _added(request: HttpRequest, user: Account, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type in SECOND_STEPS:
        request.session[SET_UP_IN_SESSION] = authenticator.pk
        renew(request)
        record_second_factor(user, added=True, actor=Actor("person", user.pk))


@receiver(authenticator_used)
def _shown_again(request: HttpRequest, reauthenticated: bool, **_: Any) -> None:
    """From here on the session opens more, so it gets another key, as at signing in."""
    if reauthenticated:
        renew(request)


@receiver(authenticator_removed)
def _removed(user: Account, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type in SECOND_STEPS:
        record_second_factor(user, added=False, actor=Actor("person", user.pk))
