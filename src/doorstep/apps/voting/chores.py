"""What voting does by the clock: polls open and end, and envelopes are logged in batches."""

import logging
from datetime import timedelta

from doorstep.apps.chores import chore
from doorstep.apps.refused import Refused
from doorstep.apps.voting.actions.polls import keep_time, log_envelopes
from doorstep.apps.voting.models import Poll, PollState

log = logging.getLogger(__name__)


@chore(every=timedelta(minutes=1))
def keep_polls_to_their_times() -> None:
    """Open and end polls, and log what was cast, unless too few cast it to hide among."""
    due = Poll.objects.filter(state__in=[PollState.PREPARED, PollState.OPEN])
    for poll in due.select_related("round__terms"):
        try:
            now = keep_time(poll)
        except Refused as refusal:
            log.warning("The poll of round %s waits: %s", poll.round.slug, refusal.reason)
            continue
        if now.state == PollState.OPEN:
            log_envelopes(now)
