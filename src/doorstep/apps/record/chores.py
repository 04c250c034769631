"""What the record does by the clock: it publishes what is new."""

import logging
from datetime import timedelta

from doorstep.apps.chores import chore
from doorstep.apps.refused import Refused

from .publishing import publish
from .timestamps import stamp_latest

log = logging.getLogger(__name__)


@chore(every=timedelta(minutes=10))
def publish_the_record() -> None:
    """Sign and publish what both logs hold, once they have keys. In recovery mode it says why not,
    every time, until somebody has seen to it."""
    try:
        publish()
    except Refused as refusal:
        log.error("The record is not published: %s", refusal.reason)


@chore(every=timedelta(days=1))
def have_the_record_stamped() -> None:
    """Let the configured authority say when the last checkpoint existed."""
    try:
        stamp_latest()
    except Refused as refusal:
        log.error("The record is not stamped: %s", refusal.reason)
