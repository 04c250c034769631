"""allauth's forms, where its own would let something by."""

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.forms import LoginForm, RequestLoginCodeForm, SignupForm
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator

from doorstep.apps.limits.actions import count_one


class OneMessage:
    """However much too long an address is, it hears the same sentence (Django stops it at 320)."""

    box = "email"

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields[self.box]  # type: ignore[attr-defined]
        field.error_messages["max_length"] = get_account_adapter().error_messages[
            "address_too_long"
        ]


class SignUp(OneMessage, SignupForm):
    """The address of a new account."""


class SignIn(OneMessage, LoginForm):
    """Asks the address what a new account's is asked."""

    box = "login"

    def clean_login(self) -> str:
        return get_account_adapter().clean_email(super().clean_login())


class AskForCode(OneMessage, RequestLoginCodeForm):
    """The same, where only a code is asked for."""

    def clean_email(self) -> str:
        return get_account_adapter().clean_email(super().clean_email())


class Once:
    """An app's number opens once, for as long as it would open at all.

    allauth forgets a used number after one step; with a step of tolerance on each side it would
    open again in the next two (RFC 6238, section 5.2, forbids a second use).
    """

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        used: Authenticator = self.authenticator  # type: ignore[attr-defined]
        if used.type == Authenticator.Type.TOTP:
            steps = 2 * app_settings.TOTP_TOLERANCE + 1
            digits = "".join(filter(str.isdigit, code))  # "123 456" is the same number
            key = f"app-number-used.{used.pk}.{digits}"
            if count_one(key, steps * app_settings.TOTP_PERIOD) > 1:
                raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStep(Once, AuthenticateForm):
    """The app's number while signing in."""


class SecondStepAgain(Once, ReauthenticateForm):
    """The app's number before something that moves money."""
