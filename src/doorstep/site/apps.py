from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "doorstep.site"
    label = "doorstep_site"
    verbose_name = "Doorstep"
