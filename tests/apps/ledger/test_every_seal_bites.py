"""Take each trigger, CHECK and unique key away in turn: some forgery must then get through.

A protection whose loss no forgery notices is either untested or does nothing. Looking into the
catalogue does not count: only what the database does.
"""

import pytest
from django.conf import settings

from tests.apps.ledger.forger import furnish
from tests.apps.ledger.mutants import newly_admitted, protections
from tests.scratch import scratch_database

VENDOR = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2].removesuffix("3")


@pytest.fixture(scope="module")
def furnished(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), scratch_database() as scratch:
        furnish()
        yield scratch.name


@pytest.mark.parametrize("name", sorted(protections(VENDOR)))
def test_a_forgery_gets_through_without(name, furnished):
    assert newly_admitted(name, furnished), f"nothing noticed that {name} was gone"
