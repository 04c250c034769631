"""What an operator does to the install itself."""

from django.core.management import call_command


def migrate() -> None:
    """Bring the database to this release, and put every seal back in place."""
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    call_command("check", "--database", "default", "--fail-level", "ERROR", verbosity=0)
