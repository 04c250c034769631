from django.apps import AppConfig


class FundConfig(AppConfig):
    name = "doorstep.apps.fund"
    label = "fund"
    verbose_name = "The fund"
