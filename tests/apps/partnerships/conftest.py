"""A partnership of any size, and somebody to host it."""

from collections.abc import Callable
from datetime import date

import pytest

from doorstep.apps.organisations.actions import open_organisation
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.actions import form_partnership, join
from doorstep.apps.partnerships.models import Membership, Partnership
from doorstep.apps.people.actions import open_account
from doorstep.apps.places.actions import open_place
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor

TEST = Actor("system", "test")
MAY = date(2026, 5, 1)


@pytest.fixture
def east(db) -> Place:
    return open_place(
        "millbrook-east",
        "Millbrook East",
        "Alderdale",
        population=7_240,
        population_year=2024,
        population_source="a test",
        boundary_year=2021,
        actor=TEST,
    )


@pytest.fixture
def partnership(east: Place) -> Partnership:
    return form_partnership(east, "Millbrook East Together", actor=TEST)


@pytest.fixture
def cvs(db) -> Organisation:
    return open_organisation("alderdale-cvs", "Alderdale CVS", "charity", actor=TEST)


@pytest.fixture
def seated(partnership: Partnership) -> Callable[..., list[Membership]]:
    """`seated(9, 3)`: nine who live here and three who do not, from May 2026."""

    def seat(residents: int, others: int, since: date = MAY) -> list[Membership]:
        made = partnership.memberships.count()
        return [
            join(
                partnership,
                open_account(f"member-{made + n}@millbrook.example", actor=TEST),
                lives_here=n < residents,
                since=since,
                actor=TEST,
            )
            for n in range(residents + others)
        ]

    return seat
