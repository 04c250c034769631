"""What must always hold of messages, and of the work that is done by the clock."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import Fault, holds

from .models import ChoreRun, Medium, Message

# Two turns of the slowest chore fit into it, and so does a mail server that restarts.
PATIENCE = timedelta(hours=1)


def _waiting() -> QuerySet[Message]:
    """What a machine sends; a letter waits for somebody to print it."""
    queued = Message.objects.filter(state=Message.State.QUEUED)
    return queued.exclude(contact__medium=Medium.LETTER)


@holds(
    "outbox.sent_in_time",
    _("No message waits for more than an hour after it was due."),
    lambda: _waiting().count(),
    deadline=True,
)
def messages_leave_in_time() -> Iterator[Fault]:
    late = _waiting().filter(next_try__lt=timezone.now() - PATIENCE)
    for row in late.values("topic").annotate(count=Count("pk")).order_by("topic"):
        yield f"Messages about {row['topic']}", f"{row['count']} are late. See /messages/"


@holds(
    "outbox.chores_done",
    _("Regular work is done when it is due: opening votes, sending, erasing what is too old."),
    ChoreRun.objects.count,
    deadline=True,
)
def chores_are_done() -> Iterator[Fault]:
    for run in ChoreRun.objects.order_by("name"):
        if not run.worker and run.due_at < timezone.now() - PATIENCE:
            yield f"Chore {run.name}", "it is late: does a worker run?"
        elif run.faults:
            yield f"Chore {run.name}", f"it failed {run.faults} times in a row; see the error log."
