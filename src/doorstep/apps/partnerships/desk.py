"""What meetings put on a desk: the one that is next, and the way to all of them."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.partnerships.models import Meeting, MeetingState, Partnership
from doorstep.apps.people import desk
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.spells import holding, said_day

MAY_KEEP = (Role.Kind.PARTNERSHIP_MEMBER, Role.Kind.WORKER)


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
def all_meetings(account: Account) -> list[desk.Way]:
    return [
        desk.Way(
            _("Meetings of %(place)s") % {"place": one.place.name},
            reverse("partnerships:meetings", args=[one.place.slug]),
        )
        for one in _mine(account).select_related("place").order_by("place__name")
    ]
