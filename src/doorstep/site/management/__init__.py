"""What an operator does to the install itself."""

from io import StringIO

from django.conf import settings
from django.core.management import call_command

from doorstep.apps.record.roles import grant_application_role
from doorstep.site.traces import gather_no_statistics


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
