from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "doorstep.site"
    label = "doorstep_site"
    verbose_name = "Doorstep"

    def ready(self) -> None:
        from doorstep.site import desk  # noqa: F401  (registers what it puts on desks)
