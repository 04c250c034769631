"""Reads about people that pages and commands share."""

from collections.abc import Collection
from datetime import date

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q

from doorstep.apps.people.models import Account, Role

SECOND_FACTORS = Authenticator.objects.filter(
    type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
)
SECOND_FACTOR = Exists(SECOND_FACTORS.filter(user=OuterRef("pk")))


def roles_of(account: Account) -> list[Role]:
    """Every spell of an account, also those that ended, each with its place; one statement."""
    return list(Role.objects.filter(account=account).select_related("place"))


def roles_on(account: Account, on: date) -> list[Role]:
    """The roles an account holds on a day."""
    return [role for role in roles_of(account) if role.holds(on)]


def held_at(roles: Collection[Role], place: str = "place") -> Q:
    """Rows whose `place` is one of these roles': every row where one is held everywhere."""
    if any(role.place_id is None for role in roles):
        return Q()
    return Q(**{f"{place}__in": [role.place_id for role in roles]})


def has_second_factor(account: Account) -> bool:
    """Whether sign-in asks this account for more than an e-mailed code. One statement, and none
    for the account of a request, which was read with it."""
    read = getattr(account, "second_factor", None)
    if read is not None:
        return bool(read)
    return SECOND_FACTORS.filter(user=account).exists()
