"""What happens by itself: a change of bank details that nobody confirmed in time falls away."""

from datetime import timedelta

from django.utils import timezone

from doorstep.apps.chores import chore
from doorstep.apps.organisations.actions import lapse_changes


@chore(every=timedelta(hours=1))
def forget_changes_that_nobody_confirmed() -> None:
    lapse_changes(None, timezone.localdate())
