"""Who a copy or an erasure is about: an account, and the addresses that are written to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext as _

from doorstep.apps.addresses import number
from doorstep.apps.ideas.models import Follower, Idea
from doorstep.apps.organisations.strongbox import SealError
from doorstep.apps.outbox.actions import contacts_of
from doorstep.apps.outbox.models import Contact
from doorstep.apps.outbox.rules import address_or_refuse
from doorstep.apps.outbox.sending import address_of
from doorstep.apps.people.models import Account
from doorstep.apps.refused import Refused

# The number of an idea is shorter than that of a phone.
LEAST_OF_A_PHONE = 10


@dataclass(frozen=True)
class Person:
    """Somebody as Doorstep knows them: most have an account, or an address, or the number of an
    idea that was typed in for them, and few have all."""

    account: Account | None
    contacts: list[Contact]
    ideas: list[int] = field(default_factory=list)  # the keys of those they are the author of


def of_account(account: Account) -> Person:
    return _whole(account, list(contacts_of(account.email)), set())


def who_is(known_by: str) -> Person:
    """Whom an operator was asked about: by e-mail address, mobile number, or the number of their
    idea. Raises Refused where nothing is held under it."""
    given = known_by.strip()
    ideas: set[int] = set()
    contacts: list[Contact] = []
    if (told := number(given)) is not None and len(given) < LEAST_OF_A_PHONE:
        ideas = set(Idea.objects.filter(number=told).values_list("pk", flat=True))
        authors = Follower.objects.filter(idea__in=ideas, is_author=True)
        contacts = [one.contact for one in authors.select_related("contact")]
        given = _address_of_first(contacts)
    else:
        contacts = list(contacts_of(given))
        given = address_or_refuse(given).text
    account = Account.objects.filter(email=given).first() if given else None
    if account is None and not contacts and not ideas:
        raise Refused(
            _(
                "Nothing is held under this. Give the e-mail address or mobile number they used, "
                "or the number of their idea."
            ),
            code="nobody",
        )
    return _whole(account, contacts, ideas)


def _address_of_first(contacts: Iterable[Contact]) -> str:
    for contact in contacts:
        try:
            return address_of(contact).text
        except SealError:
            continue
    return ""


def _whole(account: Account | None, contacts: list[Contact], ideas: set[int]) -> Person:
    written = Follower.objects.filter(contact__in=contacts, is_author=True)
    return Person(account, contacts, sorted(ideas | set(written.values_list("idea", flat=True))))


def points_to(person: Person, model: type[models.Model]) -> models.Q | None:
    """Which rows of a table point to this person; None where none can."""
    about = None
    for each in model._meta.concrete_fields:
        if not isinstance(each, models.ForeignKey):
            continue
        one: models.Q | None = None
        if each.related_model is Account and person.account is not None:
            one = models.Q(**{each.name: person.account})
        elif each.related_model is Contact and person.contacts:
            one = models.Q(**{f"{each.name}__in": person.contacts})
        if one is not None:
            about = one if about is None else about | one
    return about
