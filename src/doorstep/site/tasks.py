"""What takes too long for a page: a worker does it, and the page says how it stands.

A task is begun again when its worker dies, so each finds what is done already.
"""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone, translation
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round, RoundState
from doorstep.site.operations import close_and_settle

LOOK_AGAIN = timedelta(minutes=1)


@task
def count(slug: str, role: str, number: int | str, language: str) -> str:
    """Count and settle a closed round. Returns why it was refused, in the language of whoever
    asked; empty when it is done. While somebody else counts it, it looks again in a minute: a
    claim that a dead worker left ends by itself."""
    round_ = Round.objects.get(slug=slug)
    if round_.state == RoundState.SETTLED:
        return ""
    with translation.override(language):
        try:
            close_and_settle(round_, actor=Actor(role, number))
        except Refused as refusal:
            if refusal.code == "being_counted" and count.get_backend().supports_defer:
                later = count.using(run_after=timezone.now() + LOOK_AGAIN)
                later.enqueue(slug, role, number, language)
                return ""
            return refusal.reason
    return ""


def ask_to_count(round_: Round, actor: Actor) -> None:
    """Put the count into the queue, unless it is there already. Raises Refused when it was done on
    the spot and refused."""
    if is_waiting(round_):
        return
    language = translation.get_language() or "en-gb"
    asked = count.enqueue(round_.slug, actor.kind, actor.id, language)
    if asked.status == TaskResultStatus.SUCCESSFUL and asked.return_value:
        raise Refused(asked.return_value, code="count_refused")


def is_waiting(round_: Round) -> bool:
    """Whether a count of this round is in the queue or in a worker's hands."""
    waiting = [TaskResultStatus.READY, TaskResultStatus.RUNNING]
    return _asked(round_).filter(status__in=waiting).exists()


def how_it_ended(round_: Round) -> tuple[str, bool]:
    """Of the last count of this round that came to nothing: why it was refused, and whether it
    broke off by a fault, which the error stream tells."""
    last = _asked(round_).order_by("-enqueued_at").first()
    if last is None:
        return "", False
    return str(last.return_value or ""), last.status == TaskResultStatus.FAILED


def _asked(round_: Round) -> QuerySet[DBTaskResult]:
    return DBTaskResult.objects.filter(
        task_path=count.module_path, args_kwargs__args__0=round_.slug
    )
