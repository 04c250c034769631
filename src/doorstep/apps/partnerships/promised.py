"""What meetings owe, as promises: minutes, and that they are published once they are agreed."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.partnerships.actions.meetings import MINUTES_OWED
from doorstep.apps.partnerships.actions.minutes import PUBLISHING_OWED
from doorstep.apps.partnerships.models import Meeting
from doorstep.apps.people.spells import said_day
from doorstep.apps.promises.kinds import About, about, numbers, speaks_for
from doorstep.apps.rows import Row, row

speaks_for("partnership_member", "partnership")


def _meetings(keys: Collection[str]) -> QuerySet[Meeting]:
    found = Meeting.objects.filter(pk__in=numbers(keys)).annotate(day=TruncDate("meets_at"))
    return row(found, key="pk", day="day", number="number", place="partnership__place__slug")


@about(MINUTES_OWED, gettext_lazy("Write the minutes of a meeting"), _meetings)
def _minutes(meeting: Row) -> About:
    return _meeting(meeting, _("Write the minutes of the meeting of %(day)s"))


@about(PUBLISHING_OWED, gettext_lazy("Publish minutes that were agreed"), _meetings)
def _publishing(meeting: Row) -> About:
    return _meeting(meeting, _("Publish the minutes of the meeting of %(day)s"))


def _meeting(meeting: Row, words: str) -> About:
    address = [meeting["place"], meeting["number"]]
    return About(
        words % {"day": said_day(date.fromisoformat(meeting["day"]))},
        reverse("partnerships:meeting", args=address),
        reverse("partnerships:minutes", args=address),
    )
