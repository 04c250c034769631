"""Django's `migrate`, which makes an empty database at once instead of walking its whole history.

Every migration re-reads every model that it touches, which for a hundred of them takes half a
minute; the tables that they end in take two seconds. A test holds that both ways end in the same.
"""

from typing import Any

from django.apps import apps
from django.core.management.commands import migrate as django
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import RunPython
from django.db.migrations.executor import MigrationExecutor

# What would not do the usual thing, which is to bring everything to this release.
OTHERWISE = ("app_label", "migration_name", "fake", "fake_initial", "plan", "check_unapplied")


class Command(django.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        database = connections[options["database"]]
        if not any(options.get(one) for one in OTHERWISE):
            database.prepare_database()
            if not database.introspection.table_names():
                make_at_once(database)
        super().handle(*args, **options)


def make_at_once(database: BaseDatabaseWrapper) -> None:
    """Every table as it is now, what our own migrations fill in, and a note of each as applied.
    All of it or nothing: DDL is part of the transaction on both databases."""
    executor = MigrationExecutor(database)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    with database.schema_editor() as editor:
        editor.create_model(executor.recorder.Migration)
        for room in apps.get_app_configs():
            for model in router.get_migratable_models(room, database.alias):
                if model._meta.can_migrate(database):
                    editor.create_model(model)
        for migration, _backwards in plan:
            for operation in migration.operations:
                # Others' only convert what an older release wrote, and here nothing is written.
                if isinstance(operation, RunPython) and _is_ours(migration.app_label):
                    operation.code(apps, editor)  # type: ignore[arg-type]
            executor.record_migration(migration)  # type: ignore[call-arg,arg-type]


def _is_ours(label: str) -> bool:
    return apps.get_app_config(label).name.startswith("doorstep.")
