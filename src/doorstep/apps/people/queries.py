"""Reads about people that pages and commands share."""

from datetime import date

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator

from doorstep.apps.people.models import Account, Role


def roles_of(account: Account) -> list[Role]:
    """Every spell of an account, also those that ended, each with its place; one statement."""
    return list(Role.objects.filter(account=account).select_related("place"))


def roles_on(account: Account, on: date) -> list[Role]:
    """The roles an account holds on a day."""
    return [role for role in roles_of(account) if role.holds(on)]


def has_second_factor(account: Account) -> bool:
    """Whether sign-in asks this account for more than an e-mailed code."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(get_adapter().is_mfa_enabled(account, types=kinds))
