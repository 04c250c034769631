"""Working days, and the sum behind every deadline.

Bank holidays come from the `holidays` library; days that it cannot know yet, such as a holiday
proclaimed last week, are handed in as `added`. A clock may count the holidays of several nations
at once: under the Freedom of Information Act 2000 s.10(6) a holiday anywhere in the United
Kingdom is no working day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import groupby

from doorstep.engine.rulebook.entries import Rule

NATIONS = ("ENG", "WLS", "SCT", "NIR")
# Far beyond any clock in law; a typing error must not count for ever.
MOST_DAYS = 1_000
_ONE = timedelta(days=1)


@dataclass(frozen=True)
class ClosedDay:
    """A bank holiday that a clock stepped over."""

    day: date
    name: str


@dataclass(frozen=True)
class AddedHoliday:
    """A bank holiday that somebody wrote down because the library does not know it."""

    day: date
    name: str
    nations: tuple[str, ...] = NATIONS


@dataclass(frozen=True)
class Deadline:
    """A day worked out, and how. `skipped` holds bank holidays that fell on a weekday.

    `working` tells working days from days as the calendar has them.
    """

    due: date
    start: date
    days: int
    nations: tuple[str, ...]
    skipped: tuple[ClosedDay, ...]
    working: bool = True

    @property
    def sentence(self) -> str:
        """Such as "10 working days, skipping 25 and 28 December and 1 January"."""
        days = f"{self.days} {'working ' * self.working}{'day' if self.days == 1 else 'days'}"
        if len(self.nations) > 1:
            days += (
                ", counting bank holidays anywhere in the United Kingdom"
                if set(self.nations) == set(NATIONS)
                else f", counting the bank holidays of {len(self.nations)} nations"
            )
        if not self.skipped:
            return days
        return f"{days}, skipping {_listed(closed.day for closed in self.skipped)}"


def working_days_after(
    start: date,
    n: int,
    nations: Sequence[str] = ("ENG",),
    added: Sequence[AddedHoliday] = (),
) -> Deadline:
    """The last of `n` working days, the first being the one after `start`.

    `nations` are of ENG, WLS, SCT, NIR; a holiday in any of them is skipped. ValueError for a
    number of days outside 1 to 1,000 or a nation that is not one of these.
    """
    return _walked(start, n, nations, added, _ONE, n)


def clear_working_days_before(
    event: date,
    n: int,
    nations: Sequence[str] = ("ENG",),
    added: Sequence[AddedHoliday] = (),
) -> Deadline:
    """The last day to give notice with `n` clear working days before an event.

    Clear days exclude both the day of the notice and the day of the event, so the notice is given
    at the latest on the last working day before those `n`.
    """
    # A holiday between the notice and the first clear day is skipped as well: notice can be given
    # only on a day when somebody is there to take it.
    return _walked(event, n + 1, nations, added, -_ONE, n)


def days_after(start: date, n: int) -> Deadline:
    """The day that is `n` days on, whatever kind of day it is; ValueError outside 1 to 1,000."""
    _refuse_number(n)
    return Deadline(start + timedelta(days=n), start, n, (), (), working=False)


def due_by(
    rule: Rule,
    start: date,
    nations: Sequence[str] = ("ENG",),
    added: Sequence[AddedHoliday] = (),
) -> Deadline:
    """The day by which a rule asks for something that is counted from `start`.

    ValueError where the rule is no clock: its unit begins with "working days" or "days".
    """
    if type(rule.value) is not int or not rule.unit.startswith(("working days", "days")):
        raise ValueError(f"{rule.key} is counted in {rule.unit}, which is no clock.")
    if rule.unit.startswith("working days"):
        return working_days_after(start, rule.value, nations, added)
    return days_after(start, rule.value)


def bank_holidays(
    nations: Sequence[str], year: int, added: Sequence[AddedHoliday] = ()
) -> dict[date, str]:
    """{day: name} of one year wherever one of `nations` is closed, weekends among them."""
    asked = _known(nations)
    found = {day: name for nation in asked for day, name in _of_library(nation, year).items()}
    for one in added:
        if one.day.year == year and set(one.nations) & set(asked):
            found.setdefault(one.day, one.name)
    return dict(sorted(found.items()))


def _walked(
    start: date,
    steps: int,
    nations: Sequence[str],
    added: Sequence[AddedHoliday],
    step: timedelta,
    said: int,
) -> Deadline:
    _refuse_number(said)
    asked = _known(nations)
    mine = {one.day: one.name for one in added if set(one.nations) & set(asked)}
    day, done, skipped = start, 0, []
    while done < steps:
        day += step
        if day.weekday() >= 5:
            continue
        name = _closed(day, asked) or mine.get(day)
        if name is None:
            done += 1
        else:
            skipped.append(ClosedDay(day, name))
    return Deadline(day, start, said, asked, tuple(sorted(skipped, key=lambda c: c.day)))


def _refuse_number(days: int) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"{days} days cannot be counted; give 1 to {MOST_DAYS}.")


def _known(nations: Sequence[str]) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(nations))
    if not asked or set(asked) - set(NATIONS):
        raise ValueError(f"{nations!r} are not nations of the United Kingdom; use {NATIONS}.")
    return asked


def _closed(day: date, nations: tuple[str, ...]) -> str | None:
    names = [_of_library(nation, day.year).get(day) for nation in nations]
    return next((name for name in names if name), None)


@cache
def _of_library(nation: str, year: int) -> dict[date, str]:
    # The library takes a tenth of a second to load, and most commands never count a day.
    from holidays import country_holidays

    return dict(country_holidays("GB", subdiv=nation, years=year, language="en_GB"))


def _listed(days: Iterator[date]) -> str:
    """Dates as people say them: "25 and 28 December and 1 January"."""
    months = []
    for (_year, _month), group in groupby(days, key=lambda day: (day.year, day.month)):
        same = list(group)
        numbers = [str(day.day) for day in same]
        months.append(f"{_and(numbers)} {same[0]:%B}")
    return _and(months)


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
