"""The rules of counting once more, for whoever trusts no engine: exact, standard library only.

Written apart from engine/count, and importing nothing of it. The lines between the two marks are
the law itself, at most a hundred of them; a stand-alone verifier holds the same lines.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from hashlib import sha256
from heapq import heappop, heappush
from math import lcm
from typing import Any, NamedTuple

from .ballots import Ballots

Rate = tuple[int, int]  # grains for a part, as the ratio of two whole numbers
Held = dict[int, dict[int, int]]  # how many supporters: by what each gets, by their state
Stretch = tuple[int, int]  # the step of add1 at which it begins, and the grains it spends
Json = dict[str, Any]
Tell = Callable[[int], None]


class Round(NamedTuple):
    """One winner: the rate or load, how many paid in full, and all that were exactly level."""

    project: int
    rate: Rate
    in_full: int | None
    level: list[int]


class Count:
    """One election under one rule, made ready: money in grains, so small that nothing is rounded.

    Projects and groups of like ballots are known by their position. support says for each project
    {what a supporter gets from it: the ballots of those who get so much}. Ballot b begins with
    carried[begins[b] - 1] grains beside the share; all voters together bring so many.
    """

    def __init__(self, ballots: Ballots, rule: Json) -> None:
        self.rule, costs = rule, [one.cost for one in ballots.projects]
        step, points = Fraction(rule["increment"] or 0), rule["utility"] == "score"
        groups = ballots.groups
        self.weight, self.voters = list(groups.values()), sum(groups.values())
        amounts = sorted({amount for _, amount in groups})
        self.unit = lcm(*(one.denominator for one in (ballots.pot, step, *costs, *amounts)))
        self.unit *= max(self.voters, 1)
        self.carried = [int(amount * self.unit) for amount in amounts]
        state = {amount: at for at, amount in enumerate(amounts, start=1)}
        self.begins = [state[amount] for _, amount in groups]
        self.brought = sum(
            people * self.carried[at - 1]
            for people, at in zip(self.weight, self.begins, strict=True)
        )
        self.pot, self.step = int(ballots.pot * self.unit), int(step * self.unit)
        self.cost = [int(cost * self.unit) for cost in costs]
        self.size = lcm(*(x.denominator for (_, given), _ in groups for x in given if points))
        self.votes = [0] * len(costs)
        self.support: list[dict[int, list[int]]] = [{} for _ in costs]
        for ballot, ((choices, given), _) in enumerate(groups):
            for rank, p in enumerate(choices):
                worth = int(given[rank] * self.size) if points else 1
                if rule["utility"] == "borda":
                    worth = len(choices) - rank - (rule["name"] == "equal-shares")
                if worth:
                    self.support[p].setdefault(worth, []).append(ballot)
                self.votes[p] += self.weight[ballot]
        self.parts = [
            sum(worth * sum(self.weight[b] for b in some) for worth, some in groups.items())
            for groups in self.support
        ]
        lots = [sha256((rule["seed"] + one.id).encode()).hexdigest() for one in ballots.projects]
        keys = [
            (self.cost[p], -self.votes[p], lots[p], one.id)
            for p, one in enumerate(ballots.projects)
        ]
        place = {key: at for at, key in enumerate(sorted(keys))}
        self.tie = [place[key] for key in keys]
        least = Fraction(rule["threshold"] or 0) * self.size
        self.entrants = [
            p
            for p in sorted(range(len(costs)), key=self.tie.__getitem__)
            if self.support[p]
            and self.cost[p] <= self.pot
            and self.parts[p] >= least
            and not ballots.projects[p].withdrawn
        ]

    def money(self, rate: Rate) -> Fraction:
        """A rate in grains for a part, as currency for a whole point (or project)."""
        return Fraction(rate[0] * self.size, rate[1] * self.unit)


# The other rules ---------------------------------------------------------------------------------


def by_score(count: Count, some: list[int], pot: int, skip: bool) -> tuple[list[int], list[int]]:
    """Down the list, highest score first: who is funded, and what was in the pot at each turn."""
    funded, left, stopped = list[int](), [pot] * len(count.cost), False
    for p in sorted(some, key=lambda p: (-count.parts[p], count.tie[p])):
        left[p] = pot
        if count.cost[p] <= pot and not stopped:
            funded.append(p)
            pot -= count.cost[p]
        else:
            stopped = stopped or not skip
    return funded, left


def phragmen(count: Count, pot: int) -> tuple[list[Round], int]:
    """All earn alike, and what supporters can buy is bought, until that would overspend the pot."""
    loads, scale, since = [0], 1, [0] * len(count.weight)
    rounds, waiting = list[Round](), list(count.entrants)
    while waiting:
        at = {}
        for p in waiting:
            carried = sum(count.weight[b] * loads[since[b]] for b in count.support[p][1])
            at[p] = Fraction(count.cost[p] * scale + carried, count.votes[p])
        lowest = min(at.values())
        level = [p for p in waiting if at[p] == lowest]
        if any(count.cost[p] > pot for p in level):
            break
        scale *= lowest.denominator
        rounds.append(Round(level[0], (lowest.numerator, scale), None, level))
        loads = [one * lowest.denominator for one in loads] + [lowest.numerator]
        for b in count.support[level[0]][1]:
            since[b] = len(rounds)
        pot -= count.cost[level[0]]
        waiting.remove(level[0])
    return rounds, pot


# Equal Shares: begin. These lines are the whole law, and a hundred at most. -----------------------


class Shares:
    """Equal Shares with one share for all, or with two side by side: the sandwich.

    In a fixed order of winners, a larger share leaves no less in any purse and makes no rate
    higher, round by round. So if each winner's rate at the low share is under every other's at the
    high one (or level, and it goes first), and nobody can pay more in the end at the high one,
    then the low share, the high one and every share between fund the same in the same order.

    Who began alike and paid for the same projects has the same money left: a state. State 0 is an
    empty purse; the money of state s is money[side][s] / scales[side][since[s]] grains. The queue
    has for each project waiting its rate for a part of worth, its place in a tie, itself, its rate,
    and when it was asked: rates only ever rise, so an old one is not too high.
    """

    def __init__(self, count: Count, *shares: int) -> None:
        self.count, self.state = count, list(count.begins)
        self.since, self.scales = [0] * (1 + len(count.carried)), [[1] for _ in shares]
        self.money = [[0, *(one + more for more in count.carried)] for one in shares]
        self.rounds = [Round(p, (0, 1), None, [p]) for p in count.entrants if not count.cost[p]]
        self.worth = count.cost if count.rule["utility"] == "cost" else [1] * len(count.cost)
        self.queue: list[tuple[Fraction, int, int, Rate, int]] = []
        for p in count.entrants[len(self.rounds) :]:
            self.wait(p, (count.cost[p], count.parts[p]), -1)

    def wait(self, p: int, rate: Rate | None, asked: int) -> None:
        """Queue a project at a rate; it is out where its supporters cannot pay any more."""
        if rate:
            each = Fraction(rate[0], rate[1] * self.worth[p])
            heappush(self.queue, (each, self.count.tie[p], p, rate, asked))

    def proved(self) -> bool:
        """Play every round at the high share; False as soon as the low one might differ."""
        while self.queue:
            each, tie, p, rate, asked = heappop(self.queue)
            if asked < len(self.rounds):
                self.wait(p, self.rate(p, -1, rate), len(self.rounds))
                continue
            if not (low := rate if len(self.money) == 1 else self.rate(p, 0, rate)):
                return False
            limit, level, others = Fraction(low[0], low[1] * self.worth[p]), [p], []
            while self.queue and self.queue[0][0] <= limit:
                other = heappop(self.queue)
                if other[4] < len(self.rounds):
                    self.wait(other[2], self.rate(other[2], -1, other[3]), len(self.rounds))
                elif other[:2] < (limit, tie):
                    return False
                else:
                    others.append(other)
                    level += [other[2]] * (other[0] == each)
            for other in others:
                heappush(self.queue, other)
            self.rounds.append(Round(p, rate, self.pay(p, [low, rate][-len(self.money) :]), level))
        return True

    def rate(self, p: int, side: int, rate: Rate) -> Rate | None:
        """The rate at which its supporters just pay for a project, from one that is not too high.

        Whoever cannot pay it gives all and the others share the rest: a higher one, again not too
        high. None if they cannot.
        """
        money, scales, rich = self.money[side], self.scales[side], self.held(p)
        poor = [0] * len(scales)
        while True:
            asked = {w: [-(-w * rate[0] * one // rate[1]) for one in scales] for w in rich}
            parts, able = 0, {worth: dict[int, int]() for worth in rich}
            for worth, states in rich.items():
                for s, people in states.items():
                    if money[s] >= asked[worth][self.since[s]]:
                        able[worth][s] = people
                    else:
                        poor[self.since[s]] += people * money[s]
                parts += worth * sum(able[worth].values())
            if not parts:
                return None
            given = sum(one * (scales[-1] // scales[i]) for i, one in enumerate(poor) if one)
            higher = self.count.cost[p] * scales[-1] - given, parts * scales[-1]
            if higher[0] * rate[1] == rate[0] * higher[1]:
                return higher
            rate, rich = higher, able

    def held(self, p: int) -> Held:
        """The supporters of a project who have money left."""
        held: Held = {worth: {} for worth in self.count.support[p]}
        for worth, states in held.items():
            for b in self.count.support[p][worth]:
                states[self.state[b]] = states.get(self.state[b], 0) + self.count.weight[b]
            states.pop(0, None)
        return held

    def pay(self, p: int, rates: list[Rate]) -> int:
        """Each supporter pays the rate for what they get, or all they have. How many in full."""
        full, moved = 0, dict[tuple[int, int], tuple[int, bool]]()
        for worth, ballots in self.count.support[p].items():
            for b in ballots:
                key = self.state[b], worth
                if key not in moved:
                    moved[key] = self.after(*key, rates)
                self.state[b], in_full = moved[key]
                full += self.count.weight[b] * in_full
        for scales, rate in zip(self.scales, rates, strict=True):
            scales.append(rate[1])
        return full

    def after(self, s: int, worth: int, rates: list[Rate]) -> tuple[int, bool]:
        """The state after paying, and whether it was the rate in full at the high share."""
        left = []
        for money, scales, (above, below) in zip(self.money, self.scales, rates, strict=True):
            left.append(money[s] * (below // scales[self.since[s]]) - worth * above)
            money.append(max(left[-1], 0))
        self.since.append(len(self.scales[0]))
        return (len(self.since) - 1 if max(left) > 0 else 0), left[-1] >= 0


def add1(count: Count, first: int, claimed: list[int], tell: Tell) -> tuple[int, list[Stretch]]:
    """The step that add1 ends at, and every step from which others were chosen than before.

    Many steps at once where the sandwich proves them alike, one by one where it does not, and
    none left out. claimed only says where it is worth trying.
    """
    step, span, history, last = 0, 1.0, list[Stretch](), [-1]
    while True:
        end = min([step + int(span), *(one for one in claimed if one > step)])
        run = Shares(count, *sorted({first + step * count.step, first + (end - 1) * count.step}))
        if not run.proved():
            span = (end - step) / 2
            continue
        chosen = [one.project for one in run.rounds]
        left = count.pot - sum(count.cost[p] for p in chosen)
        history += [(step, count.pot - left)] * (chosen != last)
        if left < 0:
            return step - 1, history
        fitting = left if count.rule["stop_when_exhaustive"] else count.pot
        if all(p in chosen or count.cost[p] > fitting for p in count.entrants):
            return step, history
        tell(step)
        step, last, span = end, chosen, span * (2 if end - step > 1 else 1.25)


# Equal Shares: end -------------------------------------------------------------------------------
