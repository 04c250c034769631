from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "doorstep.apps.organisations"
    label = "organisations"
    verbose_name = "Organisations"
