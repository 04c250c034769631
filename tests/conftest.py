"""What every test may use: a private database, static files with their names, strict pages."""

import os
from collections.abc import Iterator

import pytest
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation

from tests.pages import PageClient
from tests.scratch import ScratchDatabase, scratch_database


def pytest_configure() -> None:
    """Do tasks on the spot; tests of the worker choose otherwise."""
    from django.conf import settings

    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """Name the static files by content once, so that pages render as they are served."""
    from doorstep.site.server import prepare_static

    prepare_static()


@pytest.fixture(scope="session", autouse=True)
def own_caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep each test process's caches in a folder of its own: tests count in them and clear them,
    and several processes test at once."""
    from django.conf import settings
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("caches")
    in_files = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache"}
    apart = {
        name: kept | in_files | {"LOCATION": folder / name}
        for name, kept in settings.CACHES.items()
    }
    with override_settings(CACHES=apart):
        yield


@pytest.fixture(scope="session", autouse=True)
def own_record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let no test see what the site in this checkout published, or publish there."""
    from django.test import override_settings

    with override_settings(RECORD_FOLDER=tmp_path_factory.mktemp("published") / "record"):
        yield


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Start every test in English: a page asked for in Welsh leaves its language behind."""
    with translation.override("en-gb"):
        yield


@pytest.fixture
def page(client: Client) -> PageClient:
    """Ask for a page as a visitor, and fail if it is not a good one (see tests/pages.py)."""
    return PageClient(client)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Give each run its own PostgreSQL database, so that two runs on one server never meet."""
    from django.conf import settings

    chosen = settings.DATABASES["default"]
    if chosen["ENGINE"].endswith("postgresql"):
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        chosen.setdefault("TEST", {})["NAME"] = f"test_doorstep_{os.getpid()}_{worker}"


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker, django_db_modify_db_settings: None
) -> Iterator[None]:
    """Make the test database. pytest-django's own would not, for tests of `committed_db` alone."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker) -> Iterator[ScratchDatabase]:
    """A database where commits are real: a copy of the migrated one, thrown away afterwards.

    For seals, deferred keys, several connections and other processes. Threads and processes may
    use it too (`committed_db.url`); each thread closes its own connection.
    """
    with django_db_blocker.unblock(), scratch_database() as scratch:
        yield scratch


@pytest.fixture
def empty_db(django_db_setup: None, django_db_blocker) -> Iterator[ScratchDatabase]:
    """A database in which nothing stands yet, thrown away afterwards."""
    with django_db_blocker.unblock(), scratch_database(empty=True) as scratch:
        yield scratch


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A transactional test ends in a flush, which the record's seals rightly refuse."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and (marker.kwargs.get("transaction") or marker.args[:1] == (True,)):
            raise pytest.UsageError(f"{item.nodeid}: use the committed_db fixture instead.")
        if {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())):
            raise pytest.UsageError(f"{item.nodeid}: use the committed_db fixture instead.")
