"""Every purse after every purchase, kept as counts rather than as money.

A purse holds the share, and what its voter carried over, less the rate of each round that its
voter paid in full, and nothing once a round took all it had. So any group of voters holds together

    share x people + carried - sum over rounds of rate x parts they paid in full there,

whole numbers that NumPy adds exactly, times few exact rates. plain.py plays the rounds with one
long number for each purse; here they are played in floats with a bound on their error, and a
float decides only where the bound allows no other answer. Everything that leaves this module is
exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from .plain import Rate, Round
from .supporters import LARGEST_BITS
from .tally import Tally

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

# Twice the relative error of one float operation.
GRAIN = 2.0**-52
# Sums of whole numbers are exact in float64 below this, and so in int64.
MOST = 2**53


@dataclass(frozen=True, slots=True)
class Backers:
    """Who supports one project: ballots (positions, ascending) and their parts."""

    ballots: Whole
    parts: Whole


@dataclass(frozen=True, slots=True)
class Purchase:
    """One paid round: its project, its rate, who was still able to pay it in full, and who gave
    the last they had. Both are positions of ballots; the parts belong to the first."""

    project: int
    rate: Rate
    able: Whole
    parts: Whole
    emptied: Whole


@dataclass
class Purchases:
    """The paid rounds of one run of equal_shares at one share, played through.

    largest is the most that one voter begins with. Raises OverflowError where the votes times the
    points, or all that is carried over, are too many to be added exactly.
    """

    tally: Tally
    share: int
    rounds: Sequence[Round]
    money: Floats = field(init=False)
    emptied_in: Whole = field(init=False)
    paid: list[Purchase] = field(default_factory=list)

    def __post_init__(self) -> None:
        tally = self.tally
        self.entries = tally.supporters.entries
        each = self.entries.each
        if each is not None and tally.voters * int(each.max(initial=1)) >= MOST:
            raise OverflowError("too many points to be added exactly")
        if tally.brought.bit_length() > LARGEST_BITS:
            raise OverflowError("too much is carried over to be added in 64 bits")
        self.carried: Whole | None = None
        if tally.carried is not None:
            self.carried = np.array(tally.carried, dtype=np.int64)
        self.largest = self.share + max(tally.carried or (0,))
        self.rounds = [one for one in self.rounds if one.rate and one.rate.above]
        self.weight: Whole = np.array(tally.weight, dtype=np.int64)
        self.backers: dict[int, Backers] = {}
        below = [one.rate.below for one in self.rounds if one.rate]
        self.scale = lcm(*below)
        self.rates = [
            one.rate.above * (self.scale // one.rate.below) for one in self.rounds if one.rate
        ]
        self._restart()
        for one in self.rounds:
            self._buy(one)
        self._index()

    def of(self, project: int) -> Backers:
        """Who supports a project, as arrays; built once."""
        if project not in self.backers:
            stretch = slice(self.entries.start[project], self.entries.start[project + 1])
            ballots, each = self.entries.members[stretch], self.entries.each
            parts = np.ones(len(ballots), dtype=np.int64) if each is None else each[stretch]
            self.backers[project] = Backers(ballots, parts)
        return self.backers[project]

    # Playing through ------------------------------------------------------------------------

    def _restart(self) -> None:
        """Nobody has paid anything. error bounds |money - the exact purse|, for any purse."""
        self.money = np.full(len(self.weight), float(self.share))
        if self.carried is not None:
            self.money += self.carried
        self.error = 2 * self.largest * GRAIN
        self.emptied_in = np.full(len(self.weight), len(self.rounds), dtype=np.int64)

    def _buy(self, one: Round) -> None:
        assert one.rate is not None
        backers, now = self.of(one.project), len(self.paid)
        able = self.able(backers, one.rate, now)
        ids, parts = backers.ballots[able], backers.parts[able]
        rest = backers.ballots[~able]
        emptied = rest[self.emptied_in[rest] > now]
        self.paid.append(Purchase(one.project, one.rate, ids, parts, emptied))
        self.emptied_in[emptied] = now
        self._pay(self.paid[now])

    def _pay(self, one: Purchase) -> None:
        # Each payment and each difference is off by less than GRAIN of the fullest purse.
        self.money[one.able] -= one.parts * (one.rate.above / one.rate.below)
        self.money[one.emptied] = 0.0
        self.error += 3 * self.largest * GRAIN

    def replay(self) -> Iterator[int]:
        """Play once more: yields the number of each paid round, with money as before it is paid."""
        last = self.emptied_in
        self._restart()
        self.emptied_in = last
        for number, one in enumerate(self.paid):
            yield number
            self._pay(one)

    def able(self, backers: Backers, rate: Rate, now: int) -> Truths:
        """Which backers can pay a rate in full before round `now`; money must be as it was then."""
        asked = backers.parts * (rate.above / rate.below)
        held = self.money[backers.ballots]
        able: Truths = held >= asked
        unsure = np.flatnonzero(np.abs(held - asked) <= self.error + 2 * GRAIN * asked)
        if len(unsure):
            able[unsure] = self._exactly_able(
                backers.ballots[unsure], backers.parts[unsure], rate, now
            )
        return able

    def _exactly_able(self, ballots: Whole, parts: Whole, rate: Rate, now: int) -> list[bool]:
        """The same, with whole numbers, for the few whom floats cannot tell."""
        history = np.zeros((len(ballots), now + 1), dtype=np.int64)
        for number, one in enumerate(self.paid[:now]):
            found, mine, theirs = np.intersect1d(ballots, one.able, return_indices=True)
            if len(found):
                history[mine, number] = one.parts[theirs]
        history[:, now] = parts
        known: dict[tuple[bytes, int], bool] = {}
        answers = []
        begun = self._begun(ballots)
        for gone, row, money in zip(self.emptied_in[ballots] < now, history, begun, strict=True):
            key = row.tobytes(), 0 if gone else money
            if key not in known:
                held = 0 if gone else money * self.scale - self._spent(row[:now])
                known[key] = held * rate.below >= int(row[now]) * rate.above * self.scale
            answers.append(known[key])
        return answers

    def _begun(self, ballots: Whole) -> list[int]:
        """What a voter of each of these ballots began with, in grains."""
        if self.carried is None:
            return [self.share] * len(ballots)
        return [self.share + more for more in self.carried[ballots].tolist()]

    def _spent(self, parts: Whole) -> int:
        """Rates times the parts paid at them, in grains times scale."""
        return sum(int(k) * self.rates[n] for n, k in enumerate(parts) if k)

    # Exact sums -----------------------------------------------------------------------------

    def _index(self) -> None:
        """For each ballot, which rounds it paid in full and for how many parts."""
        sizes = [len(one.able) for one in self.paid]
        rounds = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
        nothing: list[Whole] = [np.zeros(0, dtype=np.int64)]
        ballots = np.concatenate(nothing + [one.able for one in self.paid])
        parts = np.concatenate(nothing + [one.parts for one in self.paid])
        order = np.argsort(ballots, kind="stable")
        self.paid_round, self.paid_parts = rounds[order], parts[order]
        self.start: Whole = np.searchsorted(
            ballots[order], np.arange(len(self.weight) + 1, dtype=np.int64)
        )

    def payments(self, ballots: Whole) -> tuple[Whole, Whole]:
        """Every full payment of these ballots: whose (a position in `ballots`), and which."""
        count = self.start[ballots + 1] - self.start[ballots]
        whose = np.repeat(np.arange(len(ballots), dtype=np.int64), count)
        first = np.repeat(self.start[ballots] - (np.cumsum(count) - count), count)
        return whose, first + np.arange(len(whose), dtype=np.int64)

    def held(self, ballots: Whole, now: int) -> int:
        """What the voters of these ballots hold together before round `now`, in grains times
        scale, exactly."""
        alive = ballots[self.emptied_in[ballots] >= now]
        whose, which = self.payments(alive)
        before = self.paid_round[which] < now
        whose, which = whose[before], which[before]
        parts = np.bincount(
            self.paid_round[which],
            weights=self.weight[alive[whose]] * self.paid_parts[which],
            minlength=now,
        )
        begun = self.share * int(self.weight[alive].sum())
        if self.carried is not None:
            begun += int((self.weight[alive] * self.carried[alive]).sum())
        return begun * self.scale - self._spent(parts.astype(np.int64))

    def at(self, project: int, rate: Rate, now: int) -> tuple[int, int]:
        """As Purses.at: the parts of a project's supporters that would be paid in full at a rate
        before round `now`, and the money (times scale) of those who cannot pay in full."""
        backers = self.of(project)
        able = self.able(backers, rate, now)
        full = backers.ballots[able]
        parts = int((self.weight[full] * backers.parts[able]).sum())
        return parts, self.held(backers.ballots[~able], now)

    def paying_in_full(self, number: int) -> int:
        """How many voters paid a round in full."""
        return int(self.weight[self.paid[number].able].sum())

    def spent_on(self, ballots: Whole) -> list[Fraction]:
        """What the voters of these ballots paid in each round together, in grains, exactly."""
        whose, which = self.payments(ballots)
        parts = np.bincount(
            self.paid_round[which],
            weights=self.weight[ballots[whose]] * self.paid_parts[which],
            minlength=len(self.paid),
        )
        amounts = [int(k) * rate for k, rate in zip(parts, self.rates, strict=True)]
        gone = self.emptied_in[ballots]
        for number in np.unique(gone[gone < len(self.paid)]):
            amounts[number] += self.held(ballots[gone == number], int(number))
        return [Fraction(amount, self.scale) for amount in amounts]
