"""Pure questions about a plan: does it say where the whole sum goes, and may it be put forward?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol

from django.utils.translation import gettext as _

from doorstep.apps.ledger.rules import pounds
from doorstep.apps.partnerships.models import LineKind
from doorstep.apps.people.spells import said_day
from doorstep.apps.refused import Refused

LONGEST_WORDS, LONGEST_HOW = 5_000, 300
MOST_LINES = 60
# What pays for people and their confidence rather than for things.
FOR_PEOPLE = frozenset({"worker", "adviser", "training", "expenses", "childcare"})


@dataclass(frozen=True)
class DraftLine:
    """A line as it is typed; sums in pence. `by` is an ISO day or ""."""

    kind: str
    title: str
    pence: int
    now_pence: int = 0
    how: str = ""
    by: str = ""

    @property
    def label(self) -> str:
        return str(dict(LineKind.choices).get(self.kind, self.kind))

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.by) if self.by else None

    def kept(self) -> dict[str, Any]:
        return asdict(self)


class Costed(Protocol):
    """A line, drafted or put forward, as this room's questions see it."""

    @property
    def kind(self) -> str: ...
    @property
    def pence(self) -> int: ...
    @property
    def now_pence(self) -> int: ...


def drafted(draft: Mapping[str, Any]) -> list[DraftLine]:
    """The lines of a draft, in their order."""
    return [DraftLine(**line) for line in draft.get("lines", [])]


def refuse_bad_line(line: DraftLine) -> None:
    """A line pays for something, and spends no more now than it has in all."""
    if line.kind not in LineKind.values:
        raise Refused(_("Choose what the line pays for."), code="line_kind")
    if not 1 <= line.pence < 2**53:
        raise Refused(_("Give a line a sum above nothing."), code="line_pence")
    if line.now_pence > line.pence:
        raise Refused(
            _("This line would spend %(now)s in the plan’s years, more than its %(sum)s in all.")
            % {"now": pounds(line.now_pence), "sum": pounds(line.pence)},
            code="line_now",
        )
    if line.kind == LineKind.LATER and line.now_pence:
        raise Refused(
            _("What is kept for later is not spent in this plan. Give it another kind."),
            code="line_later",
        )


def total(lines: Iterable[Costed]) -> int:
    return sum(line.pence for line in lines)


def refuse_another_sum(lines: Sequence[Costed], allocation: int) -> None:
    """The lines come to exactly what the place was given: not a penny over, and none forgotten."""
    summed = total(lines)
    if summed > allocation:
        raise Refused(
            _(
                "The lines come to %(sum)s. That is %(over)s more than the %(whole)s that this "
                "place was given. Make a line smaller."
            )
            % {
                "sum": pounds(summed),
                "over": pounds(summed - allocation),
                "whole": pounds(allocation),
            },
            code="over_the_allocation",
        )
    if summed < allocation:
        raise Refused(
            _(
                "%(left)s of the %(whole)s that this place was given stands in no line. Add a "
                "line for it, such as one that is kept for what is decided later."
            )
            % {"left": pounds(allocation - summed), "whole": pounds(allocation)},
            code="under_the_allocation",
        )
    if not any(line.now_pence for line in lines):
        raise Refused(
            _("No line says what is spent in the plan’s own years. That is its action plan."),
            code="no_action",
        )


def refuse_bad_years(begins_on: date | None, ends_on: date | None, last: date, on: date) -> None:
    """A plan runs from a day to a later one, within the years for which the money was given."""
    if begins_on is None or ends_on is None or ends_on <= begins_on or ends_on <= on:
        raise Refused(
            _("Say from which day the plan runs and until when; it ends on a later day to come."),
            code="plan_years",
        )
    if ends_on > last:
        raise Refused(
            _("The money is for the years until %(day)s. Let the plan end by then.")
            % {"day": said_day(last)},
            code="plan_years",
        )


@dataclass(frozen=True)
class Share:
    """What the lines of one kind come to, of the whole."""

    kind: str
    label: str
    pence: int
    percent: int


def shares(lines: Sequence[Costed]) -> list[Share]:
    """What each kind of line comes to, largest first; per cent rounded down."""
    whole = total(lines)
    found: dict[str, int] = {}
    for line in lines:
        found[line.kind] = found.get(line.kind, 0) + line.pence
    labels = dict(LineKind.choices)
    made = [
        Share(kind, str(labels[kind]), pence, pence * 100 // whole) for kind, pence in found.items()
    ]
    return sorted(made, key=lambda one: -one.pence)


def for_people(lines: Iterable[Costed]) -> int:
    """Pence for a worker, advice, training, expenses and childcare."""
    return sum(line.pence for line in lines if line.kind in FOR_PEOPLE)
