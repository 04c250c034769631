"""The public pages about care for the data. What they show stands in leaves of the record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise

from doorstep.apps.invariants import invariant
from doorstep.apps.people.guards import public
from doorstep.apps.record.models import Leaf, Log
from doorstep.apps.record.queries import latest_checkpoint, size
from doorstep.apps.record.verify import body_of
from doorstep.site.upkeep.checking import CHECKED
from doorstep.site.upkeep.drill import DRILLED

# A night may be missed by an hour when the worker is busy; two nights mean that nobody checks.
SILENCE = timedelta(hours=36)
SHOWN = 30


@dataclass(frozen=True)
class Row:
    """One invariant as it stood in one night. `promise` is its name where it is known no more."""

    promise: str | Promise
    rows: int
    faults: int
    is_deadline: bool


@dataclass(frozen=True)
class Night:
    """One night's check, from its leaf."""

    leaf: Leaf
    rows: list[Row]

    @property
    def broken(self) -> list[Row]:
        return [row for row in self.rows if row.faults]

    @property
    def looked_at(self) -> int:
        return sum(row.rows for row in self.rows)


@public
def invariants_page(request: HttpRequest) -> HttpResponse:
    nights = [night_of(leaf) for leaf in last_leaves(CHECKED)]
    last = nights[0] if nights else None
    context = {"last": last, "earlier": nights[1:], "is_silent": is_silent(last)}
    return render(request, "upkeep/invariants.html", context)


def last_leaves(kind: str) -> list[Leaf]:
    return list(Leaf.objects.filter(log=Log.PUBLIC, kind=kind).order_by("-idx")[:SHOWN])


def night_of(leaf: Leaf) -> Night:
    body: dict[str, Any] = body_of(leaf) or {}
    return Night(leaf, [_row(*row) for row in body.get("checked", [])])


def is_silent(last: "Night | Trial | None") -> bool:
    """Whether a night was missed: then the last answer says nothing of today."""
    moment: datetime | None = last.leaf.recorded_at if last else None
    return moment is not None and timezone.now() - moment > SILENCE


def _row(name: str, rows: int, faults: int) -> Row:
    known = invariant(name)
    promise = known.promise if known else name
    return Row(promise, rows, faults, known.is_deadline if known else False)


@dataclass(frozen=True)
class Trial:
    """One trial of the backup, from its leaf. Figures are missing where nothing came back, and
    `lost` where no sign of life did. Seconds."""

    leaf: Leaf
    is_good: bool
    body: dict[str, Any]

    @property
    def came_back(self) -> bool:
        return "leaves" in self.body

    @property
    def seconds(self) -> float:
        """From the beginning until everything was back and checked."""
        return (self.body["restored_ms"] + self.body["checked_ms"]) / 1000

    @property
    def lost(self) -> float | None:
        lost = self.body.get("lost_ms")
        return None if lost is None else lost / 1000

    @property
    def megabytes(self) -> float:
        return self.body["bytes"] / 1_000_000


@public
def backups_page(request: HttpRequest) -> HttpResponse:
    trials = [trial_of(leaf) for leaf in last_leaves(DRILLED)]
    last = trials[0] if trials else None
    context = {
        "is_configured": bool(settings.BACKUP),
        "days": settings.BACKUP_DAYS,
        "last": last,
        "earlier": trials[1:],
        "is_silent": is_silent(last),
        "checkpoint": latest_checkpoint(),
        "size": size(),
    }
    return render(request, "upkeep/backups.html", context)


def trial_of(leaf: Leaf) -> Trial:
    body: dict[str, Any] = body_of(leaf) or {}
    return Trial(leaf, bool(body.get("good")), body)


# The pages say whether a night was missed, which no leaf tells.
invariants_page.cacheable = backups_page.cacheable = False  # type: ignore[attr-defined]
