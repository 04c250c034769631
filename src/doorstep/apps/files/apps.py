from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "doorstep.apps.files"
    label = "files"
    verbose_name = "Files"
