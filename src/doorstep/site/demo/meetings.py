"""How Millbrook's partnership met: an evening that lost its majority of residents halfway, and the
next meeting, which is called."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from doorstep.apps.organisations.models import Organisation
from doorstep.apps.partnerships.actions.deciding import decide_item
from doorstep.apps.partnerships.actions.meetings import NewItem, call_meeting, end_meeting
from doorstep.apps.partnerships.actions.minutes import draft_minutes
from doorstep.apps.partnerships.actions.offices import give_office
from doorstep.apps.partnerships.models import (
    AgendaItem,
    ItemDecision,
    Meeting,
    Membership,
    Method,
)
from doorstep.apps.partnerships.queries.drafting import left_over, to_agree
from doorstep.apps.partnerships.rules.meetings import HERE, Votes
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor

ACTOR = Actor("system", "demo")
# The next one is called for so many weeks ahead, and that is in time whatever the holidays are.
WEEKS_AHEAD = 4


def meet(told: dict[str, Any], place: Place) -> None:
    """One meeting held and minuted, and one called with what it left."""
    group, met_on = place.partnership, told["met_on"]
    meeting = call_meeting(
        group, meets_at=_evening(met_on), where=told["where"],
        items=[_item(row) for row in told["items"]], on=told["called_on"], actor=ACTOR,
    )  # fmt: skip
    seats = list(Membership.objects.filter(partnership=group).order_by("pk"))
    decided = [
        _decide(meeting, number, row, seats, met_on)
        for number, row in enumerate(told["items"], start=1)
    ]
    end_meeting(meeting, on=met_on, actor=ACTOR)
    offices = told["offices"]
    for seat, office in zip(seats, offices["of_the_first_members"], strict=False):
        give_office(seat, office, decision=decided[offices["item"] - 1], on=met_on, actor=ACTOR)
    draft_minutes(meeting, told["minutes"], on=told["minuted_on"], actor=ACTOR)
    today = timezone.localdate()
    call_meeting(
        group, meets_at=_evening(today + timedelta(weeks=WEEKS_AHEAD)), where=told["where"],
        items=[to_agree(meeting), *left_over(group)], on=today, actor=ACTOR,
    )  # fmt: skip


def _evening(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(19)))


def _item(row: dict[str, Any]) -> NewItem:
    payee = Organisation.objects.filter(slug=row.get("organisation", "")).first()
    pence = row["pounds"] * 100 if "pounds" in row else None
    return NewItem(row["kind"], row["title"], payee, pence)


def _decide(
    meeting: Meeting, number: int, row: dict[str, Any], seats: list[Membership], on: date
) -> ItemDecision:
    """`residents` and `others` so many are in the room, and `out` of the residents stay out."""
    residents = [seat for seat in seats if seat.lives_here][: row["residents"]]
    others = [seat for seat in seats if not seat.lives_here][: row["others"]]
    out = residents[len(residents) - row.get("out", 0) :]
    said = {seat.pk: HERE for seat in (*residents, *others)}
    said |= {seat.pk: "loyalty" for seat in out}
    return decide_item(
        AgendaItem.objects.get(meeting=meeting, number=number), said=said, chair=residents[0],
        method=Method.HANDS, votes=Votes(*row.get("votes", (0, 0, 0))), note=row.get("note", ""),
        on=on, actor=ACTOR,
    )  # fmt: skip
