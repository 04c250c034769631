"""What of meetings and seats waits for whoever takes over."""

from collections.abc import Collection
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.partnerships.models import Filling, FillingState, Meeting, MeetingState
from doorstep.apps.people.models import Role
from doorstep.apps.people.spells import said_day
from doorstep.apps.places.models import Place
from doorstep.apps.promises.waiting import Waits, waits

MOST = 20


@waits
def meetings(place: Place, roles: Collection[str], today: date) -> list[Waits]:
    """Meetings that are called and that nobody ended."""
    if not {Role.Kind.PARTNERSHIP_MEMBER, Role.Kind.WORKER} & set(roles):
        return []
    called = Meeting.objects.filter(partnership__place=place, state=MeetingState.CALLED)
    return [
        Waits(
            _("Meeting of %(place)s on %(day)s")
            % {"place": place.name, "day": said_day(timezone.localtime(one.meets_at).date())},
            reverse("partnerships:work", args=[place.slug, one.number]),
        )
        for one in called.order_by("meets_at")[:MOST]
    ]


@waits
def seats(place: Place, roles: Collection[str], today: date) -> list[Waits]:
    """Seats that are to be filled."""
    if Role.Kind.PARTNERSHIP_MEMBER not in roles:
        return []
    rows = Filling.objects.filter(partnership__place=place, state=FillingState.OPEN)
    return [
        Waits(
            _("Time %(number)s: seats to fill, %(seats)s")
            % {"number": one.number, "seats": one.seats},
            reverse("partnerships:filling", args=[place.slug, one.number]),
        )
        for one in rows.order_by("number")[:MOST]
    ]
