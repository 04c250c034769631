from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "doorstep.site"
    label = "doorstep_site"
    verbose_name = "Doorstep"

    def ready(self) -> None:
        """Connect what listens; compile the Welsh words where they are stale, else one `stat`."""
        from doorstep.site import (
            desk,  # noqa: F401 - registers what it puts on desks
            drafts,  # noqa: F401 - hears that a draft changed
            nightly,  # noqa: F401 - its own chores
            signin,  # noqa: F401 - hears that an authenticator app was set up
            worker,  # noqa: F401 - its own chores
        )
        from doorstep.site.pages import working  # noqa: F401 - registers the working pages of rounds
        from doorstep.site.server import compile_languages

        compile_languages()
