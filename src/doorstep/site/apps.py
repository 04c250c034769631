from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "doorstep.site"
    label = "doorstep_site"
    verbose_name = "Doorstep"

    def ready(self) -> None:
        """Listen to sign-in; compile the Welsh words where they are stale, else for one `stat`."""
        from doorstep.site import signin  # noqa: F401 - connects its receiver
        from doorstep.site.server import compile_languages

        compile_languages()
