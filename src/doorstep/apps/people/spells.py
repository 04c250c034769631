"""Dated rows. A spell holds from `since` up to, and not on, `until`; None means it still holds.

The end is the first day on which it no longer holds, so that a power taken away today is gone
today, and one spell may begin on the day that the one before it ends.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

from django.db import models
from django.utils.dateformat import format as written


class Dated(Protocol):
    """Anything that holds from `since` until `until`."""

    since: date
    until: date | None


def holds(spell: Dated, on: date) -> bool:
    return spell.since <= on and (spell.until is None or on < spell.until)


def said_day(day: date) -> str:
    """A day as people write it: "22 November 2026"."""
    return written(day, "j F Y")


def with_days(body: Mapping[str, Any]) -> dict[str, Any]:
    """A leaf's body with the days of its spell in words, for its sentence."""
    return {
        name: said_day(date.fromisoformat(value)) if name in {"since", "until"} and value else value
        for name, value in body.items()
    }


def overlaps(spells: Iterable[Dated], since: date, until: date | None) -> bool:
    """Whether any of `spells` shares a day with the span from `since` to `until`."""
    return any(
        (until is None or spell.since < until) and (spell.until is None or since < spell.until)
        for spell in spells
        if spell.until is None or spell.until > spell.since
    )


def holding(on: date | models.OuterRef, prefix: str = "") -> models.Q:
    """The condition for spells that hold `on` a day; `prefix` reaches them, such as `roles__`."""
    return models.Q(**{f"{prefix}since__lte": on}) & (
        models.Q(**{f"{prefix}until__isnull": True}) | models.Q(**{f"{prefix}until__gt": on})
    )


class SpellQuerySet(models.QuerySet):
    def on(self, day: date) -> "SpellQuerySet":
        return self.filter(holding(day))


class Spell(models.Model):
    """Base of every dated row: the database itself refuses one that ends before it begins."""

    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = SpellQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="%(class)s_ends_after_it_begins",
            )
        ]

    def holds(self, on: date) -> bool:
        return holds(self, on)
