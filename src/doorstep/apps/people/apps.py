from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "doorstep.apps.people"
    label = "people"
    verbose_name = "People"
