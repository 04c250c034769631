from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "doorstep.apps.outbox"
    label = "outbox"
    verbose_name = "Outbox"
