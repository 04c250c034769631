"""What happens by itself: what nobody confirmed is forgotten, and whoever had an idea in a round
that was called off hears of it."""

from datetime import timedelta

from django.utils import timezone

from doorstep.apps.chores import chore
from doorstep.apps.ideas.actions import forget_unconfirmed, tell_fates
from doorstep.apps.ideas.promised import round_called_off
from doorstep.apps.rounds.models import Round, RoundState

# Told twice is told once, so a worker that stood still for a day misses nobody.
LOOKS_BACK = timedelta(days=3)


@chore(every=timedelta(hours=1))
def forget_what_was_never_confirmed() -> None:
    forget_unconfirmed()


@chore(every=timedelta(minutes=10))
def tell_of_rounds_called_off() -> None:
    """`rounds` comes before this room and cannot call it; a settled round's awards do."""
    since = timezone.now() - LOOKS_BACK
    off = Round.objects.filter(state=RoundState.CANCELLED, cancelled__recorded_at__gte=since)
    for round_ in off.filter(ideas__isnull=False).distinct():
        round_called_off(round_)
        tell_fates(round_)
