"""A place, its people, and things they owe."""

from datetime import date

import pytest

from doorstep.apps.organisations.actions import open_organisation
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.places.models import Place
from doorstep.apps.promises.actions import Due, promise_aloud
from doorstep.apps.promises.models import Promise
from doorstep.apps.record.actors import Actor
from doorstep.engine.rulebook import working_days_after
from tests.millbrook import place_with_money

TEST = Actor("worker", 7)
ASKED = date(2026, 12, 18)


@pytest.fixture
def east(db) -> Place:
    return place_with_money()


@pytest.fixture
def council(db) -> Organisation:
    return open_organisation("alderdale", "Alderdale Council", "council", actor=TEST)


def promised(
    place: Place,
    text: str = "Mend the gate",
    *,
    role: str = "worker",
    organisation: Organisation | None = None,
    days: int = 10,
    on: date = ASKED,
    public: bool = True,
) -> Promise:
    return promise_aloud(
        text,
        due=Due.by(working_days_after(on, days)),
        place=place,
        role="" if organisation else role,
        organisation=organisation,
        public=public,
        on=on,
        actor=TEST,
    )
