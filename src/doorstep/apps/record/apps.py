from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.module_loading import autodiscover_modules


class RecordConfig(AppConfig):
    name = "doorstep.apps.record"
    label = "record"
    verbose_name = "The record"

    def ready(self) -> None:
        from . import checks, chores, seals  # noqa: F401  (checks and chores register themselves)

        seals.register(
            Path(__file__).parent / "sql",
            {
                "record_leaf": ["id", "log, idx", "journal_seq"],
                "record_checkpoint": ["id", "log, size"],
                "record_witness": ["id", "vkey", "added_id"],
                "record_cosignature": ["id", "checkpoint_id, witness_id, signed_at"],
                "record_timestamp": ["id", "checkpoint_id, authority"],
            },
            moved_by_triggers=["record_loghead"],
            # Words may be erased: the trigger sees to it that nothing else is done with this.
            may_change={"record_wording": "text, salt, erased_at, erasure_id"},
        )
        pre_migrate.connect(take_seals_off, sender=self)
        post_migrate.connect(put_seals_back, dispatch_uid="doorstep seals")
        autodiscover_modules("sentences")


def take_seals_off(using: str, plan: list[Any], **_: Any) -> None:
    """SQLite rebuilds a table to alter it, and stops at a trigger that names the old one."""
    from . import seals

    if plan and connections[using].vendor == "sqlite":
        seals.remove(connections[using])


def put_seals_back(app_config: AppConfig, using: str, **_: Any) -> None:
    """Once, when the last room's tables stand; the signal comes for every room in turn."""
    from . import seals

    with_tables = [config for config in apps.get_app_configs() if config.models_module]
    if app_config is with_tables[-1]:
        seals.install(connections[using])
