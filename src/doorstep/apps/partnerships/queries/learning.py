"""Reads about what members learned, of one partnership and of all."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Min

from doorstep.apps.partnerships.actions.learning import PAYING
from doorstep.apps.partnerships.models import LearningEntry, Partnership, PlanLine
from doorstep.apps.partnerships.rules import learning as rules

RELATED = (
    "words", "given_by", "organisation", "line__plan", "line__title", "leaf", "returns__words",
    "withdrawn__reason", "withdrawn__leaf",
)  # fmt: skip


def entries_of(partnership: Partnership) -> list[LearningEntry]:
    """Every entry, newest first, withdrawn ones too; one statement."""
    rows = LearningEntry.objects.filter(partnership=partnership).select_related(*RELATED)
    return list(rows.order_by("-on", "-number"))


def paying_lines(partnership: Partnership) -> list[PlanLine]:
    """Lines of its plans that may have paid for training or support; one statement."""
    rows = PlanLine.objects.filter(plan__partnership=partnership, plan__state__in=PAYING)
    return list(rows.select_related("title", "plan").order_by("-plan__number", "number"))


@dataclass(frozen=True)
class Learned:
    """One partnership since its first member, and what counts of its entries."""

    place: str
    since: date
    standing: rules.Standing


def all_learned(on: date) -> Sequence[Learned]:
    """Every partnership that has or had a member by that day; two statements."""
    began = Partnership.objects.annotate(since=Min("memberships__since")).filter(since__lte=on)
    entries: dict[int, list[LearningEntry]] = defaultdict(list)
    for one in LearningEntry.objects.filter(on__lte=on).select_related("withdrawn"):
        entries[one.partnership_id].append(one)
    return [
        Learned(slug, since, rules.standing(entries[pk]))
        for pk, slug, since in began.order_by("place__slug").values_list(
            "pk", "place__slug", "since"
        )
    ]
