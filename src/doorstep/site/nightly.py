"""What the site does every night, whoever is asleep."""

import logging
from datetime import timedelta

from django.conf import settings

from doorstep.apps.chores import chore
from doorstep.apps.record.keys import signer
from doorstep.apps.record.models import Log
from doorstep.apps.refused import Refused

log = logging.getLogger(__name__)


@chore(every=timedelta(days=1))
def write_the_bundle() -> None:
    """Write everything public as one folder, once the record has a key."""
    from doorstep.site.bundle import write_bundle

    if signer(Log.PUBLIC) is None:
        return
    try:
        write_bundle(settings.BUNDLE_FOLDER)
    except Refused as refusal:
        log.error("The verification bundle is not written: %s", refusal.reason)
