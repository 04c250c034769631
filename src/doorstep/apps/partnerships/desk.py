"""What a partnership puts on a desk: its next meeting, the ways to where it works, and seats."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.partnerships.models import (
    CouncilAgreement,
    CouncilSide,
    CouncilState,
    Meeting,
    MeetingState,
    Membership,
    Partnership,
)
from doorstep.apps.people import desk
from doorstep.apps.people.desk import Owner, Row, Told
from doorstep.apps.people.models import Role
from doorstep.apps.people.spells import holding, said_day

MAY_KEEP = (Role.Kind.PARTNERSHIP_MEMBER, Role.Kind.WORKER)
DECIDE = (Role.Kind.PARTNERSHIP_MEMBER,)
COUNCIL = (Role.Kind.COUNCIL_OFFICER,)


def _called(owner: Owner) -> QuerySet[Meeting]:
    soon = timezone.now() + timedelta(days=28)
    mine = Q(partnership__place__in=owner.places(MAY_KEEP))
    called = Meeting.objects.filter(mine, state=MeetingState.CALLED, meets_at__lte=soon)
    return desk.row(
        called.annotate(day=TruncDate("meets_at")), number="number", day="day",
        place="partnership__place__name", slug="partnership__place__slug",
    )  # fmt: skip


@desk.each(_called)
def next_meetings(row: Row, owner: Owner) -> Iterator[Told]:
    """Meetings of the next four weeks, and those that nobody ended."""
    day = date.fromisoformat(row["day"])
    yield desk.DeskItem(
        title=_("Meeting of %(place)s on %(day)s") % {"place": row["place"], "day": said_day(day)},
        url=reverse("partnerships:work", args=[row["slug"], row["number"]]),
        text=_("Its agenda, who is there, and what is decided."),
        due=day,
    )


def _mine(owner: Owner) -> QuerySet[Partnership]:
    found = Partnership.objects.filter(place__in=owner.places(MAY_KEEP))
    return desk.row(found, id="place", slug="place__slug", place="place__name")


@desk.each(_mine)
def rooms_of_a_partnership(row: Row, owner: Owner) -> Iterator[Told]:
    """Where a partnership's year is worked on, by role."""
    rooms = (
        (_("Meetings of %(place)s"), "partnerships:meetings", MAY_KEEP),
        (_("What members of %(place)s learned"), "partnerships:learning-work", MAY_KEEP),
        (_("Seats of %(place)s"), "partnerships:members-work", DECIDE),
        (_("Plan of %(place)s"), "partnerships:plan-work", DECIDE),
        (_("Agreement of %(place)s with its council"), "partnerships:council-work", DECIDE),
    )
    for words, name, kinds in rooms:
        if row["id"] in {place.pk for place in owner.places(kinds)}:
            yield desk.Way(words % {"place": row["place"]}, reverse(name, args=[row["slug"]]))


def _of_a_council(
    owner: Owner, agreements: QuerySet[CouncilAgreement]
) -> QuerySet[CouncilAgreement] | None:
    where = owner.where(COUNCIL, "partnership__place")
    if where is None:
        return None
    found = agreements.filter(where)
    return desk.row(found, place="partnership__place__name", slug="partnership__place__slug")


def _to_sign(owner: Owner) -> QuerySet[CouncilAgreement] | None:
    offered = CouncilAgreement.objects.filter(state=CouncilState.OFFERED)
    return _of_a_council(owner, offered.exclude(signatures__side=CouncilSide.COUNCIL))


@desk.each(_to_sign)
def agreements_to_sign(row: Row, owner: Owner) -> Iterator[Told]:
    """What was laid before the council, and waits for its signature."""
    yield desk.DeskItem(
        title=_("Agreement of %(place)s with its council") % {"place": row["place"]},
        url=reverse("partnerships:council-answer", args=[row["slug"]]),
        text=_("It waits for the council’s signature."),
    )


def _signed(owner: Owner) -> QuerySet[CouncilAgreement] | None:
    return _of_a_council(owner, CouncilAgreement.objects.filter(state=CouncilState.SIGNED))


@desk.each(_signed)
def agreements_that_bind(row: Row, owner: Owner) -> Iterator[Told]:
    """The way to each agreement by which the council owes something."""
    words = _("Agreement of %(place)s with its council") % {"place": row["place"]}
    yield desk.Way(words, reverse("partnerships:council-answer", args=[row["slug"]]))


def _seats(owner: Owner) -> QuerySet[Membership]:
    held = Membership.objects.filter(holding(owner.today), account=owner.account)
    return desk.row(held, seat="seat", partnership="partnership__name", since="since")


@desk.each(_seats)
def my_seats(row: Row, owner: Owner) -> Iterator[Told]:
    """The seats that somebody holds today."""
    yield desk.Capacity(
        _("%(seat)s, %(partnership)s (since %(day)s)")
        % {
            "seat": Membership.Seat(row["seat"]).label,
            "partnership": row["partnership"],
            "day": said_day(date.fromisoformat(row["since"])),
        }
    )
