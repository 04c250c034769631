"""What happens by itself: duties of an agreement with the council come round again."""

from datetime import timedelta

from django.utils import timezone

from doorstep.apps.chores import chore
from doorstep.apps.partnerships.actions.council import renew_duties
from doorstep.apps.record.actors import Actor


@chore(every=timedelta(hours=1))
def owe_duties_again() -> None:
    renew_duties(timezone.localdate(), actor=Actor("system", "council"))
