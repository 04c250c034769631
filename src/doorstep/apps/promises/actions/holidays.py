"""A bank holiday that no library could know is added, and every open promise is counted anew.

Deadlines that no new holiday moves are a fault that readers of Alaveteli caught; here the holiday
and what it moves are one transaction.
"""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import islice

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from doorstep.apps.promises.models import HolidayStep, Promise, PromiseState
from doorstep.apps.promises.queries import added_holidays
from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import NATIONS, AddedHoliday, bank_holidays, working_days_after

Progress = Callable[[int, int], None]
LONGEST_NAME = 80
# One statement moves all promises of one sum; so many sums are moved between two words of progress.
AT_A_TIME = 50


@transaction.atomic
def add_holiday(
    day: date,
    name: str,
    nations: Sequence[str] = NATIONS,
    *,
    actor: Actor,
    progress: Progress = lambda done, all_: None,
) -> HolidayStep:
    """Count a day as a bank holiday from now on. `progress(done, of)` hears how far it is, in
    different sums. Refused where the day is one already, or at a weekend."""
    name = " ".join(name.split())
    asked = tuple(nation for nation in NATIONS if nation in nations)
    if not name or len(name) > LONGEST_NAME or not asked or set(nations) - set(NATIONS):
        raise Refused(
            _("Say what the holiday is called, in at most %(most)s characters, and where it holds.")
            % {"most": LONGEST_NAME},
            code="holiday",
        )
    lock_head()
    if day.weekday() >= 5:
        raise Refused(_("That day is at a weekend, so no working day is lost."), code="weekend")
    standing = added_holidays()
    if all(day in bank_holidays((one,), day.year, standing) for one in asked):
        raise Refused(_("That day is a bank holiday already."), code="holiday_known")
    return _step(day, name, asked, holds=True, actor=actor, progress=progress)


@transaction.atomic
def take_out_holiday(
    day: date, *, actor: Actor, progress: Progress = lambda done, all_: None
) -> HolidayStep:
    """A day that was added by mistake is an ordinary one again; both stay in the record."""
    lock_head()
    last = HolidayStep.objects.filter(day=day).order_by("-pk").first()
    if last is None or not last.holds:
        raise Refused(_("Nobody added a bank holiday on that day."), code="holiday_unknown")
    return _step(
        day, last.name, tuple(last.nations.split(",")), holds=False, actor=actor, progress=progress
    )


def _step(
    day: date,
    name: str,
    nations: tuple[str, ...],
    *,
    holds: bool,
    actor: Actor,
    progress: Progress,
) -> HolidayStep:
    standing = [one for one in added_holidays() if one.day != day]
    if holds:
        standing.append(AddedHoliday(day, name, nations))
    moved = _count_anew(day, nations, standing, progress)
    leaf = write_leaf(
        "promise.holiday_added" if holds else "promise.holiday_taken_out",
        {
            "day": day.isoformat(),
            "name": name,
            "nations": list(nations),
            "moved": moved,
            "actor": actor.as_leaf(),
        },
    )
    return HolidayStep.objects.create(
        day=day, name=name, nations=",".join(nations), holds=holds, moved=moved, leaf=leaf
    )


def _count_anew(
    day: date, nations: Sequence[str], standing: Sequence[AddedHoliday], progress: Progress
) -> int:
    """Move every open promise whose sum steps over the day; how many moved.

    Thousands of promises share one sum (this start, so many days, these nations), so each sum is
    worked out once and moves all of them in one statement.
    """
    over_it = _open().filter(_touching(nations), counted_from__lt=day, due_on__gte=day)
    sums = list(
        over_it.order_by().values_list("counted_from", "days", "nations", "due_on").distinct()
    )
    moved, done, rest = 0, 0, iter(sums)
    while some := list(islice(rest, AT_A_TIME)):
        for start, days, where, due_on in some:
            assert start is not None  # the constraint promise_shows_its_sum keeps both
            assert days is not None
            due = working_days_after(start, days, where.split(","), standing).due
            if due != due_on:
                # Asked for by its whole sum and nothing else, so that the index finds just these.
                same = _open().filter(counted_from=start, days=days, nations=where, due_on=due_on)
                moved += same.update(due_on=due)
        done += len(some)
        progress(done, len(sums))
    return moved


def _open() -> QuerySet[Promise]:
    return Promise.objects.filter(state=PromiseState.OPEN, counted=Promise.Counted.WORKING)


def _touching(nations: Sequence[str]) -> Q:
    wanted = Q()
    for nation in nations:
        wanted |= Q(nations__contains=nation)
    return wanted
