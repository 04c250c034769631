"""What happens by itself: files that nothing points at are erased."""

from datetime import timedelta

from doorstep.apps.chores import chore
from doorstep.apps.files.actions import erase_left_behind


@chore(every=timedelta(hours=1))
def erase_what_nothing_points_at() -> None:
    erase_left_behind()
