"""What voting does by the clock: polls open and end, envelopes are logged in batches, and what
nobody needs any more is sealed."""

import logging
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from doorstep.apps.chores import chore
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import RoundState
from doorstep.apps.voting.actions.box import seal_round
from doorstep.apps.voting.actions.polls import CLOCK, keep_time, log_envelopes
from doorstep.apps.voting.actions.rewriting import rewrite_what_is_owed
from doorstep.apps.voting.models import Poll, PollState
from doorstep.engine.rulebook import rule

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


@chore(every=timedelta(hours=1))
def seal_what_was_left_open() -> None:
    """Seal polls that were called off, or opened, and then forgotten."""
    now = timezone.now()
    days = int(rule("voting.seal_after", timezone.localdate(now)).value)
    since = now - timedelta(days=days)
    called_off = Q(round__state=RoundState.CANCELLED, round__cancelled__recorded_at__lte=since)
    opened = Q(state=PollState.OPENED, round__closed__recorded_at__lte=since)
    due = Poll.objects.exclude(state=PollState.SEALED).filter(called_off | opened)
    for poll in due.select_related("round"):
        seal_round(poll.round, actor=CLOCK)


@chore(every=timedelta(minutes=10))
def rewrite_after_destroying() -> None:
    """Whoever sealed may have been killed, or found the database busy, before it was rewritten."""
    rewrite_what_is_owed()
