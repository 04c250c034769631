"""Reads about the outbox, for the page that shows its backlog. None gives an address in full."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from doorstep.apps.organisations.strongbox import SealError
from doorstep.apps.outbox import rules
from doorstep.apps.outbox.models import ChoreRun, Medium, Message, WorkerBeat
from doorstep.apps.outbox.sending import address_of
from doorstep.apps.people.models import Role
from doorstep.apps.people.queries import held_at
from doorstep.apps.places.models import Place

OFFICERS = ("worker", "partnership_member", "finance_officer", "council_officer", "funder")
SHOWN = 50
# Chores and messages wait a few seconds at most; a worker that is silent for longer is gone.
SILENCE = timedelta(minutes=2)


@dataclass(frozen=True)
class Waiting:
    """What waits in one medium: how many, since when, and how many have been tried already."""

    medium: Medium
    count: int
    oldest: datetime
    tried: int


@dataclass(frozen=True)
class Failure:
    """A message that was given up, with as much of its address as one may see."""

    message: Message
    address: str
    why: str
    can_be_tried: bool


def seen_by(roles: Iterable[Role]) -> Q:
    """The messages that a holder of these roles may look into: those of the places where they
    hold one today. Most belong to no place (a code, an answer); they are for whoever holds a role
    everywhere."""
    today = timezone.localdate()
    return held_at([role for role in roles if role.kind in OFFICERS and role.holds(today)])


def waiting() -> list[Waiting]:
    """Backlog by medium, what is due only; digests that wait for their hour are not late."""
    now = timezone.now()
    queued = Message.objects.filter(state=Message.State.QUEUED)
    rows = queued.filter(Q(next_try__lte=now) | Q(tries__gt=0))
    counted = rows.values("contact__medium").annotate(
        count=Count("pk"), oldest=Min("made_at"), tried=Count("pk", filter=Q(tries__gt=0))
    )
    return [
        Waiting(Medium(row["contact__medium"]), row["count"], row["oldest"], row["tried"])
        for row in counted.order_by("contact__medium")
    ]


def counts(moment: datetime) -> dict[str, int]:
    """How many messages wait for the next digest, were sent since a moment, and were given up."""
    asked = {
        "digest": Q(
            state=Message.State.QUEUED, at_once=False, tries=0, next_try__gt=timezone.now()
        ),
        "sent": Q(state=Message.State.SENT, ended_at__gte=moment),
        "failed": Q(state=Message.State.FAILED),
    }
    # Only these rows are looked at: most were sent long ago.
    found = Message.objects.filter(reduce(or_, asked.values()))
    return found.aggregate(**{name: Count("pk", filter=one) for name, one in asked.items()})


def failures(roles: Iterable[Role]) -> list[Failure]:
    """The newest messages that were given up, of those that these roles let one look into."""
    failed = Message.objects.filter(seen_by(roles), state=Message.State.FAILED).select_related(
        "contact"
    )
    return [
        Failure(one, _masked(one), rules.why(one.reason), bool(one.sealed))
        for one in failed.order_by("-ended_at")[:SHOWN]
    ]


def worker_seen_at() -> datetime | None:
    """When a worker last said that it lives."""
    beat = WorkerBeat.objects.order_by("-seen_at").first()
    return beat.seen_at if beat else None


def chores_that_fail() -> QuerySet[ChoreRun]:
    return ChoreRun.objects.filter(faults__gt=0).order_by("name")


def letters(place: Place) -> QuerySet[Message]:
    """Letters of a place that wait to be printed or posted."""
    return Message.objects.filter(
        place=place, state=Message.State.QUEUED, contact__medium=Medium.LETTER
    ).select_related("contact")


def _masked(message: Message) -> str:
    if not message.contact.sealed:
        return "…"
    try:
        return rules.masked(address_of(message.contact))
    except SealError:
        return "…"
