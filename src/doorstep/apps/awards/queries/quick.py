"""Reads about quick money: the limit that holds, who may decide, what was given and looked at."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.awards.models import Application, Award, AwardKind, Delegation, SharedHome
from doorstep.apps.awards.queries.applying import is_with_a_body
from doorstep.apps.partnerships.models import ItemDecision, Meeting, MeetingState
from doorstep.apps.people.rules import Answer, role_name
from doorstep.apps.people.spells import holding
from doorstep.apps.places.models import Place

HOLDER = "partnership_member"


def limit_at(place: Place, on: date) -> Delegation | None:
    """What two members may give together on a day; None where the partnership agreed no limit."""
    return (
        Delegation.objects.filter(
            decision__place=place, holder_role=HOLDER, since__lte=on, until__gt=on
        )
        .select_related("decision__leaf", "decision__place")
        .order_by("-pk")
        .first()
    )


def limits_of_others(place: Place, on: date) -> QuerySet[Delegation]:
    """What one other role may give by itself on a day, such as a community worker."""
    return (
        Delegation.objects.filter(decision__place=place, since__lte=on, until__gt=on)
        .exclude(holder_role=HOLDER)
        .select_related("decision__leaf")
        .order_by("pk")
    )


def share_a_home(one: int, other: int, on: date) -> bool:
    """Whether two accounts share a home on a day, whichever of them said so."""
    both = Q(one=one, other=other) | Q(one=other, other=one)
    return SharedHome.objects.filter(both, holding(on)).exists()


def may_say(application: Application, account: int, on: date) -> Answer:
    """Whether somebody may decide on a request: never on their own, nor on one of their household,
    nor on one of a body they are close to."""
    if application.asked_by_id == account:
        return Answer(False, _("You asked for this, so somebody else decides."))
    if share_a_home(application.asked_by_id, account, on):
        return Answer(
            False, _("You share a home with whoever asked for this, so somebody else decides.")
        )
    tied = is_with_a_body(application, account, on)
    return Answer(not tied, tied.reason)


def waiting(place: Place) -> QuerySet[Application]:
    """Requests for quick money that wait for two members, oldest first."""
    asked = Application.objects.filter(
        place=place, kind=AwardKind.QUICK, state=Application.State.SENT
    )
    return asked.select_related("organisation").prefetch_related("says").order_by("pk")


def to_look_at(place: Place) -> QuerySet[Award]:
    """Quick grants that no meeting has looked at yet, oldest first: the next meeting's list."""
    given = Award.objects.filter(place=place, kind=AwardKind.QUICK, review=None, is_example=False)
    return given.exclude(state=Award.State.CANCELLED).select_related("title").order_by("pk")


@dataclass(frozen=True)
class Given:
    """A quick grant as the street sees it. `hours` from asking to the second yes, or None."""

    award: Award
    hours: float | None
    meeting: int | None = None  # the number of the meeting that looked at it, where one is kept
    alone: str = ""  # the role that gave it within a limit of its own, where nobody asked here


def given(place: Place) -> QuerySet[Award]:
    """Every quick grant of a place, newest first, with all that its line shows."""
    return (
        Award.objects.filter(place=place, kind=AwardKind.QUICK, is_example=False)
        .select_related("title", "review__note", "review__leaf", "application", "made")
        .order_by("-pk")
    )


def told(awards: Collection[Award], place: Place) -> list[Given]:
    """Each with its hours, who gave it alone, and the meeting that looked at it; two statements."""
    days = [one.review.met_on for one in awards if getattr(one, "review", None)]
    met = meetings_on(place, days)
    decided = Delegation.objects.filter(decision__leaf__in={one.decision_id for one in awards})
    held = decided.exclude(holder_role=HOLDER).values_list("decision__leaf", "holder_role")
    roles = {leaf: role_name(role) for leaf, role in held}
    return [_told(one, met, roles.get(one.decision_id, "")) for one in awards]


def _told(award: Award, met: dict[date, int], alone: str) -> Given:
    one, seen = getattr(award, "application", None), getattr(award, "review", None)
    hours = hours_between(one.sent_at, one.ended_at) if one else None
    return Given(award, hours, met.get(seen.met_on) if seen else None, alone)


def meetings_on(place: Place, days: Collection[date]) -> dict[date, int]:
    """{day: number of the meeting} of a place's meetings that took place on these days."""
    if not days:
        return {}
    held = Meeting.objects.filter(
        partnership__place=place, meets_at__date__in=days,
        state__in=[MeetingState.HELD, MeetingState.ADJOURNED],
    )  # fmt: skip
    return {
        timezone.localtime(at).date(): number
        for at, number in held.order_by("number").values_list("meets_at", "number")
    }


def meeting_of(limit: Delegation | None) -> ItemDecision | None:
    """The meeting's item that set a limit; None for one that no meeting kept here set."""
    if limit is None:
        return None
    made = ItemDecision.objects.filter(leaf=limit.decision.leaf_id)
    return made.select_related("item__meeting").first()


def hours_between(asked: datetime | None, ended: datetime | None) -> float | None:
    return round((ended - asked).total_seconds() / 3600, 1) if asked and ended else None


@dataclass(frozen=True)
class Pace:
    """How many were asked for, agreed and refused here, and the middle number of hours."""

    asked: int
    agreed: int
    declined: int
    hours: float | None


def pace(place: Place) -> Pace:
    """How quick it is; one statement. Half were decided within `hours`."""
    rows = Application.objects.filter(place=place, kind=AwardKind.QUICK).values_list(
        "state", "sent_at", "ended_at"
    )
    decided = {Application.State.AGREED, Application.State.DECLINED}
    took = [hours_between(sent, ended) for state, sent, ended in rows if state in decided]
    known = [one for one in took if one is not None]
    states = [state for state, _sent, _ended in rows]
    return Pace(
        len(states),
        states.count(Application.State.AGREED),
        states.count(Application.State.DECLINED),
        median(known) if known else None,
    )
