"""What sign-in says when something is wrong, in the words of the rest of the site."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext_lazy as _

WRONG_CODE = _("That code is not right. Check it, or ask for a new one.")


class AccountWords(DefaultAccountAdapter):
    """allauth's account rules, with plain sentences."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "account_inactive": _("This account has been closed. Ask your partnership to open it."),
        "invalid_login": _("Enter the e-mail address of your account."),
        "rate_limited": _("That was a lot of tries. Wait five minutes, then try again."),
        "too_many_login_attempts": _("That was too many tries. Wait a while, then start again."),
        "unknown_email": _("We know no account with that address."),
    }


class SecondStepWords(DefaultMFAAdapter):
    """allauth's rules for the second step, with plain sentences."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That number is not right. Wait for the app to show the next one."),
        "unverified_email": _("First show that the e-mail address is yours, then do this."),
    }
