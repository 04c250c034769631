from django.apps import AppConfig


class OpenDataConfig(AppConfig):
    name = "doorstep.apps.opendata"
    label = "opendata"
    verbose_name = "Open data"
