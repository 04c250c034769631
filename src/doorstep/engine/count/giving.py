"""Which voters' shares paid for what: the flow of money from supporters to projects, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .counting import entrants
from .election import Election
from .outcome import Outcome
from .plain import Purses, Rate, equal_shares
from .tally import tally

# Voters are grouped by how many of their choices were funded: each group from here to the next.
GROUPS = (0, 1, 2, 3, 4, 6)


@dataclass(frozen=True, slots=True)
class Givers:
    """Voters with between `least` and `most` funded choices (most is None in the last group).

    Money is in the currency unit: given is all their final shares together and what they carried
    over, paid what of it went to each project, kept the rest, which no group could spend.
    """

    least: int
    most: int | None
    people: int
    given: Fraction
    paid: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def kept(self) -> Fraction:
        return self.given - sum(self.paid.values(), Fraction())


def givers(election: Election, outcome: Outcome) -> list[Givers]:
    """Groups of voters with somebody in them, fewest funded choices first.

    Over all of them the payments for a project that shares paid for add up to its cost exactly.
    Empty where the rule gives voters no share.
    """
    if outcome.shares is None:
        return []
    counted = tally(election, outcome.rule)
    place = {project.id: p for p, project in enumerate(election.projects)}
    won = {place[one] for one in outcome.winners}
    group_of = [_group(sum(p in won for p in one.choices)) for one in election.ballots]
    people, brought = [0] * len(GROUPS), [0] * len(GROUPS)
    for ballot, group in enumerate(group_of):
        people[group] += counted.weight[ballot]
        if counted.carried:
            brought[group] += counted.weight[ballot] * counted.carried[ballot]
    paid: list[dict[str, Fraction]] = [{} for _ in GROUPS]

    def watch(purses: Purses, chosen: int, rate: Rate) -> None:
        # In parts of a grain: rate.below of them are one, on every scale of a purse a whole number.
        sums = [0] * len(GROUPS)
        for part, ballots in counted.support[chosen]:
            full = part * rate.above
            for b in ballots:
                held = purses.money[b] * (rate.below // purses.scales[purses.since[b]])
                sums[group_of[b]] += counted.weight[b] * min(full, held)
        for group, parts in enumerate(sums):
            if parts:
                amount = Fraction(parts, rate.below * counted.unit)
                paid[group][election.projects[chosen].id] = amount

    share = int(outcome.shares.final * counted.unit)
    equal_shares(counted, entrants(election, outcome.rule, counted), share, watch)
    ends = [*(least - 1 for least in GROUPS[1:]), None]
    return [
        Givers(
            least,
            ends[group],
            people[group],
            people[group] * outcome.shares.final + counted.money(brought[group]),
            paid[group],
        )
        for group, least in enumerate(GROUPS)
        if people[group]
    ]


def gathered(groups: Sequence[Givers], least: int) -> list[Givers]:
    """Neighbouring groups put together until each has at least so many people; none where all
    together have fewer. For pages on which no small group may be shown."""
    found: list[Givers] = []
    for one in groups:
        if found and found[-1].people < least:
            one = _together(found.pop(), one)
        found.append(one)
    if len(found) > 1 and found[-1].people < least:
        last = found.pop()
        found.append(_together(found.pop(), last))
    return found if found and found[0].people >= least else []


def _together(one: Givers, other: Givers) -> Givers:
    paid = {
        project: one.paid.get(project, Fraction()) + other.paid.get(project, Fraction())
        for project in {**one.paid, **other.paid}
    }
    people, given = one.people + other.people, one.given + other.given
    return Givers(one.least, other.most, people, given, paid)


def _group(funded: int) -> int:
    return max(group for group, least in enumerate(GROUPS) if funded >= least)
