"""What plans owe, as promises: the funder's answer, and a look back before the next plan."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.partnerships.actions.plans import ANSWER_OWED, REVIEW_OWED
from doorstep.apps.partnerships.models import Plan
from doorstep.apps.promises.kinds import About, about


@about(ANSWER_OWED, gettext_lazy("Answer a plan"))
def _answers(subjects: Collection[str]) -> dict[str, About]:
    return _of_plans(subjects, _("Answer plan %(number)s"), "partnerships:plan-answer")


@about(REVIEW_OWED, gettext_lazy("Look back on a plan"))
def _reviews(subjects: Collection[str]) -> dict[str, About]:
    return _of_plans(subjects, _("Look back on plan %(number)s"), "partnerships:plan-work")


def _of_plans(subjects: Collection[str], words: str, work: str) -> dict[str, About]:
    plans = Plan.objects.filter(pk__in=[int(one) for one in subjects if one.isdigit()])
    return {
        str(one.pk): About(
            words % {"number": one.number},
            reverse("plan-numbered", args=[one.partnership.place.slug, one.number]),
            reverse(work, args=[one.partnership.place.slug]),
        )
        for one in plans.select_related("partnership__place")
    }
