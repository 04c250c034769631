"""How steady is each win? Recounts of ballots drawn again from the ballots cast, with replacement.

Each recount draws as many ballots as were cast, each time any of them with the same chance: some
count twice, some not at all. The share of recounts in which an idea wins says how much of its win
rests on who happened to vote. Exact chances are hard to find (Boehmer, Faliszewski, Janeczko,
Kaczmarczyk, "Robustness of Participatory Budgeting Outcomes", 2023), so they are sampled.

The draws are the same on every machine: recount number r takes the 64-bit words of PCG64, seeded by
NumPy's SeedSequence over the SHA-256 of the seed's UTF-8 text (as eight 32-bit words, the first
bytes first, each big-endian) and then r. NumPy promises both streams. Of each word the top 53 bits
are kept; a number at or above the largest multiple of the ballots is passed over; the rest modulo
the ballots is which ballot is drawn, ballots being numbered class by class in the profile's order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import sha256
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .counting import entrants
from .decide import winners
from .election import WITHDRAWN, Election
from .layers import layer_named
from .rule import Rule
from .tally import Tally, lot, tally

Whole = NDArray[np.int64]
# Told after each recount how many are done, and of how many.
Told = Callable[[int, int], None]
# For 95 in 100.
NORMAL = 1.959963984540054
BITS = 53


@dataclass(frozen=True, slots=True)
class Steadiness:
    """In how many of the recounts one project won, and between which shares the true share lies
    with 95% confidence (Wilson's interval); won says whether it won the count itself."""

    project: str
    won: bool
    wins: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Robustness:
    """So many recounts with this seed; same_winners had exactly the winners of the count."""

    recounts: int
    seed: str
    same_winners: int
    projects: tuple[Steadiness, ...]


def robustness(
    election: Election,
    rule: Rule,
    *,
    recounts: int = 1000,
    seed: str = "",
    told: Told | None = None,
    layer: str | None = None,
) -> Robustness:
    """Count drawn ballots again and again. The same for the same seed on any machine.

    Raises ValueError for a number of recounts below 1, or an election without ballots.
    """
    if recounts < 1:
        raise ValueError("at least one recount is needed")
    if not election.voters:
        raise ValueError("there are no ballots to draw from")
    if election.carried:
        raise ValueError("drawn voters would carry over more or less than there is")
    settled = rule.settled(election)
    drawn = _Drawn(election, settled, seed)
    engine = layer_named(layer)
    first = winners(drawn.base, settled, entrants(election, settled, drawn.base), engine)
    wins, same = [0] * len(election.projects), 0
    for number in range(recounts):
        again, taking_part = drawn.tally(number)
        found = winners(again, settled, taking_part, engine)
        for p in found:
            wins[p] += 1
        same += set(found) == set(first)
        if told:
            told(number + 1, recounts)
    return Robustness(
        recounts,
        seed,
        same,
        tuple(
            Steadiness(project.id, p in first, wins[p], *wilson(wins[p], recounts))
            for p, project in enumerate(election.projects)
        ),
    )


def wilson(wins: int, of: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share (1927): it never leaves 0 to 1, and is sound near both."""
    share, z = wins / of, NORMAL
    middle = share + z * z / (2 * of)
    around = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    whole = 1 + z * z / of
    return (
        0.0 if not wins else max(0.0, (middle - around) / whole),
        1.0 if wins == of else min(1.0, (middle + around) / whole),
    )


class _Drawn:
    """The tally of the ballots cast, weighted anew for each recount."""

    def __init__(self, election: Election, rule: Rule, seed: str) -> None:
        self.election, self.rule = election, rule
        self.base = tally(election, rule)
        digest = sha256(seed.encode()).digest()
        self.seed = [int.from_bytes(digest[n : n + 4], "big") for n in range(0, 32, 4)]
        weights = np.frombuffer(election.profile.weights, dtype=np.int64)
        self.who = np.repeat(np.arange(len(weights), dtype=np.int64), weights)
        self.named = _named(election)
        self.lots = [lot(rule.seed, project.id) for project in election.projects]
        self.gone = {p for p, one in enumerate(election.projects) if one.extra.get(WITHDRAWN)}
        self.entries = _entries(self.base)

    def weights(self, number: int) -> Whole:
        """How many voters of each class recount number `number` draws."""
        voters = len(self.who)
        words = np.random.PCG64(np.random.SeedSequence([*self.seed, number]))
        limit = 2**BITS - 2**BITS % voters
        kept: list[NDArray[np.uint64]] = []
        missing = voters
        while missing:
            drawn = np.asarray(words.random_raw(missing), dtype=np.uint64) >> np.uint64(64 - BITS)
            drawn = drawn[drawn < limit]
            kept.append(drawn)
            missing -= len(drawn)
        ballots = (np.concatenate(kept) % np.uint64(voters)).astype(np.int64)
        return np.bincount(self.who[ballots], minlength=len(self.base.weight))

    def tally(self, number: int) -> tuple[Tally, list[int]]:
        """The tally of one recount, and who takes part in it."""
        weights, base = self.weights(number), self.base
        projects, classes, parts = self.entries
        each: list[int] = []
        if parts is None:
            each = [0] * len(base.cost)
            for p, groups in enumerate(base.support):
                each[p] = sum(part * int(weights[group].sum()) for part, group in groups)
        else:
            each = _summed(projects, weights[classes] * parts, len(base.cost))
        votes = _summed(*self._votes(weights), len(base.cost))
        cost, lots, listed = base.cost, self.lots, self.election.projects
        order = sorted(range(len(cost)), key=lambda p: (cost[p], -votes[p], lots[p], listed[p].id))
        place = [0] * len(order)
        for at, p in enumerate(order):
            place[p] = at
        again = replace(
            base,
            weight=weights.tolist(),
            parts=each,
            votes=votes,
            score=[Fraction(total, base.part_size) for total in each],
            tie_order=place,
        )
        _reweigh(base, again, weights)
        threshold = self.rule.threshold
        return again, [
            p
            for p in range(len(cost))
            if each[p]
            and p not in self.gone
            and cost[p] <= base.pot
            and (threshold is None or again.score[p] >= threshold)
        ]

    def _votes(self, weights: Whole) -> tuple[Whole, Whole]:
        projects, classes = self.named
        return projects, weights[classes]


def _named(election: Election) -> tuple[Whole, Whole]:
    """Every project named on a ballot, and the class that names it."""
    starts = np.frombuffer(election.profile.starts, dtype=np.int64)
    choices = np.frombuffer(election.profile.choices, dtype=np.int32).astype(np.int64)
    return choices, np.repeat(np.arange(len(starts) - 1, dtype=np.int64), np.diff(starts))


def _entries(base: Tally) -> tuple[Whole, Whole, Whole | None]:
    """Every supporting entry: project, class, parts; None where sums may pass 2^53, and lists are
    added up instead."""
    try:
        ready = base.supporters.entries
        parts = np.ones(len(ready.members), np.int64) if ready.each is None else ready.each
        if int(parts.max(initial=0)) * base.voters < 2**BITS:
            owners = np.repeat(np.arange(len(ready.start) - 1), np.diff(ready.start))
            return owners.astype(np.int64), ready.members, parts
    except OverflowError:
        pass
    nothing = np.zeros(0, dtype=np.int64)
    return nothing, nothing, None


def _summed(projects: Whole, amounts: Whole, among: int) -> list[int]:
    """Whole numbers added up by project; floats hold them exactly below 2^53."""
    return [int(one) for one in np.bincount(projects, weights=amounts, minlength=among)]


def _reweigh(base: Tally, again: Tally, weights: Whole) -> None:
    """Hand the columns on, so that a fast layer need not lay out the same ballots again."""
    ready: Any = base.columns
    again.__dict__["columns"] = ready and replace(
        ready, weight=weights, parts=again.parts, order=again.tie_order
    )
