from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "doorstep.apps.record"
    label = "record"
    verbose_name = "The record"
