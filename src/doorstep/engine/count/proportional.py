"""Was a group left out that was large enough to pay for an idea all of its members supported?

The check, in money: an unfunded idea p and a group S of its supporters break it when S's part of
the pot is at least the cost of p on top of what the funded choices of any one of them cost:

    |S| / voters x pot  >=  cost(p) + max over i in S of cost(i's funded choices).

In numbers (for a count in which every idea is worth the same to whoever supports it): when S's
part of the pot pays for p at its price, and as often again as the luckiest of them has a funded
choice, |S| / voters x pot >= cost(p) x (1 + max over i in S of the number of i's funded choices).

With equal costs both are EJR+ (Brill & Peters, "Robust and Verifiable Proportionality Axioms for
Multiwinner Voting", EC 2023), which like it takes one sort of each idea's supporters to check. The
form for costs is ours: it is not their definition for budgets. Equal Shares never breaks the form
of its own utility, whatever completes it, because a member who could no longer pay cost / |S| had
already bought, at no higher rate, more than the rest of the group's part is worth.

Where something is carried over, voter i began with x(i), and the check is asked of each member:

    |S| x(i)  >=  cost(p) + cost(i's funded choices), for every i in S

(in numbers likewise). It says what S could have paid had all its members begun with as little as
that one. With equal purses it is the form above, and the same proof holds, member by member.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from .choices import Choices
from .outcome import Outcome

MEASURES = ("cost", "count")
# Reasons that take an idea out before anybody's vote is asked.
OUT = ("withdrawn", "below_threshold")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A group that was left out. Money is in the currency unit, exact.

    people support the project and have at most `most` (money of funded choices, or their number);
    their part of the pot is `part`, and `needed` would have been enough for the check to ask. Where
    something is carried over, `most` is of the member who comes nearest to the check's end, and
    `part` is that member's beginning times the people.
    """

    project: str
    people: int
    most: Fraction
    part: Fraction
    needed: Fraction


def measure_of(outcome: Outcome) -> str | None:
    """What the check measures for a count: money, numbers for utility count under Equal Shares,
    None where what an idea is worth differs between its supporters (points and ranks)."""
    if outcome.rule.utility in ("score", "borda"):
        return None
    counts = outcome.rule.name == "equal-shares" and outcome.rule.utility == "count"
    return "count" if counts else "cost"


def left_out(choices: Choices, outcome: Outcome, measure: str = "cost") -> list[LeftOut]:
    """For every unfunded idea the group that was left out most, if any; the worst first.

    Empty means that the check holds. Exact. Raises ValueError for a measure that is not known.
    """
    if measure not in MEASURES:
        raise ValueError(f"{measure!r} is not measured: use one of {MEASURES}")
    out = {verdict.id for verdict in outcome.verdicts if verdict.reason.code in OUT}
    found: list[LeftOut] = []
    for p, project in enumerate(choices.election.projects):
        if p not in choices.winners and project.id not in out and len(choices.supporters[p]):
            if choices.election.carried:
                group = _largest(choices, p, measure)
            else:
                group = _worst(choices, p, measure)
            if group is not None:
                found.append(group)
    return sorted(found, key=lambda one: (one.needed - one.part, one.project))


def _worst(choices: Choices, p: int, measure: str) -> LeftOut | None:
    """The group with the greatest part beyond what is needed: those with least come first."""
    classes, voters = choices.supporters[p], choices.election.voters
    has = choices.funded_cost if measure == "cost" else choices.funded_number
    order = np.argsort(has[classes], kind="stable")
    sorted_has: Any = has[classes][order]
    people: Any = np.cumsum(choices.weights[classes][order])
    if choices.wide:
        people = people.astype(object)
    cost = choices.cost[p]
    needed = sorted_has + cost if measure == "cost" else (sorted_has + 1) * cost
    # All in units of 1 / (size x voters).
    beyond = people * choices.pot - needed * voters
    best = int(np.argmax(beyond))
    if beyond[best] < 0:
        return None
    size, most = choices.size, int(sorted_has[best])
    return LeftOut(
        choices.election.projects[p].id,
        int(people[best]),
        Fraction(most, size) if measure == "cost" else Fraction(most),
        Fraction(int(people[best]) * choices.pot, voters * size),
        Fraction(int(needed[best]), size),
    )


def _largest(choices: Choices, p: int, measure: str) -> LeftOut | None:
    """The largest group that was left out, where voters began with unequal purses.

    A member asks for a group of so many people: what is needed over the own beginning. So those
    who ask for the smallest come first, and a group is left out if it has as many as each asks.
    """
    election = choices.election
    assert election.carried is not None
    each, weights = election.carried.each, election.profile.weights
    rest = election.budget - sum(
        (more * weight for more, weight in zip(each, weights, strict=True)), Fraction()
    )
    cost, size = Fraction(choices.cost[p], choices.size), choices.size
    asking = []
    for c in choices.supporters[p].tolist():
        if measure == "cost":
            most = Fraction(int(choices.funded_cost[c]), size)
            needed = cost + most
        else:
            most = Fraction(int(choices.funded_number[c]))
            needed = cost * (1 + most)
        begun = rest / election.voters + each[c]
        asking.append((needed / begun, c, begun, needed, most))
    asking.sort(key=lambda one: one[:2])
    people, group = 0, 0
    for number, (asks, c, *_) in enumerate(asking, start=1):
        people += weights[c]
        if people >= asks:
            group = number
    if not group:
        return None
    people = sum(weights[c] for _, c, *_ in asking[:group])
    _, _, begun, needed, most = min(asking[:group], key=lambda one: people * one[2] - one[3])
    return LeftOut(election.projects[p].id, people, most, people * begun, needed)
