"""On PostgreSQL the application may change no more columns than it needs, and every act with money
or ballots still works so."""

import os

import pytest
from django.conf import settings
from django.db import connection

from doorstep.apps.record.roles import grant_application_role
from doorstep.site.verify import verify_everything
from tests.site.acts import every_act

pytestmark = pytest.mark.skipif(
    "postgresql" not in settings.DATABASES["default"]["ENGINE"],
    reason="SQLite has no roles: whoever may write the file may write all of it",
)


@pytest.fixture
def as_application(committed_db):
    role = f"doorstep_acts_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role} NOLOGIN")
        try:
            grant_application_role(role)
            cursor.execute(f"SET ROLE {role}")
            yield
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute(f"DROP OWNED BY {role}")
            cursor.execute(f"DROP ROLE {role}")


def test_every_act_works_with_the_rights_of_the_application(as_application):
    acts, result = every_act(), None
    while True:
        try:
            _name, act = acts.send(result)
        except StopIteration:
            break
        result = act()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0].startswith("doorstep_acts_"), "it never became the owner again"
    assert [line.text for line in verify_everything() if not line.sound] == []
