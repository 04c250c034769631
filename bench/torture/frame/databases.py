"""A migrated database for one run, which it may fill, kill and fork from."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.torture import Options


@contextmanager
def fresh(options: Options, *, on_disk: Path | None = None) -> Iterator[str]:
    """Set Django up on a new, migrated database, and give its URL. Once in a process: a run is one.

    Whatever the run keeps in DOORSTEP_DATA goes with its folder; the database goes at the end.
    `on_disk` is where its tables are kept, instead of the folder or the server's own place.
    """
    url = _make(options, on_disk)
    os.environ["DOORSTEP_DATA"] = str(options.folder / "data")
    os.environ["DOORSTEP_DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "doorstep.site.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    from doorstep.site.management import migrate

    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    migrate()
    try:
        yield url
    finally:
        connections.close_all()
        _drop(options, url)


def _make(options: Options, on_disk: Path | None) -> str:
    if options.database == "sqlite":
        kept = on_disk or options.folder / "data"
        kept.mkdir(exist_ok=True)
        return f"sqlite:///{kept / 'doorstep.sqlite3'}"
    name = f"torture_{os.getpid()}"
    if on_disk:
        _maintain(options.server, f"CREATE TABLESPACE {name} LOCATION '{on_disk}'")
    place = f" TABLESPACE {name}" if on_disk else ""
    _maintain(options.server, f'CREATE DATABASE "{name}"{place}')
    return urlunsplit(urlsplit(options.server)._replace(path=f"/{name}"))


def _drop(options: Options, url: str) -> None:
    if options.database == "postgresql":
        _maintain(
            options.server, f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)'
        )


def _maintain(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as line:
        line.execute(statement)
