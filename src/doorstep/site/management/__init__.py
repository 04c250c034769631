"""What an operator does to the install itself."""

from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from doorstep.apps.record.roles import grant_application_role
from doorstep.apps.refused import Refused
from doorstep.site.traces import gather_no_statistics


def refuse_older_database() -> None:
    """Stop what would meet a database that `migrate` did not bring to this release: each page
    would break, and each line of a check be wrong.

    Where the database does not answer nothing is refused: it may come later.
    """
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError:
        return
    if missing:
        raise Refused("The database is not of this release. Run: doorstep migrate")


def migrate() -> None:
    """Bring the database to this release, and put every seal back in place.

    With DOORSTEP_OWNER_DATABASE_URL the owner does it, and then grants the role that serves what
    it needs: to add to the sealed tables, and no more.
    """
    alias = "owner" if "owner" in settings.DATABASES else "default"
    options = {"database": alias, "verbosity": 0, "interactive": False, "skip_checks": True}
    call_command("migrate", **options)
    gather_no_statistics(alias)
    if alias == "owner":
        grant_application_role(settings.DATABASES["default"]["USER"], alias)
    # Says what is wrong by raising; that nothing is wrong needs no line.
    call_command("check", databases=["default"], fail_level="ERROR", stdout=StringIO())
