from django.apps import AppConfig


class IdeasConfig(AppConfig):
    name = "doorstep.apps.ideas"
    label = "ideas"
    verbose_name = "Ideas"
