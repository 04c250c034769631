"""What must always hold of the install itself."""

from collections.abc import Iterator

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import Fault, holds


def _applied() -> int:
    return len(MigrationExecutor(connection).loader.applied_migrations)


@holds("site.migrated", _("The database is of the same release as the program."), _applied)
def migrations_are_applied() -> Iterator[Fault]:
    executor = MigrationExecutor(connection)
    for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield f"Migration {migration}", "it is not applied. Run: doorstep migrate"
