"""What plans owe, as promises: the funder's answer, and a look back before the next plan."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.partnerships.actions.plans import ANSWER_OWED, REVIEW_OWED
from doorstep.apps.partnerships.models import Plan
from doorstep.apps.promises.kinds import About, about, numbers
from doorstep.apps.rows import Row, row


def _plans(keys: Collection[str]) -> QuerySet[Plan]:
    found = Plan.objects.filter(pk__in=numbers(keys))
    return row(found, key="pk", number="number", place="partnership__place__slug")


@about(ANSWER_OWED, gettext_lazy("Answer a plan"), _plans)
def _answer(plan: Row) -> About:
    return _plan(plan, _("Answer plan %(number)s"), "partnerships:plan-answer")


@about(REVIEW_OWED, gettext_lazy("Look back on a plan"), _plans)
def _review(plan: Row) -> About:
    return _plan(plan, _("Look back on plan %(number)s"), "partnerships:plan-work")


def _plan(plan: Row, words: str, work: str) -> About:
    return About(
        words % {"number": plan["number"]},
        reverse("plan-numbered", args=[plan["place"], plan["number"]]),
        reverse(work, args=[plan["place"]]),
    )
