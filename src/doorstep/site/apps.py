from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "doorstep.site"
    label = "doorstep_site"
    verbose_name = "Doorstep"

    def ready(self) -> None:
        """Compile the Welsh words where they are stale: a second start costs one `stat`."""
        from doorstep.site.server import compile_languages

        compile_languages()
