from pathlib import Path

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "doorstep.apps.files"
    label = "files"
    verbose_name = "Files"

    def ready(self) -> None:
        from doorstep.apps.files import chores  # noqa: F401 - they register themselves
        from doorstep.apps.record import seals

        seals.register(
            Path(__file__).parent / "sql",
            {"files_storedfile": ["id", "token", "fingerprint", "kept_id"]},
            may_change={"files_content": "salt, data, erasure_id"},
        )
