"""What is held about one person: a copy of all of it, and erasing what may be erased.

Both are found by walking the models, so that a new table is in them from its first day: every
row that points to the account, and every row that points to one of its contacts; and what is
theirs through another row, such as the answers of an application. What a field holds about a
person is said in `held.py`; a test walks all fields, and a new one fails it until it is named.

The record holds numbers and commitments, so it stays whole: what is erased are names, addresses,
words with their salts, sealed texts and ways to sign in. What must be kept, such as who approved a
payment, stays with the account's number, and the copy says so.
"""

from typing import Any

from doorstep.apps.people.models import Account
from doorstep.site.personal.copying import copy_for, counted, record_copy_for
from doorstep.site.personal.erasing import erase, erase_person
from doorstep.site.personal.held import ERASED, HELD, KEPT, Held
from doorstep.site.personal.people import Person, of_account, who_is

__all__ = [
    "ERASED",
    "HELD",
    "KEPT",
    "Held",
    "Person",
    "copy_for",
    "copy_of",
    "counted",
    "erase",
    "erase_person",
    "of_account",
    "record_copy_for",
    "who_is",
]


def copy_of(account: Account) -> dict[str, Any]:
    """Everything held about whoever has an account, as plain data for JSON."""
    return copy_for(of_account(account))
