"""What happens by itself: what nobody confirmed is forgotten."""

from datetime import timedelta

from doorstep.apps.chores import chore
from doorstep.apps.ideas.actions import forget_unconfirmed


@chore(every=timedelta(hours=1))
def forget_what_was_never_confirmed() -> None:
    forget_unconfirmed()
