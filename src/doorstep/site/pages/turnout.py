"""Who took part, against who lives there: small numbers kept back, so that nobody is picked out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import body_of
from doorstep.apps.rounds.models import Round
from doorstep.apps.voting.models import Way
from doorstep.engine.rulebook import rule
from doorstep.site.words import counted

Table = tuple[str, list[str | tuple[str, str]], list[tuple[str, str]]]


def least_shown() -> int:
    """The least number of people that is shown as a number."""
    value = rule("turnout.least_shown", on=timezone.localdate()).value
    if not isinstance(value, int):
        raise TypeError("turnout.least_shown is a whole number of people")
    return value


@dataclass(frozen=True)
class Cell:
    """One number of people as it may be shown; `people` is None where it is kept back."""

    name: str
    people: int | None
    shown: str


@dataclass(frozen=True)
class Turnout:
    """How many voted of how many who live there, and by which way, where that is known."""

    voters: int
    population: int
    by_way: list[Cell]

    @property
    def percent(self) -> str:
        """Voters for each hundred who live there, to one place; never rounded up."""
        if not self.voters:
            return "0"
        if self.voters * 1000 < self.population:
            return _("less than 0.1")
        return f"{self.voters * 1000 // self.population / 10:.1f}"


def kept_back(numbers: Mapping[str, int], least: int) -> dict[str, bool]:
    """{name: whether a number must be kept back}, given that their sum is public.

    First every number under `least` that is not nothing. Then, while one of those could be worked
    out from the sum and what is shown, the smallest number still shown (the first of equals).
    """
    hidden = {name: 0 < people < least for name, people in numbers.items()}
    while any(_can_be_worked_out(name, numbers, hidden, least) for name in numbers if hidden[name]):
        shown = [name for name in numbers if not hidden[name] and numbers[name]]
        if not shown:
            break
        hidden[min(shown, key=lambda name: numbers[name])] = True
    return hidden


def _can_be_worked_out(
    name: str, numbers: Mapping[str, int], hidden: Mapping[str, bool], least: int
) -> bool:
    """Whether only one value of a small number fits. A reader knows the sum of the hidden ones,
    and of each whether it is from 1 to below `least`, or more."""
    if numbers[name] >= least:
        return False
    total = sum(people for other, people in numbers.items() if hidden[other])
    others = [numbers[other] for other in numbers if hidden[other] and other != name]
    lowest = sum(1 if people < least else least for people in others)
    open_ended = any(people >= least for people in others)
    highest = total if open_ended else sum(least - 1 for _people in others)
    return max(1, total - highest) >= min(least - 1, total - lowest)


def cells(numbers: Mapping[str, int]) -> list[Cell]:
    """Numbers of people as they may be shown beside their sum. One group alone says nothing."""
    if len([people for people in numbers.values() if people]) < 2:
        return []
    least = least_shown()
    hidden = kept_back(numbers, least)
    small = _("fewer than %(n)s") % {"n": least}
    return [
        Cell(name, None, small if people < least else _("not shown"))
        if hidden[name]
        else Cell(name, people, f"{people:,}")
        for name, people in numbers.items()
    ]


def box_opened(round_: Round) -> dict[str, Any]:
    """What the record says of opening the round's box: by whom, and ballots by way. {} if nothing.

    Read from the leaf, because what stood in tables is destroyed when the poll is sealed.
    """
    if round_.closed is None:
        return {}
    # It is written just before the leaf that closes the round.
    before = Leaf.objects.filter(kind="voting.box_opened", idx__lt=round_.closed.idx)
    leaf = before.order_by("-idx").first()
    body = (leaf and body_of(leaf)) or {}
    return body if body.get("round") == round_.slug else {}


def turnout(round_: Round, voters: int, opened: Mapping[str, Any]) -> Turnout:
    """Who took part in a counted round; `opened` is what `box_opened` read."""
    ways = {str(way.label): opened[way.value] for way in Way} if opened else {}
    return Turnout(voters, round_.place.population, cells(ways))


def tables(told: Turnout) -> list[Table]:
    """(caption, columns, rows) of each way in which voters are told apart."""
    if not told.by_way:
        return []
    columns: list[str | tuple[str, str]] = [_("Way"), (_("Voters"), "number")]
    return [(_("How they voted"), columns, [(cell.name, cell.shown) for cell in told.by_way])]


def in_words(told: Turnout, round_: Round) -> str:
    """The one sentence: voters, people who live there, the year and the source of that figure."""
    place = round_.place
    return _(
        "%(voters)s voted. %(people)s of every age lived in %(place)s in %(year)s (%(source)s), so "
        "that is %(percent)s in every hundred."
    ) % {
        "voters": counted(told.voters, "people"),
        "people": counted(told.population, "people"),
        "place": place.name,
        "year": place.population_year,
        "source": place.population_source,
        "percent": told.percent,
    }
