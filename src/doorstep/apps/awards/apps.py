from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "doorstep.apps.awards"
    label = "awards"
    verbose_name = "Awards"
