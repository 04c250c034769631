from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "doorstep.apps.rounds"
    label = "rounds"
    verbose_name = "Rounds"
