"""Groups with passports, for the tests of this room."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from doorstep.apps.organisations.actions import begin_office, open_organisation
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.people.actions import open_account
from doorstep.apps.people.models import Account
from doorstep.apps.record.actors import Actor
from tests.apps.awards.test_what_became_of_the_money_is_told import picture
from tests.apps.organisations.conftest import TEST

BEGAN = date(2026, 1, 5)
TODAY = date(2026, 11, 28)
TITLES = ("chair", "treasurer", "secretary", "trustee", "contact")


def person(name: str) -> Account:
    return open_account(f"{name}@millbrook.example", actor=TEST)


def acting(account: Account) -> Actor:
    return Actor("person", account.pk)


def group(
    slug: str, *names: str, kind: str = "constituted", since: date = BEGAN
) -> tuple[Organisation, list[Account]]:
    """An organisation and whoever speaks for it, each by a name."""
    body = open_organisation(slug, slug.replace("-", " ").title(), kind, actor=TEST)
    people = [person(name) for name in names]
    for account, title in zip(people, TITLES, strict=False):
        begin_office(body, account, title, since=since, actor=TEST)
    return body, people


def paper(name: str = "policy") -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{name}.jpg", picture(name), "image/jpeg")
