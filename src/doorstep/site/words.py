"""How money, days and numbers of things are written for people, in English and in Welsh."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.apps.ledger.rules import pounds

MINUS = "\N{MINUS SIGN}"


def money(pence: int) -> str:
    """Whole pence as pounds: 180000 is "£1,800", 180050 is "£1,800.50".

    Anything that is not an `int` is refused: a float has already lost the pound it stands for.
    """
    if type(pence) is not int:
        raise TypeError(f"Money is whole pence (int), not {type(pence).__name__}: {pence!r}")
    return pounds(pence).replace("-", MINUS)


def day(value: date | datetime) -> str:
    """A day as London people write it: "22 November 2026", "22 Tachwedd 2026"."""
    if isinstance(value, datetime):
        value = _in_london(value).date()
    return written(value, "j F Y")


def moment(value: datetime) -> str:
    """A day and time in London: "22 November 2026 at 5:10pm", or "midday", or "midnight"."""
    local = _in_london(value)
    if (local.hour, local.minute) == (0, 0):
        clock = _("midnight")
    elif (local.hour, local.minute) == (12, 0):
        clock = _("midday")
    else:
        half = _("am") if local.hour < 12 else _("pm")
        clock = f"{(local.hour % 12) or 12}:{local.minute:02}{half}"
    return _("%(day)s at %(time)s") % {"day": written(local, "j F Y"), "time": clock}


def _in_london(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


# One line for each thing that pages count. Welsh has four forms for a number of things, so no
# page may glue a number to a noun; it asks here.
COUNTED: dict[str, Callable[[int], str]] = {
    "people": lambda n: ngettext("%(n)s person", "%(n)s people", n),
    "members": lambda n: ngettext("%(n)s member", "%(n)s members", n),
    "residents": lambda n: ngettext("%(n)s resident", "%(n)s residents", n),
    "supporters": lambda n: ngettext("%(n)s supporter", "%(n)s supporters", n),
    "voters": lambda n: ngettext("%(n)s voter", "%(n)s voters", n),
    "votes": lambda n: ngettext("%(n)s vote", "%(n)s votes", n),
    "envelopes": lambda n: ngettext("%(n)s envelope", "%(n)s envelopes", n),
    "papers": lambda n: ngettext("%(n)s paper", "%(n)s papers", n),
    "codes": lambda n: ngettext("%(n)s code", "%(n)s codes", n),
    "ballots": lambda n: ngettext("%(n)s ballot", "%(n)s ballots", n),
    "ideas": lambda n: ngettext("%(n)s idea", "%(n)s ideas", n),
    "projects": lambda n: ngettext("%(n)s project", "%(n)s projects", n),
    "awards": lambda n: ngettext("%(n)s award", "%(n)s awards", n),
    "rounds": lambda n: ngettext("%(n)s round", "%(n)s rounds", n),
    "places": lambda n: ngettext("%(n)s place", "%(n)s places", n),
    "streets": lambda n: ngettext("%(n)s street", "%(n)s streets", n),
    "entries": lambda n: ngettext("%(n)s entry", "%(n)s entries", n),
    "lines": lambda n: ngettext("%(n)s line", "%(n)s lines", n),
    "mistakes": lambda n: ngettext("%(n)s mistake", "%(n)s mistakes", n),
    "receipts": lambda n: ngettext("%(n)s receipt", "%(n)s receipts", n),
    "years": lambda n: ngettext("%(n)s year", "%(n)s years", n),
    "days": lambda n: ngettext("%(n)s day", "%(n)s days", n),
}


def counted(n: int, thing: str) -> str:
    """ "412 people", "1 person": `thing` is a key of `COUNTED`."""
    return COUNTED[thing](n) % {"n": f"{n:,}"}
