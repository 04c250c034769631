"""What happens to people: an account opens, a role is given and ends, a second factor is added.

Leaves go to the audit log and hold numbers only; an address never enters one.
"""

from datetime import date

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from doorstep.apps.people import devices, rules
from doorstep.apps.people.models import Account, Noted, Role
from doorstep.apps.people.noting import note
from doorstep.apps.people.spells import overlaps, said_day
from doorstep.apps.places.models import Place
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Log
from doorstep.apps.refused import Refused


@transaction.atomic
def open_account(email: str, *, actor: Actor) -> Account:
    """An account for an address. It signs in by a code sent there, which proves the address."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(
            _("“%(email)s” is not an email address. Check it for slips.") % {"email": email},
            code="email",
        ) from None
    lock_head(Log.AUDIT)
    if Account.objects.annotate(plain=Lower("email")).filter(plain=email).exists():
        raise Refused(
            _("There is an account with this address already. Use it, or sign in with it."),
            code="account_exists",
        )
    account = Account.objects.create_user(email)
    EmailAddress.objects.create(user=account, email=email, primary=True, verified=False)
    write_leaf(
        "account.opened",
        {"account": account.pk, "actor": actor.as_leaf()},
        log=Log.AUDIT,
    )
    return account


@transaction.atomic
def give_role(
    account: Account,
    kind: str,
    *,
    place: Place | None = None,
    since: date,
    until: date | None = None,
    actor: Actor,
) -> Role:
    """Let an account act as `kind` from a day on; `until` is the first day it no longer may."""
    if kind not in Role.Kind.values:
        raise Refused(
            _("“%(kind)s” is not a role. Use one of %(known)s.")
            % {"kind": kind, "known": ", ".join(Role.Kind.values)},
            code="role",
        )
    if place is None and kind in {Role.Kind.PARTNERSHIP_MEMBER, Role.Kind.RESIDENT}:
        raise Refused(
            _("A %(role)s belongs to a place. Say which.") % {"role": rules.role_name(kind)},
            code="role_needs_place",
        )
    if until is not None and until < since:
        raise Refused(
            _("The role would end on %(until)s, before it begins on %(since)s. Give a later day.")
            % {"until": said_day(until), "since": said_day(since)},
            code="spell_backwards",
        )
    lock_head(Log.AUDIT)
    if overlaps(Role.objects.filter(account=account, kind=kind, place=place), since, until):
        raise Refused(
            _(
                "This account is a %(role)s there on some of these days already. "
                "End that role first, or begin the new one later."
            )
            % {"role": rules.role_name(kind)},
            code="role_overlaps",
        )
    role = Role.objects.create(account=account, kind=kind, place=place, since=since, until=until)
    write_leaf(
        "account.role_given",
        {
            "account": account.pk,
            "role": role.pk,
            "role_kind": str(kind),
            "place": place.slug if place else "",
            "since": since.isoformat(),
            "until": until.isoformat() if until else "",
            "actor": actor.as_leaf(),
        },
        log=Log.AUDIT,
    )
    note(Noted.Kind.ROLE_GIVEN, account=account, what=_role_in_short(role))
    return role


def _role_in_short(role: Role) -> str:
    return f"{role.kind} {role.place.slug}" if role.place else str(role.kind)


@transaction.atomic
def end_role(role: Role, *, on: date, actor: Actor) -> Role:
    """Take a role away; `on` is the first day on which the account no longer has it."""
    lock_head(Log.AUDIT)
    role = Role.objects.get(pk=role.pk)
    if role.until is not None and role.until <= on:
        raise Refused(
            _("This role ended on %(day)s already.") % {"day": said_day(role.until)},
            code="role_ended",
        )
    if on < role.since:
        raise Refused(
            _("This role begins on %(day)s. End it on that day or later.")
            % {"day": said_day(role.since)},
            code="spell_backwards",
        )
    role.until = on
    role.save(update_fields=["until"])
    write_leaf(
        "account.role_ended",
        {"role": role.pk, "until": on.isoformat(), "actor": actor.as_leaf()},
        log=Log.AUDIT,
    )
    note(Noted.Kind.ROLE_ENDED, account=role.account, what=_role_in_short(role))
    return role


@transaction.atomic
def end_sessions(account: Account, *, but: str | None = None, actor: Actor) -> None:
    """Sign an account out everywhere: each session holds a mark that is now another, and those that
    are known are deleted. `but` is the key of the session that stays."""
    lock_head(Log.AUDIT)
    devices.end_others(account, but)
    account.set_unusable_password()
    account.save(update_fields=["password"])
    write_leaf(
        "account.signed_out", {"account": account.pk, "actor": actor.as_leaf()}, log=Log.AUDIT
    )


@transaction.atomic
def take_off_second_steps(account: Account, *, actor: Actor) -> None:
    """For somebody who lost every second step, once others vouched for them: take them all off
    and sign the account out everywhere."""
    lock_head(Log.AUDIT)
    held = Authenticator.objects.filter(user=account)
    if not held.exists():
        raise Refused(_("This account has no second step. There is nothing to take off."))
    held.delete()
    record_second_factor(account, added=False, actor=actor)
    end_sessions(account, actor=actor)


@transaction.atomic
def record_copy(account: Account, *, actor: Actor) -> None:
    """Somebody took a copy of everything that is held about a person."""
    write_leaf("account.copied", {"account": account.pk, "actor": actor.as_leaf()}, log=Log.AUDIT)


@transaction.atomic
def enrol_totp(account: Account, secret: str, *, actor: Actor) -> Authenticator:
    """Set up an authenticator app whose base32 secret is known, such as the demo's.

    The same table and encryption as the set-up page; sign-in then asks for its code.
    """
    if reason := rules.why_bad_secret(secret):
        raise Refused(reason, code="totp_secret")
    lock_head(Log.AUDIT)
    if Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists():
        raise Refused(
            _("This account has an authenticator app already. Remove that one first."),
            code="totp_exists",
        )
    made = Authenticator.objects.create(
        user=account,
        type=Authenticator.Type.TOTP,
        data={"secret": get_adapter().encrypt(secret)},
    )
    record_second_factor(account, added=True, actor=actor)
    return made


@transaction.atomic
def record_sign_up(account: Account) -> None:
    """Somebody opened an account on the sign-up page; the record hears of it like any other."""
    person = Actor("person", account.pk)
    write_leaf("account.opened", {"account": account.pk, "actor": person.as_leaf()}, log=Log.AUDIT)


@transaction.atomic
def record_second_factor(account: Account, *, added: bool, actor: Actor) -> None:
    """A second factor was added or removed, on its page or by `enrol_totp`."""
    write_leaf(
        "account.second_factor_added" if added else "account.second_factor_removed",
        {"account": account.pk, "actor": actor.as_leaf()},
        log=Log.AUDIT,
    )
