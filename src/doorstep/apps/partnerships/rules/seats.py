"""Pure questions about seats: whose term ends, what is vacant, and who of those who stand is in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.apps.people.spells import said_day
from doorstep.apps.refused import Refused
from doorstep.engine.lot import drawn
from doorstep.engine.rulebook import Rule

WARN_BEFORE = timedelta(days=90)
# Seats that somebody must hold for the work to go on.
OFFICES = ("chair", "secretary", "treasurer")


class Seat(Protocol):
    since: date
    seat: str


def term_ends(since: date, years: Rule) -> date:
    """The day on which a term is over that began on `since`; 29 February counts as 28."""
    year = since.year + int(years.value)
    try:
        return since.replace(year=year)
    except ValueError:
        return since.replace(year=year, day=28)


@dataclass(frozen=True)
class Ending:
    """A term that is over, or will be within the time of the warning."""

    on: date
    over: bool


def ending(since: date, today: date, years: Rule) -> Ending | None:
    """Whether a term that began on `since` needs a word now."""
    on = term_ends(since, years)
    return Ending(on, on <= today) if on - WARN_BEFORE <= today else None


def vacant_offices(seats: Iterable[Seat]) -> list[str]:
    """Offices that nobody holds."""
    held = {seat.seat for seat in seats}
    return [office for office in OFFICES if office not in held]


def terms_warning(endings: Iterable[Ending]) -> str:
    """How many terms are over or end soon, in one sentence; "" for none."""
    found = sorted(endings, key=lambda one: one.on)
    if not found:
        return ""
    return ngettext(
        "%(n)s member’s term ends by %(day)s, or is over.",
        "The terms of %(n)s members end by %(day)s, or are over.",
        len(found),
    ) % {"n": len(found), "day": said_day(found[-1].on)}


def chosen_by_lot(seed: str, candidates: int, seats: int) -> list[int]:
    """The numbers of those who are in, in the order of the lot."""
    return drawn(seed, candidates)[:seats]


def chosen_by_votes(votes: Mapping[int, int], seats: int, seed: str) -> list[int]:
    """The numbers of those who are in: most votes first. Refused where a tie for the last seat has
    no lot to settle it; nobody without a vote is in."""
    lots = {number: place for place, number in enumerate(drawn(seed, max(votes)))} if seed else {}
    standing = [number for number, cast in votes.items() if cast > 0]
    ranked = sorted(standing, key=lambda number: (-votes[number], lots.get(number, 0), number))
    if len(ranked) > seats and not seed and votes[ranked[seats - 1]] == votes[ranked[seats]]:
        raise Refused(
            _(
                "Two who stand have the same number of votes for the last seat. Enter the public "
                "number that was named for the lot, and the lot decides between them."
            ),
            code="tie",
        )
    return ranked[:seats]


def plain_seed(text: str) -> str:
    """A seed as it is used: spaces evened out."""
    seed = " ".join(text.split())
    if len(seed) > 200:
        raise Refused(_("Write at most %(most)s characters.") % {"most": 200}, code="seed")
    return seed
