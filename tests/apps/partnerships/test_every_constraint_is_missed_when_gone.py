"""Each constraint of places, people, organisations and partnerships, broken by one row.

The row is refused; then the constraint is dropped and the same row must get in. So every
constraint is there for something, and this file would notice if one went missing. A constraint
without a row here fails the first test.
"""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import count

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from doorstep.apps.organisations.models import BankMandate, Identifier, Officer, Organisation
from doorstep.apps.partnerships.models import HostAgreement, Interest, Membership, Partnership
from doorstep.apps.people.models import Account, Role
from doorstep.apps.places.models import NeedFigure, Place, Street
from doorstep.apps.record import seals

ROOMS = ("places", "people", "organisations", "partnerships")
MAY, JUNE, APRIL = date(2026, 5, 1), date(2026, 6, 1), date(2026, 4, 1)
BACKWARDS = {"since": MAY, "until": APRIL}
_numbers = count()

# Everything but what the constraint is about: called each time, so that rows are strangers.
WHOLE: dict[type[models.Model], Callable[[], dict]] = {
    Place: lambda: {
        "slug": f"place-{next(_numbers)}",
        "name": "A place",
        "council": "A council",
        "population": 6_000,
        "population_year": 2024,
        "population_source": "a test",
        "boundary_year": 2021,
    },
    Street: lambda: {
        "name": "Mill Lane",
        "postcode": "ZA1 1AJ",
        "name_key": f"mill lane {next(_numbers)}",
        "postcode_key": "ZA11AJ",
    },
    NeedFigure: lambda: {
        "place": a(Place),
        "measure": "deprivation",
        "value": 1,
        "year": 2024,
        "boundary_year": 2021,
        "source": "a test",
        "licence": "CC0",
    },
    Account: lambda: {"email": f"account-{next(_numbers)}@millbrook.example"},
    Role: lambda: {"account": a(Account), "kind": "funder", "place": a(Place), "since": MAY},
    Organisation: lambda: {"slug": f"body-{next(_numbers)}", "name": "A body", "kind": "cio"},
    Identifier: lambda: {
        "organisation": a(Organisation),
        "scheme": "GB-CHC",
        "value": str(1_000_000 + next(_numbers)),
    },
    Officer: lambda: {
        "organisation": a(Organisation),
        "account": a(Account),
        "title": "chair",
        "since": MAY,
    },
    BankMandate: lambda: {
        "organisation": a(Organisation),
        "account_name": "A body",
        "sealed_number": "x" * 100,
        "last_three": "123",
        "since": MAY,
    },
    Partnership: lambda: {"place": a(Place), "name": "Together"},
    Membership: lambda: {
        "partnership": a(Partnership),
        "account": a(Account),
        "seat": "member",
        "lives_here": True,
        "since": MAY,
    },
    Interest: lambda: {
        "membership": a(Membership),
        "organisation": a(Organisation),
        "kind": "direct",
        "since": MAY,
    },
    HostAgreement: lambda: {
        "partnership": a(Partnership),
        "organisation": a(Organisation),
        "since": MAY,
    },
}


def a(model: type[models.Model], **changed: object) -> models.Model:
    return model._default_manager.create(**{**WHOLE[model](), **changed})


def twice(model: type[models.Model], *same: str, **changed: object) -> Callable[[], None]:
    """Two rows that agree in `same`."""

    def make() -> None:
        first = a(model, **changed)
        a(model, **{**changed, **{name: getattr(first, name) for name in same}})

    return make


def one(model: type[models.Model], **changed: object) -> Callable[[], None]:
    def make() -> None:
        a(model, **changed)

    return make


def another_case() -> None:
    first = a(Account)
    a(Account, email=first.email.upper())


def paid_back_twice() -> None:
    person = a(Account)
    for _time in range(2):
        a(BankMandate, organisation=None, account=person)


BROKEN: dict[str, Callable[[], None]] = {
    "place_has_slug_and_name": one(Place, name=""),
    "place_population_positive": one(Place, population=0),
    "place_population_says_source": one(Place, population_source=""),
    "place_years_plausible": one(Place, boundary_year=21),
    "street_said_once_for_a_postcode": twice(Street, "name_key", "postcode_key"),
    "street_can_be_found": one(Street, name_key=""),
    "need_said_once": twice(NeedFigure, "place"),
    "need_says_source_and_licence": one(NeedFigure, source=""),
    "need_measure_known": one(NeedFigure, measure="happiness"),
    "need_years_plausible": one(NeedFigure, year=24),
    "account_email_once_in_any_case": another_case,
    "role_ends_after_it_begins": one(Role, **BACKWARDS),
    "role_kind_known": one(Role, kind="mayor"),
    "role_of_a_neighbour_has_a_place": one(Role, kind="resident", place=None),
    "role_open_once_at_a_place": twice(Role, "account", "place"),
    "role_open_once_everywhere": twice(Role, "account", place=None),
    "organisation_has_slug_and_name": one(Organisation, name=""),
    "organisation_kind_known": one(Organisation, kind="guild"),
    "identifier_used_once": twice(Identifier, "value"),
    "identifier_scheme_known": one(Identifier, scheme="GB-XYZ"),
    "identifier_not_empty": one(Identifier, value=""),
    "officer_ends_after_it_begins": one(Officer, **BACKWARDS),
    "officer_title_known": one(Officer, title="pirate"),
    "officer_open_once": twice(Officer, "organisation", "account"),
    "bankmandate_ends_after_it_begins": one(BankMandate, **BACKWARDS),
    "bankmandate_shows_three_digits": one(BankMandate, last_three="12"),
    "bankmandate_is_sealed": one(BankMandate, sealed_number="40478470872490"),
    "bankmandate_open_once": twice(BankMandate, "organisation"),
    "bankmandate_open_once_a_person": paid_back_twice,
    "bankmandate_of_one_payee": lambda: one(BankMandate, account=a(Account))(),
    "partnership_has_a_name": one(Partnership, name=""),
    "membership_ends_after_it_begins": one(Membership, **BACKWARDS),
    "membership_seat_known": one(Membership, seat="king"),
    "membership_open_once": twice(Membership, "partnership", "account"),
    "interest_ends_after_it_begins": one(Interest, **BACKWARDS),
    "interest_kind_known": one(Interest, kind="envy"),
    "interest_open_once": twice(Interest, "membership", "organisation"),
    "hostagreement_ends_after_it_begins": one(HostAgreement, **BACKWARDS),
    "hostagreement_open_once": twice(HostAgreement, "partnership", "organisation"),
}


def constraints() -> Iterator[tuple[type[models.Model], models.BaseConstraint]]:
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            for constraint in model._meta.constraints:
                yield model, constraint


def test_every_constraint_has_a_row_that_breaks_it() -> None:
    assert {constraint.name for _model, constraint in constraints()} == set(BROKEN)


def test_a_whole_row_of_every_table_is_welcome(committed_db) -> None:
    for model in WHOLE:
        a(model)


def test_each_row_is_refused_until_its_constraint_is_gone(committed_db, monkeypatch) -> None:
    if committed_db.vendor == "sqlite":
        # It rebuilds a table to drop a constraint, and stops at a trigger that names it.
        seals.remove(connection)
    for model, constraint in constraints():
        with pytest.raises(DatabaseError), transaction.atomic():
            BROKEN[constraint.name]()
        with monkeypatch.context() as without, connection.schema_editor() as editor:
            # SQLite makes the table anew from what the model says now.
            others = [other for other in model._meta.constraints if other is not constraint]
            without.setattr(model._meta, "constraints", others)
            editor.remove_constraint(model, constraint)
        with transaction.atomic():
            BROKEN[constraint.name]()
            transaction.set_rollback(True)
