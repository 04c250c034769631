"""What sign-in says when something is wrong, and how it keeps the secrets of the second step."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.base_user import AbstractBaseUser
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from doorstep.apps.organisations import strongbox

WRONG_CODE = _("That code is not right. Check it, or ask for a new one.")


# RFC 5321 leaves this much for an address, and the account and allauth's own table hold no more.
LONGEST_ADDRESS = 254


class AccountWords(DefaultAccountAdapter):
    """allauth's account rules, with plain sentences."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "address_too_long": _(
            "That address is too long. An e-mail address has at most 254 letters."
        ),
        "account_inactive": _("This account has been closed. Ask your partnership to open it."),
        "invalid_login": _("Enter the e-mail address of your account."),
        "rate_limited": _("That was a lot of tries. Wait five minutes, then try again."),
        "too_many_login_attempts": _("That was too many tries. Wait a while, then start again."),
        "unknown_email": _("We know no account with that address."),
    }

    def clean_email(self, email: str) -> str:
        """Refuse what would not fit: cut short, it would be somebody else's address."""
        if len(email) > LONGEST_ADDRESS:
            raise self.validation_error("address_too_long")
        return super().clean_email(email)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has no second step yet has nothing that could be asked for again: they just came
        in by a code, and set up their first."""
        can_be_asked = bool(self.get_reauthentication_methods(self.request.user))
        return can_be_asked and super().is_reauthentication_required(app=app, **kwargs)


class SecondStepWords(DefaultMFAAdapter):
    """allauth's rules for the second step, with plain sentences and sealed secrets."""

    def encrypt(self, text: str) -> str:
        """Seal an app's secret: a stolen copy of the database must not open the second step."""
        return strongbox.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return strongbox.open_sealed(encrypted_text)

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That number is not right. Wait for the app to show the next one."),
        "incorrect_passkey": _("That passkey was not accepted. Try it again, or type the number."),
        "unverified_email": _("First show that the e-mail address is yours, then do this."),
    }


@receiver(authenticator_added)
def has_just_shown_a_code(
    request: HttpRequest, user: AbstractBaseUser, authenticator: Authenticator, **_: Any
) -> None:
    """Setting up an app took a code from it. Without this the next page, which shows the recovery
    codes, would ask for another, and an app makes a new one only every half minute."""
    record_authentication(
        request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True
    )
