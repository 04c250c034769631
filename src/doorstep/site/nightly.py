"""What the site does every night, whoever is asleep."""

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import OperationalError, connections
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.chores import chore
from doorstep.apps.record.keys import signer
from doorstep.apps.record.models import Log
from doorstep.apps.refused import Refused
from doorstep.apps.voting.actions.rewriting import BusyError, rewrite
from doorstep.site.traces import erasable
from doorstep.site.upkeep.drill import tell_operator

log = logging.getLogger(__name__)


@chore(every=timedelta(days=1), waits=True)
def write_the_bundle() -> None:
    """Write everything public as one folder, once the record has a key."""
    from doorstep.site.bundle import write_bundle

    if signer(Log.PUBLIC) is None:
        return
    try:
        write_bundle(settings.BUNDLE_FOLDER)
    except Refused as refusal:
        log.error("The verification bundle is not written: %s", refusal.reason)
        subject = _("The verification bundle is not written; the one of before stays.")
        tell_operator(subject, refusal.reason, about="bundle")


@chore(every=timedelta(hours=1))
def forget_sessions_that_ended() -> None:
    """A session that nobody comes back to holds what was typed in it, such as an address."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


@chore(every=timedelta(days=1))
def leave_no_old_version_of_what_was_erased() -> None:
    """PostgreSQL keeps what a row said before until its page is written anew; SQLite overwrites it.
    Outside any transaction; small tables, each locked for a moment."""
    database = connections["owner" if "owner" in connections.databases else "default"]
    if database.vendor == "sqlite":
        return
    try:
        with database.cursor() as cursor:
            rewrite(cursor, erasable())
    except (OperationalError, BusyError) as problem:
        log.warning("What was erased is not overwritten yet, and will be: %s", problem)
