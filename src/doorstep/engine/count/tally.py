"""The ballots made ready for counting: whole numbers only, and one order for every tie.

Money is counted in grains, so small that every share, cost and step is a whole number of them:
a currency unit is `unit` grains, the number of voters times the least common denominator of all
amounts in play. So no rule ever rounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from math import lcm
from typing import TYPE_CHECKING

from .election import SCORED_TYPES, Election
from .rule import Rule
from .supporters import POINTS, RANKS, Support, Supporters

if TYPE_CHECKING:
    from .columns import Columns


@dataclass(frozen=True)
class Tally:
    """One election under one settled rule. Projects and ballots are known by their position.

    cost, pot and step are in grains; parts is what all supporters of a project get from it
    together; part_size is how many parts make one unit of utility
    (points may have decimals, parts have none); score is what the greedy rules rank by. carried,
    if not None, is what each voter of a ballot has beside the equal share, in grains.
    """

    unit: int
    voters: int
    pot: int
    step: int
    cost: list[int]
    weight: list[int]
    supporters: Supporters
    parts: list[int]
    part_size: int
    by_cost: bool
    votes: list[int]
    score: list[Fraction]
    tie_order: list[int]
    carried: list[int] | None = None

    @property
    def support(self) -> list[Support]:
        """Who supports each project, as lists."""
        return self.supporters.support

    @cached_property
    def columns(self) -> Columns | None:
        """The same as NumPy columns; None without NumPy, or where numbers are too large for it."""
        try:
            from .columns import columns  # only a fast layer asks
        except ImportError:
            return None
        return columns(self)

    @property
    def brought(self) -> int:
        """What all voters carried over together, in grains."""
        return sum(w * c for w, c in zip(self.weight, self.carried or (), strict=False))

    def first(self, tied: Sequence[int]) -> int:
        """The one among tied projects that our order puts first."""
        return min(tied, key=self.tie_order.__getitem__)

    def ranked(self, projects: Sequence[int]) -> list[int]:
        """Highest score first; among equals our tie order."""
        return sorted(projects, key=lambda p: (-self.score[p], self.tie_order[p]))

    def money(self, grains: int) -> Fraction:
        """Grains in the currency unit of the file."""
        return Fraction(grains, self.unit)


def lot(seed: str, project_id: str) -> str:
    """The lot that decides between projects of equal cost and equal votes: the lowest wins."""
    return sha256((seed + project_id).encode()).hexdigest()


def tally(election: Election, rule: Rule) -> Tally:
    """Prepare an election for a rule that is settled for it (Rule.settled)."""
    projects = election.projects
    brought = election.carried.each if election.carried else ()
    amounts = [election.budget, Fraction(rule.increment or 0), *(p.cost for p in projects)]
    amounts += brought
    unit = lcm(*(amount.denominator for amount in amounts)) * max(election.voters, 1)
    supporters = _supporters(election, rule)
    votes, parts = supporters.totals()
    order = sorted(
        range(len(projects)),
        key=lambda p: (projects[p].cost, -votes[p], lot(rule.seed, projects[p].id), projects[p].id),
    )
    return Tally(
        unit=unit,
        voters=election.voters,
        pot=int(election.budget * unit),
        step=int(Fraction(rule.increment or 0) * unit),
        cost=[int(project.cost * unit) for project in projects],
        weight=election.profile.weights.tolist(),
        supporters=supporters,
        parts=parts,
        part_size=supporters.part_size,
        by_cost=rule.utility == "cost",
        votes=votes,
        score=[Fraction(total, supporters.part_size) for total in parts],
        tie_order=[place for _, place in sorted(zip(order, range(len(order)), strict=True))],
        carried=[int(amount * unit) for amount in brought] if election.carried else None,
    )


def _supporters(election: Election, rule: Rule) -> Supporters:
    """Borda has two scales in the field. The greedy rules rank by Pabulib's `score` column: k for
    the first of k ranked, 1 for the last. Equal Shares follows Borda's own count and pabutools: one
    less, so that the last of a ranking is worth nothing to whoever ranked it.
    """
    projects = len(election.projects)
    if rule.utility == "score" and election.vote_type in SCORED_TYPES:
        return Supporters(election.profile, projects, POINTS)
    if rule.utility == "borda":
        return Supporters(election.profile, projects, RANKS, int(rule.name == "equal-shares"))
    return Supporters(election.profile, projects)
