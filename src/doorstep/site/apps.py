from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import autodiscover_modules

from doorstep.apps import backups
from doorstep.engine.rulebook import RulebookError, rulebook_of, use


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
        from doorstep.site.upkeep import chores, sentences  # noqa: F401 - register themselves

        autodiscover_modules("invariants")
        from doorstep.site.upkeep import invariants  # noqa: F401 - of the install, after the rooms'
        from doorstep.site.upkeep.backup import BACKUP

        backups.use(BACKUP)

        compile_languages()
        use_local_rules()


def use_local_rules() -> None:
    """What the places of this install set for themselves holds beside the rules of the release."""
    if settings.RULES_FOLDER is None:
        return
    try:
        use(rulebook_of(settings.RULES_FOLDER))
    except RulebookError as error:
        raise ImproperlyConfigured(f"DOORSTEP_RULES_FOLDER: {error}") from error
