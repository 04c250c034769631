"""What care for the data does every night, whoever is asleep."""

import logging
from datetime import timedelta

from django.conf import settings

from doorstep.apps.chores import chore
from doorstep.apps.refused import Refused

log = logging.getLogger(__name__)
# Seconds that a backup which has only begun is given before it is tried.
SETTLE = 120.0


@chore(every=timedelta(days=1))
def check_what_must_hold() -> None:
    """Ask whether everything holds that must, and publish the answer."""
    from doorstep.site.upkeep.checking import check_invariants, publish

    publish(list(check_invariants()))


@chore(every=timedelta(days=1))
def care_for_the_backup() -> None:
    """PostgreSQL: once a week. Of both: let go of what is too old."""
    from doorstep.site.upkeep import archive, backup, replica

    if not settings.BACKUP:
        return
    try:
        if backup.is_sqlite():
            replica.prune()
        elif archive.is_base_due():
            archive.make_base()
        else:
            archive.prune()
    except (Refused, OSError) as problem:
        log.error("The backup is not cared for: %s", problem)


@chore(every=timedelta(days=1))
def try_the_backup() -> None:
    """Bring the backup back in a scratch place, and publish how that went."""
    from doorstep.site.upkeep import backup, drill

    if not settings.BACKUP:
        return
    care_for_the_backup()  # PostgreSQL: there must be a base before the first trial
    try:
        backup.wait_until_whole(SETTLE)
        drilled = drill.drill()
    except Refused as refusal:
        log.error("The backup could not be restored: %s", refusal.reason)
        drill.publish_failure(refusal.reason, refusal.code)
    except Exception as problem:  # a full disk, say: a night without a word would look like rest
        log.exception("The backup could not be tried")
        drill.publish_failure(f"{type(problem).__name__}: {problem}", drill.name_of(problem))
    else:
        drill.publish(drilled)
