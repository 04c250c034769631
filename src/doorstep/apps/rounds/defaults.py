"""What a new round starts with: the rulebook's rule of counting, and days that the clock gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.deadlines import explained
from doorstep.apps.promises.queries import added_holidays
from doorstep.apps.rounds.asking import Asking
from doorstep.apps.rounds.models import Publication, RoundSize, Secrecy, VoteType
from doorstep.engine.count import Rule
from doorstep.engine.rulebook import Deadline, working_days_after
from doorstep.engine.rulebook import rule as rulebook

# Clock times to start from, to be changed by whoever drafts: letters are at hand from morning to
# evening, and a meeting is held when people are home.
DAY_BEGINS, DAY_ENDS = time(9), time(20)
MEETING_BEGINS, MEETING_ENDS = time(18), time(21)
UTILITY = {VoteType.APPROVAL: None, VoteType.CUMULATIVE: "score", VoteType.ORDINAL: "borda"}
EQUAL_SHARES, GREEDY = "equal-shares", "greedy"


@dataclass(frozen=True)
class Suggested:
    """What to start from, and how each day was worked out: {field: sentence}."""

    asking: Asking
    rule_name: str
    worked_out: Mapping[str, str]


def suggested(size: str, today: date, place: str, expected_voters: int) -> Suggested:
    """Terms that fit a size of vote, from today on, by the rules of a place."""

    def days(key: str) -> int:
        return int(rulebook(f"round.{key}", today, place).value)

    added = added_holidays()  # so that a holiday proclaimed since moves every day after it

    def after(start: date, count: int) -> Deadline:
        return working_days_after(start, count, added=added)

    room = size == RoundSize.ROOM
    ideas = after(today, days("days_for_ideas"))
    checks = after(ideas.due, days("days_for_checks"))
    opens = after(checks.due, 1 if room else days("days_for_letters"))
    closes = opens if room else after(opens.due, days("days_for_voting"))
    rule_name = GREEDY if room else str(rulebook("round.count_rule", today, place).value)
    asking = Asking(
        size=size,
        ideas_from=today,
        ideas_until=ideas.due,
        checked_by=checks.due,
        opens_at=moment(opens.due, MEETING_BEGINS if room else DAY_BEGINS),
        closes_at=moment(closes.due, MEETING_ENDS if room else DAY_ENDS),
        minimum_age=int(rulebook("round.minimum_age", today, place).value),
        publication=suggested_publication(size, rule_name, expected_voters, today, place),
        secrecy=Secrecy.ROOM if room else Secrecy.TRUSTEES,
        expected_voters=expected_voters,
    )
    return Suggested(
        asking,
        rule_name,
        {
            "ideas_until": explained(ideas),
            "checked_by": explained(checks),
            "opens_at": explained(opens),
            "closes_at": _("the evening of that meeting") if room else explained(closes),
        },
    )


def suggested_publication(
    size: str, rule_name: str, expected_voters: int, today: date, place: str
) -> Publication:
    """Totals in one room, and under Equal Shares with few voters, whose ballots could be told
    apart; else every ballot."""
    few = int(rulebook("round.whole_ballots_from", today, place).value)
    if size == RoundSize.ROOM or (rule_name == EQUAL_SHARES and expected_voters < few):
        return Publication.AGGREGATE
    return Publication.WHOLE


def rule_of(name: str, vote_type: str, today: date, place: str) -> Rule:
    """The rule of counting under a name, for a kind of ballot, as the rulebook has it.

    Its seed is drawn at the freeze.
    """
    utility = UTILITY[VoteType(vote_type)]
    if name != EQUAL_SHARES:
        return Rule(name=name, utility=utility or "count")

    def said(key: str) -> str:
        return str(rulebook(f"round.{key}", today, place).value)

    return Rule(
        name=name,
        utility=utility or said("utility"),
        completion=said("completion"),
        increment=int(said("increment")),
        integral_start=said("integral_start") == "True",
        stop_when_exhaustive=said("stop_when_exhaustive") == "True",
        ties=said("ties"),
    )


def moment(day: date, clock: time) -> datetime:
    """A clock time of a day in London."""
    return datetime.combine(day, clock, timezone.get_default_timezone())


def next_slug(place: str, year: int, taken: set[str]) -> str:
    """An id for a round from its place and year: `millbrook-east-2026`, then `…-2026-2`."""
    stem = f"{place[:33].strip('-')}-{year}"
    number = 2
    slug = stem
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug
