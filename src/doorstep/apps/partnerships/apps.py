from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "doorstep.apps.partnerships"
    label = "partnerships"
    verbose_name = "Partnerships"
