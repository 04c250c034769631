"""Reads about organisations that pages and commands share."""

from datetime import date

from doorstep.apps.organisations.models import BankMandate, Officer, Organisation
from doorstep.apps.people.models import Account
from doorstep.apps.people.spells import holding


def all_organisations() -> list[Organisation]:
    """Every organisation by name, each with its register numbers; two statements."""
    return list(Organisation.objects.prefetch_related("identifiers").order_by("name", "slug"))


def mandate_on(payee: Organisation | Account, on: date) -> BankMandate | None:
    """Where a payee's money was paid on a day; None when it had named no account."""
    whose = {"organisation" if isinstance(payee, Organisation) else "account": payee}
    return BankMandate.objects.filter(holding(on), **whose).first()


def officers_on(organisation: Organisation, on: date) -> list[Officer]:
    """Who spoke for it on a day, each with the account; one statement."""
    held = Officer.objects.filter(holding(on), organisation=organisation)
    return list(held.select_related("account"))
