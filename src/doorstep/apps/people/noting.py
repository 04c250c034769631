"""The private log: sign-ins, refusals, second steps shown again, limits that were met, roles.

Beside the audit log of the record, which is for ever and names acts: this one names visits, so it
is kept apart, for `account.log_kept` days, and erased with the person.
"""

from datetime import timedelta
from typing import Any

from allauth.mfa.signals import authentication_failed, authenticator_used
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from doorstep.apps.chores import chore
from doorstep.apps.limits.actions import QUARTER, count_one, mark_of
from doorstep.apps.limits.connections import connection_of
from doorstep.apps.people.models import Account, Device, Noted, Role
from doorstep.engine.rulebook import rule

Kind = Noted.Kind
READERS = (Role.Kind.FUNDER, Role.Kind.FINANCE_OFFICER)
MOST_CHARACTERS = 12


def note(
    kind: Kind,
    *,
    account: Account | None = None,
    what: str = "",
    request: HttpRequest | None = None,
) -> None:
    """Write one line."""
    Noted.objects.create(
        kind=kind, account=account, what=what[:120], connection=_connection(request)
    )


def note_once(kind: Kind, request: HttpRequest, what: str) -> None:
    """Write one line a quarter of an hour for whoever does the same over and over, so that nobody
    fills the log by knocking."""
    account = request.user if isinstance(request.user, Account) else None
    who = str(account.pk) if account else _connection(request)
    if count_one(f"noted.{kind}.{what[:60]}.{who}", QUARTER) == 1:
        note(kind, account=account, what=what, request=request)


def address_name(request: HttpRequest) -> str:
    """Which page was asked for, by its name: the address itself may hold a secret."""
    return request.resolver_match.view_name if request.resolver_match else ""


def _connection(request: HttpRequest | None) -> str:
    if request is None:
        return ""
    return mark_of(connection_of(request))[:MOST_CHARACTERS]


@receiver(user_logged_in)
def _signed_in(request: HttpRequest | None, user: Account, **_: Any) -> None:
    note(Kind.SIGNED_IN, account=user, request=request)


@receiver(user_logged_out)
def _signed_out(request: HttpRequest, user: Account | None, **_: Any) -> None:
    # Whoever was just erased leaves no line.
    if user is not None and Account.objects.filter(pk=user.pk, is_active=True).exists():
        note(Kind.SIGNED_OUT, account=user, request=request)


@receiver(authentication_failed)
def _failed(request: HttpRequest, user: Account, **_: Any) -> None:
    note(Kind.SECOND_STEP_FAILED, account=user, request=request)


@receiver(authenticator_used)
def _shown_again(request: HttpRequest, user: Account, reauthenticated: bool, **_: Any) -> None:
    if reauthenticated:
        note(Kind.ASKED_AGAIN, account=user, what=address_name(request), request=request)


def lines_for(reader: Account) -> QuerySet[Noted]:
    """What this reader may see, newest first: everything for whoever acts everywhere; else lines of
    accounts that hold or held a role at the reader's own places."""
    today = timezone.localdate()
    held = Role.objects.filter(account=reader, kind__in=READERS)
    read = [role for role in held if role.holds(today)]
    lines = Noted.objects.select_related("account").order_by("-at", "-pk")
    if any(role.place_id is None for role in read):
        return lines
    places = [role.place_id for role in read]
    return lines.filter(account__roles__place__in=places).distinct()


@chore(every=timedelta(hours=1))
def forget_old_lines() -> None:
    """Lines past their days, and devices whose session can no longer be alive."""
    today, now = timezone.localdate(), timezone.now()
    kept = timedelta(days=int(rule("account.log_kept", today).value))
    Noted.objects.filter(at__lt=now - kept).delete()
    longest = timedelta(hours=int(rule("account.signed_in_at_most", today).value))
    Device.objects.filter(seen_at__lt=now - longest).delete()
