import pytest

from doorstep.apps.organisations.actions import open_organisation
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.record.actors import Actor

TEST = Actor("system", "test")


@pytest.fixture
def lunch_club(db) -> Organisation:
    return open_organisation("lunch-club", "Thursday Lunch Club", "constituted", actor=TEST)
