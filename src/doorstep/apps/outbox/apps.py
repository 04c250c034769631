from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "doorstep.apps.outbox"
    label = "outbox"
    verbose_name = "Outbox"

    def ready(self) -> None:
        from doorstep.apps.outbox import (  # noqa: F401 - a chore of its own, and what is on desks
            desk,
            sending,
        )
