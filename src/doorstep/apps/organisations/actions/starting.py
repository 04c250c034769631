"""A group begins its passport by itself, and names who speaks for it."""

from datetime import date

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from doorstep.apps.organisations.actions.bodies import (
    begin_office,
    end_office,
    open_organisation,
    refuse_stranger,
)
from doorstep.apps.organisations.models import Officer, Organisation
from doorstep.apps.organisations.queries import officers_on, spoken_for
from doorstep.apps.people.actions import open_account
from doorstep.apps.people.models import Account
from doorstep.apps.record.actions import lock_head
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused

# Neither is a rule that decides about anybody: they keep one account from filling the lists.
MOST_GROUPS = 20
MOST_OFFICERS = 40


@transaction.atomic
def start_passport(
    name: str, kind: str, title: str, *, account: Account, on: date, actor: Actor
) -> Organisation:
    """A group joins with a name and a kind, and whoever writes it down speaks for it."""
    lock_head()
    if len(spoken_for(account, on)) >= MOST_GROUPS:
        raise Refused(
            _("You speak for %(most)s groups already. Leave one of them first.")
            % {"most": MOST_GROUPS},
            code="most_groups",
        )
    body = open_organisation(_free_address(name), name.strip(), kind, actor=actor)
    begin_office(body, account, title, since=on, actor=actor)
    return body


@transaction.atomic
def name_officer(body: Organisation, email: str, title: str, *, on: date, actor: Actor) -> Officer:
    """Somebody who speaks for a group names another, by the address they sign in with."""
    lock_head()
    refuse_stranger(body, actor, on)
    if len(officers_on(body, on)) >= MOST_OFFICERS:
        raise Refused(
            _("A passport names at most %(most)s offices. End one first.")
            % {"most": MOST_OFFICERS},
            code="most_officers",
        )
    known = Account.objects.filter(email__iexact=email.strip()).first()
    account = known or open_account(email, actor=actor)
    return begin_office(body, account, title, since=on, actor=actor)


@transaction.atomic
def end_officer(officer: Officer, *, on: date, actor: Actor) -> Officer:
    """Somebody does not speak for the group any more; the last one names another first."""
    lock_head()
    refuse_stranger(officer.organisation, actor, on)
    if len({one.account_id for one in officers_on(officer.organisation, on)}) == 1:
        raise Refused(
            _("Nobody else speaks for the group. Name somebody else first."), code="last_officer"
        )
    return end_office(officer, on=on, actor=actor)


def _free_address(name: str) -> str:
    """An address made of the name, with a number behind it where it is taken."""
    plain = slugify(name)[:70] or "group"
    taken = set(Organisation.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    return next(
        one
        for one in (plain, *(f"{plain}-{n}" for n in range(2, len(taken) + 3)))
        if one not in taken
    )
