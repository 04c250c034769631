"""A finished count of shares laid open, for whoever asks further questions about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from .counting import entrants
from .election import Election
from .layers import layer_named
from .outcome import Outcome
from .plain import Round
from .purchases import Purchases
from .reasons import Shortfalls
from .tally import Tally, lot, tally

# One run of Equal Shares: tally, those who take part, the share in grains.
Run = Callable[[Tally, Iterable[int], int], list[Round]]


@dataclass(frozen=True)
class Final:
    """The run at the final share of a count by Equal Shares.

    tally and share are in grains; entrants are those who take part; rounds are those that shares
    paid (a completion adds others). All figures that are asked of it hold at this share.
    """

    election: Election
    outcome: Outcome
    tally: Tally
    entrants: list[int]
    share: int
    run: Run

    @classmethod
    def of(cls, election: Election, outcome: Outcome, layer: str | None = None) -> Final | None:
        """The final run of a count of this election; None where voters had no shares.

        Raises OverflowError where there are more points than NumPy adds exactly (2^53).
        """
        if outcome.shares is None:
            return None
        ready = tally(election, outcome.rule)
        share = outcome.shares.final * ready.unit
        if share.denominator != 1:
            raise ValueError("this outcome is not of these ballots")
        taking_part = entrants(election, outcome.rule, ready)
        run = layer_named(layer).equal_shares
        return cls(election, outcome, ready, taking_part, int(share), run)

    @cached_property
    def rounds(self) -> list[Round]:
        return self.run(self.tally, self.entrants, self.share)

    @cached_property
    def purchases(self) -> Purchases:
        return Purchases(self.tally, self.share, self.rounds)

    @cached_property
    def lots(self) -> list[str]:
        return [lot(self.outcome.rule.seed, project.id) for project in self.election.projects]

    @cached_property
    def losers(self) -> list[int]:
        """Positions of those who take part and were not funded, by shares or otherwise."""
        won = set(self.outcome.winners)
        return [p for p in self.entrants if self.id(p) not in won]

    @cached_property
    def rates(self) -> Shortfalls:
        """For its arithmetic of rates and ties."""
        return Shortfalls(self.tally, (), self.share, self.lots)

    def id(self, position: int) -> str:
        return self.election.projects[position].id

    def money(self, grains: Fraction | int) -> Fraction:
        """Grains in the currency unit."""
        return Fraction(grains) / self.tally.unit
