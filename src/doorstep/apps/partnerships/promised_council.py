"""What each side of an agreement with the council owes, told by its words."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy

from doorstep.apps.partnerships.actions.council import DUTY_OWED
from doorstep.apps.partnerships.models import CouncilDuty
from doorstep.apps.promises.kinds import About, about


@about(DUTY_OWED, gettext_lazy("A duty of the agreement with the council"))
def _duties(subjects: Collection[str]) -> dict[str, About]:
    numbers = {one: one.split("-")[0] for one in subjects}
    wanted = [int(one) for one in set(numbers.values()) if one.isdigit()]
    rows = CouncilDuty.objects.filter(pk__in=wanted)
    found = {
        str(duty.pk): About(
            duty.words.text or "",
            reverse("partnerships:council", args=[duty.agreement.partnership.place.slug]),
        )
        for duty in rows.select_related("words", "agreement__partnership__place")
    }
    return {subject: found[number] for subject, number in numbers.items() if number in found}
