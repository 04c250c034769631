"""allauth's forms, where its own would let something by."""

from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.forms import (
    ConfirmLoginCodeForm,
    LoginForm,
    RequestLoginCodeForm,
    SignupForm,
)
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.limits.actions import QUARTER, count, count_one
from doorstep.apps.people.models import Noted
from doorstep.apps.people.noting import note
from doorstep.apps.refused import TooOften
from doorstep.engine.rulebook import rule


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


class TypedCode(ConfirmLoginCodeForm):
    """The code that was e-mailed. A wrong one is noted in the private log, by its connection."""

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except ValidationError:
            note(Noted.Kind.SIGN_IN_FAILED, request=context.request)
            raise


class Counted:
    """A number or recovery code is counted for its account before it is looked at, wherever it is
    typed. allauth counts wrong ones in a cache, which loses some of many at one moment."""

    def clean_code(self) -> str:
        account = self.user.pk  # type: ignore[attr-defined]
        tally = count(f"limit.second_step.{account}", QUARTER)
        if tally.times > int(rule("limit.codes_entered", timezone.localdate()).value):
            raise TooOften(
                _("Many numbers were tried for your account in a short time."), until=tally.until
            )
        return super().clean_code()  # type: ignore[misc]


class Once(Counted):
    """An app's number opens once, for as long as it would open at all.

    allauth forgets a used number after one step; with a step of tolerance on each side it would
    open again in the next two (RFC 6238, section 5.2, forbids a second use).
    """

    def clean_code(self) -> str:
        code: str = super().clean_code()
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


class Whole:
    """A passkey's answer is read whole or refused. allauth meets one with a part missing, or of
    another shape, with a fault of its own."""

    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            self.cleaned_data: dict[str, Any] = {}
            refusal = get_adapter().validation_error("incorrect_passkey")
            self.add_error("credential", refusal)  # type: ignore[attr-defined]


class AddPasskey(Whole, AddWebAuthnForm):
    """A new passkey of this device or of a security key."""


class PasskeyStep(Whole, AuthenticateWebAuthnForm):
    """A passkey as the second step while signing in."""


class PasskeyAgain(Whole, ReauthenticateWebAuthnForm):
    """A passkey before something that cannot be undone."""


class PasskeySignIn(Whole, LoginWebAuthnForm):
    """A passkey in place of everything else: it stands for the device and its lock."""
