"""Seals are put back after every migrate; one that is lost, altered or off is named at start."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection, migrations, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from doorstep.apps.record import seals
from doorstep.apps.record.checks import durability_faults
from doorstep.apps.record.seals import missing_seals


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def told() -> str:
    return " ".join(error.msg for error in run_checks(databases=["default"]))


def test_all_stand_after_a_migrate(committed_db):
    assert missing_seals() == []
    assert durability_faults() == []
    assert "seal" not in told()


def test_each_lost_trigger_is_named(committed_db):
    lost = []
    with transaction.atomic():
        for seal in seals.triggers(connection.vendor):
            on = f" ON {seal.table}" if connection.vendor == "postgresql" else ""
            sql(f"DROP TRIGGER {seal.name}{on}")
            lost.append(f"{seal.name} on {seal.table}")
            assert missing_seals() == lost
    seals.install(connection)
    assert missing_seals() == []


def test_an_altered_seal_is_named(committed_db):
    if connection.vendor == "sqlite":
        sql("DROP TRIGGER record_leaf_no_delete")
        sql("CREATE TRIGGER record_leaf_no_delete BEFORE DELETE ON record_leaf BEGIN SELECT 1; END")
        assert missing_seals() == ["record_leaf_no_delete on record_leaf"]
    else:
        sql(
            "CREATE OR REPLACE FUNCTION doorstep_append_only() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN OLD; END $$"
        )
        sql("ALTER TABLE record_leaf DISABLE TRIGGER record_leaf_no_delete")
        assert missing_seals() == ["doorstep_append_only", "record_leaf_no_delete on record_leaf"]
    assert "record_leaf_no_delete" in told()
    call_command("migrate", verbosity=0)
    assert missing_seals() == []


def test_a_migration_that_rebuilds_a_sealed_table_leaves_it_sealed(committed_db):
    rebuild = migrations.Migration("9999_rebuilt", "record")
    rebuild.operations = [
        migrations.AddField("leaf", "note", models.CharField(max_length=5, default=""))
    ]
    state: ProjectState = MigrationExecutor(connection).loader.project_state()
    plan = [(rebuild, False)]
    said = {"verbosity": 0, "interactive": False, "db": "default", "plan": plan}
    emit_pre_migrate_signal(**said, apps=state.apps)
    with connection.schema_editor() as editor:
        rebuild.apply(state, editor)
    if connection.vendor == "sqlite":
        assert missing_seals() != []
    emit_post_migrate_signal(**said, apps=state.apps)
    assert missing_seals() == []


@pytest.mark.parametrize(
    ("vendor", "setting", "said"),
    [
        ("sqlite", "PRAGMA synchronous = NORMAL", "synchronous is 1"),
        ("sqlite", "PRAGMA foreign_keys = OFF", "foreign_keys is 0"),
        ("sqlite", "PRAGMA recursive_triggers = OFF", "recursive_triggers is 0"),
        ("postgresql", "SET synchronous_commit = off", "synchronous_commit is off"),
    ],
)
def test_a_setting_that_loses_commits_is_named(committed_db, vendor, setting, said):
    if vendor != connection.vendor:
        setting, said = {
            "sqlite": ("PRAGMA synchronous = OFF", "synchronous is 0"),
            "postgresql": ("SET synchronous_commit = off", "synchronous_commit is off"),
        }[connection.vendor]
    sql(setting)
    assert said in " ".join(durability_faults())
    assert said in told()
