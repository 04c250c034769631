"""What a partnership puts on a desk: its next meeting, and the ways to where it works."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.partnerships.models import Meeting, MeetingState, Membership, Partnership
from doorstep.apps.people import desk
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.spells import holding, said_day

MAY_KEEP = (Role.Kind.PARTNERSHIP_MEMBER, Role.Kind.WORKER)
DECIDE = (Role.Kind.PARTNERSHIP_MEMBER,)


def _mine(account: Account) -> QuerySet[Partnership]:
    """Partnerships whose meetings somebody may call and write down."""
    today = timezone.localdate()
    held = Role.objects.filter(holding(today), account=account, kind__in=MAY_KEEP)
    return Partnership.objects.filter(place__in=held.values("place"))


@desk.register
def next_meetings(account: Account) -> list[desk.DeskItem]:
    """Meetings of the next four weeks, and those that nobody ended; one statement."""
    soon = timezone.now() + timedelta(days=28)
    called = Meeting.objects.filter(
        Q(state=MeetingState.CALLED, meets_at__lte=soon), partnership__in=_mine(account)
    ).select_related("partnership__place")
    return [
        desk.DeskItem(
            title=_("Meeting of %(place)s on %(day)s")
            % {
                "place": one.partnership.place.name,
                "day": said_day(timezone.localtime(one.meets_at).date()),
            },
            url=reverse("partnerships:work", args=[one.partnership.place.slug, one.number]),
            text=_("Its agenda, who is there, and what is decided."),
            due=timezone.localtime(one.meets_at).date(),
        )
        for one in called.order_by("meets_at")[:10]
    ]


@desk.leads
def rooms_of_a_partnership(account: Account) -> list[desk.Way]:
    """Where a partnership's year is worked on, by role; one statement."""
    held = Role.objects.filter(
        holding(timezone.localdate()), account=account, kind__in=MAY_KEEP,
        place__partnership__isnull=False,
    )  # fmt: skip
    rooms = (
        (_("Meetings of %(place)s"), "partnerships:meetings", MAY_KEEP),
        (_("Seats of %(place)s"), "partnerships:members-work", DECIDE),
        (_("Plan of %(place)s"), "partnerships:plan-work", DECIDE),
        (_("Agreement of %(place)s with its council"), "partnerships:council-work", DECIDE),
    )
    return [
        desk.Way(words % {"place": role.place.name}, reverse(name, args=[role.place.slug]))
        for role in held.select_related("place")
        for words, name, kinds in rooms
        if role.place and role.kind in kinds
    ]


@desk.tells
def my_seats(account: Account) -> list[str]:
    """The seats that somebody holds today; one statement."""
    held = Membership.objects.filter(holding(timezone.localdate()), account=account)
    return [
        _("%(seat)s, %(partnership)s (since %(day)s)")
        % {
            "seat": one.get_seat_display(),
            "partnership": one.partnership.name,
            "day": said_day(one.since),
        }
        for one in held.select_related("partnership")
    ]
