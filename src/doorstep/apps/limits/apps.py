from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "doorstep.apps.limits"
    label = "limits"
    verbose_name = "Limits"

    def ready(self) -> None:
        from doorstep.apps.limits import actions  # noqa: F401 - a chore of its own
