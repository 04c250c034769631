"""The sum behind a deadline, in the reader's language. The engine gives the days alone."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from django.utils.dateformat import format as written
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.engine.rulebook import Deadline


def summed(deadline: Deadline) -> str:
    """ "10 working days, skipping 25 and 28 December and 1 January"."""
    days = {"days": deadline.days}
    if not deadline.working:
        return ngettext("%(days)s day", "%(days)s days", deadline.days) % days
    said = ngettext("%(days)s working day", "%(days)s working days", deadline.days) % days
    if len(deadline.nations) > 1:
        said = _("%(days)s, counting bank holidays anywhere in the United Kingdom") % {"days": said}
    if not deadline.skipped:
        return said
    closed = listed(closed.day for closed in deadline.skipped)
    return _("%(days)s, skipping %(closed)s") % {"days": said, "closed": closed}


def explained(deadline: Deadline) -> str:
    """The same with the day it was counted from."""
    return _("%(sum)s, counted from %(start)s") % {
        "sum": summed(deadline),
        "start": written(deadline.start, "j F Y"),
    }


def listed(days: Iterable[date]) -> str:
    """Days as people say them, each month named once: "25 and 28 December and 1 January"."""
    months = []
    for _month, group in groupby(days, key=lambda day: (day.year, day.month)):
        same = list(group)
        numbers = together([str(day.day) for day in same])
        months.append(f"{numbers} {written(same[0], 'F')}")
    return together(months)


def together(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
