"""Which lines of the record name a person: by the number of their account or idea, as who acted or
whom it is about, by a row of theirs, or by a commitment to their words."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from doorstep.apps.awards.models import Application, Receipt
from doorstep.apps.organisations.models import BankMandate, Officer
from doorstep.apps.partnerships.models import Household, Membership
from doorstep.apps.people.models import Role
from doorstep.apps.record.models import Leaf, Wording
from doorstep.apps.record.queries import commitments_in, leaves_holding
from doorstep.site.personal.people import Person, points_to

# Those who act under the number of their account. A payee acts under the number of a payment, and
# an author under that of an idea: the same number is somebody else's account.
BY_ACCOUNT = frozenset({*Role.Kind.values, "person", "printer"})
BY_IDEA = "author"
# In a leaf these name a row, and the row a person.
ROWS: dict[str, type[models.Model]] = {
    "application": Application,
    "before": Membership,
    "household": Household,
    "mandate": BankMandate,
    "membership": Membership,
    "office": Officer,
    "receipt": Receipt,
    "role": Role,
}

Found = Iterable[models.Model]


def leaves_about(person: Person, rows: Found) -> list[Leaf]:
    """Every line of both logs that names somebody, in order. `rows` are those about them."""
    rows = list(rows)
    named = _Named(person, rows)
    found = {leaf.pk: leaf for leaf in leaves_holding(named.marks()) if named.in_leaf(leaf)}
    known = {
        getattr(row, field.attname)
        for row in rows
        for field in row._meta.concrete_fields
        if field.related_model is Leaf
    }
    found |= {leaf.pk: leaf for leaf in Leaf.objects.filter(pk__in=known - {None})}
    return sorted(found.values(), key=lambda leaf: (leaf.log, leaf.idx))


class _Named:
    """By what a leaf may name one person."""

    def __init__(self, person: Person, rows: list[models.Model]) -> None:
        self.account = person.account.pk if person.account else None
        self.ideas = frozenset(person.ideas)
        self.rows: dict[str, set[int]] = {}
        for key, model in ROWS.items():
            about = points_to(person, model)
            if about is not None:
                self.rows[key] = set(model._base_manager.filter(about).values_list("pk", flat=True))
        words = {
            getattr(row, field.attname)
            for row in rows
            for field in row._meta.concrete_fields
            if field.related_model is Wording
        }
        said = Wording.objects.filter(pk__in=words - {None})
        self.words = set(said.values_list("commitment", flat=True))

    def marks(self) -> Iterator[bytes]:
        """What stands in the bytes of every leaf that names them, and in some others."""
        if self.account is not None:
            yield f'"account":{self.account}'.encode()
            yield f'"id":{self.account},"role":'.encode()
            yield b'"counters":['
        for idea in self.ideas:
            yield f'"id":{idea},"role":"{BY_IDEA}"'.encode()
        for key, numbers in self.rows.items():
            yield from (f'"{key}":{number}'.encode() for number in numbers)
        yield from (commitment.encode() for commitment in self.words)

    def in_leaf(self, leaf: Leaf) -> bool:
        body = json.loads(bytes(leaf.body))
        said = body.get("body", body)
        return (
            self._acts(said.get("actor"))
            or (self.account is not None and self._is_told(said))
            or any(said.get(key) in numbers for key, numbers in self.rows.items())
            or not self.words.isdisjoint(commitments_in(said))
        )

    def _acts(self, actor: Any) -> bool:
        if not isinstance(actor, dict):
            return False
        if actor.get("role") == BY_IDEA:
            return actor.get("id") in self.ideas
        by_account = self.account is not None and actor.get("role") in BY_ACCOUNT
        return by_account and actor.get("id") == self.account

    def _is_told(self, said: dict[str, Any]) -> bool:
        counters = said.get("counters")
        return said.get("account") == self.account or (
            isinstance(counters, list) and self.account in counters
        )
