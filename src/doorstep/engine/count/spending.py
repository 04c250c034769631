"""What the share of one voter paid for, exactly: the counted ballots played through once more.

Under the Method of Equal Shares every funded idea is paid for out of its supporters' shares, so
anyone who voted can be told, to the penny, where theirs went.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from .counting import entrants
from .election import Election
from .plain import Purses, Rate, equal_shares
from .profile import Ballot
from .rule import Rule, RuleError
from .tally import tally


@dataclass(frozen=True, slots=True)
class Spending:
    """How one voter's share was spent, in the currency unit.

    share is what the voter could give when the count ended (Outcome.shares.final); paid names
    each project that the share helped to pay for, in the order funded, with the amount. A project
    of this ballot that was funded out of what was left of the pot is not among them: no share
    paid for it.
    """

    share: Fraction
    paid: tuple[tuple[str, Fraction], ...]

    @property
    def spent(self) -> Fraction:
        """What was paid altogether."""
        return sum((amount for _, amount in self.paid), Fraction())

    @property
    def kept(self) -> Fraction:
        """What no group of supporters could spend together with this voter."""
        return self.share - self.spent


def spending(
    election: Election, rule: Rule, share: Fraction, ballots: Iterable[Ballot]
) -> list[Spending]:
    """How one voter of each of these ballots spent `share`, the final share of the count.

    `ballots` are among `election.ballots`; whoever voted alike paid alike. Over all ballots, each
    times its weight, the payments for a project add up to its cost exactly. Raises RuleError for
    a rule that gives voters no share, ValueError for a ballot of another election.
    """
    settled = rule.settled(election)
    if settled.name != "equal-shares":
        raise RuleError(f"{settled.name} gives voters no share, so no share was spent.")
    if election.carried:
        raise RuleError("where something is carried over, voters who vote alike spend differently.")
    counted = tally(election, settled)
    grains = share * counted.unit
    if grains.denominator != 1:
        raise ValueError("this is not the final share of a count of these ballots")
    place = {ballot: position for position, ballot in enumerate(election.ballots)}
    asked = list(ballots)
    if any(ballot not in place for ballot in asked):
        raise ValueError("a ballot is none of this election")
    wanted = {place[ballot] for ballot in asked}
    paid: dict[int, list[tuple[str, Fraction]]] = {position: [] for position in wanted}

    def watch(purses: Purses, chosen: int, rate: Rate) -> None:
        for part, group in counted.support[chosen]:
            price = Fraction(part * rate.above, rate.below)
            for position in wanted.intersection(group):
                held = Fraction(purses.money[position], purses.scales[purses.since[position]])
                amount = min(price, held) / counted.unit
                paid[position].append((election.projects[chosen].id, amount))

    equal_shares(counted, entrants(election, settled, counted), int(grains), watch)
    return [Spending(share, tuple(paid[place[ballot]])) for ballot in asked]


def in_whole_parts(amounts: Sequence[Fraction]) -> list[int]:
    """Amounts rounded to whole numbers that still add up to their sum, itself rounded down.

    Each is rounded down, and what the sum still lacks goes, one each, to those that lost most
    (the earlier of equals). So none is off by one or more.
    """
    whole = [floor(amount) for amount in amounts]
    lacking = floor(sum(amounts, Fraction())) - sum(whole)
    by_loss = sorted(range(len(amounts)), key=lambda i: (whole[i] - amounts[i], i))
    for i in by_loss[:lacking]:
        whole[i] += 1
    return whole
