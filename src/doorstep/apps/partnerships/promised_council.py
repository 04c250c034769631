"""What each side of an agreement with the council owes, told by its words."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from doorstep.apps.partnerships.actions.council import DUTY_OWED
from doorstep.apps.partnerships.models import CouncilDuty
from doorstep.apps.promises.kinds import About, about, numbers
from doorstep.apps.rows import Row, row


def _duties(keys: Collection[str]) -> QuerySet[CouncilDuty]:
    found = CouncilDuty.objects.filter(pk__in=numbers(keys))
    place = "agreement__partnership__place__slug"
    return row(found, key="pk", words="words__text", place=place)


@about(DUTY_OWED, gettext_lazy("A duty of the agreement with the council"), _duties, ends="-")
def _duty(duty: Row) -> About:
    return About(duty["words"] or "", reverse("partnerships:council", args=[duty["place"]]))
