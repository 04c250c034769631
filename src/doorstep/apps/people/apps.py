from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "doorstep.apps.people"
    label = "people"
    verbose_name = "People"

    def ready(self) -> None:
        from doorstep.apps.people import noting, signals  # noqa: F401  (receivers register)
