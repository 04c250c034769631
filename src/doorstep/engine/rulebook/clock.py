"""Working days, and the sum behind every deadline in words.

Bank holidays come from the `holidays` library. A clock may count the holidays of several nations
at once: under the Freedom of Information Act 2000 s.10(6) a holiday anywhere in the United
Kingdom is no working day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import groupby

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
class Deadline:
    """A day worked out, and how. `skipped` holds bank holidays that fell on a weekday."""

    due: date
    start: date
    days: int
    nations: tuple[str, ...]
    skipped: tuple[ClosedDay, ...]

    @property
    def sentence(self) -> str:
        """Such as "10 working days, skipping 25 and 28 December and 1 January"."""
        days = f"{self.days} working {'day' if self.days == 1 else 'days'}"
        if len(self.nations) > 1:
            days += (
                ", counting bank holidays anywhere in the United Kingdom"
                if set(self.nations) == set(NATIONS)
                else f", counting the bank holidays of {len(self.nations)} nations"
            )
        if not self.skipped:
            return days
        return f"{days}, skipping {_listed(closed.day for closed in self.skipped)}"


def working_days_after(start: date, n: int, nations: Sequence[str] = ("ENG",)) -> Deadline:
    """The last of `n` working days, the first being the one after `start`.

    `nations` are of ENG, WLS, SCT, NIR; a holiday in any of them is skipped. ValueError for a
    number of days outside 1 to 1,000 or a nation that is not one of these.
    """
    return _walked(start, n, nations, _ONE, n)


def clear_working_days_before(event: date, n: int, nations: Sequence[str] = ("ENG",)) -> Deadline:
    """The last day to give notice with `n` clear working days before an event.

    Clear days exclude both the day of the notice and the day of the event, so the notice is given
    at the latest on the last working day before those `n`.
    """
    # A holiday between the notice and the first clear day is skipped as well: notice can be given
    # only on a day when somebody is there to take it.
    return _walked(event, n + 1, nations, -_ONE, n)


def _walked(
    start: date, steps: int, nations: Sequence[str], step: timedelta, said: int
) -> Deadline:
    if not 1 <= said <= MOST_DAYS:
        raise ValueError(f"{said} working days cannot be counted; give 1 to {MOST_DAYS}.")
    asked = tuple(dict.fromkeys(nations))
    if not asked or set(asked) - set(NATIONS):
        raise ValueError(f"{nations!r} are not nations of the United Kingdom; use {NATIONS}.")
    day, done, skipped = start, 0, []
    while done < steps:
        day += step
        if day.weekday() >= 5:
            continue
        name = _closed(day, asked)
        if name is None:
            done += 1
        else:
            skipped.append(ClosedDay(day, name))
    return Deadline(day, start, said, asked, tuple(sorted(skipped, key=lambda c: c.day)))


def _closed(day: date, nations: tuple[str, ...]) -> str | None:
    names = [_bank_holidays(nation, day.year).get(day) for nation in nations]
    return next((name for name in names if name), None)


@cache
def _bank_holidays(nation: str, year: int) -> dict[date, str]:
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
