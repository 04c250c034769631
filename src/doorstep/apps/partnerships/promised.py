"""What meetings owe, as promises: minutes, and that they are published once they are agreed."""

from collections.abc import Collection

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.partnerships.actions.meetings import MINUTES_OWED
from doorstep.apps.partnerships.actions.minutes import PUBLISHING_OWED
from doorstep.apps.partnerships.models import Meeting
from doorstep.apps.people.spells import said_day
from doorstep.apps.promises.kinds import About, about, speaks_for

speaks_for("partnership_member", "partnership")


@about(MINUTES_OWED, gettext_lazy("Write the minutes of a meeting"))
def _minutes(subjects: Collection[str]) -> dict[str, About]:
    return _of_meetings(subjects, _("Write the minutes of the meeting of %(day)s"))


@about(PUBLISHING_OWED, gettext_lazy("Publish minutes that were agreed"))
def _publishing(subjects: Collection[str]) -> dict[str, About]:
    return _of_meetings(subjects, _("Publish the minutes of the meeting of %(day)s"))


def _of_meetings(subjects: Collection[str], words: str) -> dict[str, About]:
    meetings = Meeting.objects.filter(pk__in=[int(one) for one in subjects if one.isdigit()])
    return {
        str(one.pk): About(
            words % {"day": said_day(timezone.localtime(one.meets_at).date())},
            reverse("partnerships:meeting", args=[one.partnership.place.slug, one.number]),
            reverse("partnerships:minutes", args=[one.partnership.place.slug, one.number]),
        )
        for one in meetings.select_related("partnership__place")
    }
