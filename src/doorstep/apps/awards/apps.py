from pathlib import Path

from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "doorstep.apps.awards"
    label = "awards"
    verbose_name = "Awards"

    def ready(self) -> None:
        from doorstep.apps.record import seals

        seals.register(Path(__file__).parent / "sql", {}, may_change={"awards_award": "state"})
