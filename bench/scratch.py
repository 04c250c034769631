"""A site of its own for a measurement: on SQLite, in a folder that goes with it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def scratch_site() -> Iterator[None]:
    """Set Django up on a new, migrated database, whichever the environment names: what a
    measurement fills must never be somebody's own. Once in a process, as Django's settings are."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DOORSTEP_DATA"] = folder
        os.environ["DOORSTEP_DATABASE_URL"] = ""
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doorstep.site.settings")
        import django

        django.setup()
        from doorstep.site.management import migrate

        migrate()
        yield
