"""Fuzz the count: tie-heavy elections by the hundred thousand, each counted by every layer that is
there and, from the papers and in fractions, by the naive count of the tests.

    .venv/bin/python -m bench.fuzz_count            # 100,000 elections
    .venv/bin/python -m bench.fuzz_count 5000 7     # 5,000 of them, from number 7 on

Stops at the first difference and says which election it is. Some elections are scaled so that
their amounts have decimals, or fill 50 bits, or pass the 60 that the fast layers take.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from doorstep.engine.count import Election, LayerError, Project, Rule, election_of
from doorstep.engine.count.counting import entrants
from doorstep.engine.count.decide import winners as winners_of
from doorstep.engine.count.layers import NAMES, Layer, layer_named
from doorstep.engine.count.tally import lot, tally
from tests.engine.count.toys import (
    VOTE_TYPES,
    naive_add1,
    naive_equal_shares,
    naive_phragmen,
    supported,
    toy,
    voters_of,
)

MANY = 100_000
UTILITIES = {"cumulative": ["score"], "scoring": ["score"], "ordinal": ["borda"]}
SCALES = (1, 1, 1, 1, Fraction(1, 8), Fraction(1, 100), 10**12 + 39, 10**20 + 39)


def crowd(seed: int) -> Election:
    """A larger toy: a few ways of voting, each of many voters, and costs that are often equal."""
    rng = random.Random(seed)
    kind = rng.choice(VOTE_TYPES)
    projects = [
        Project(f"q{number}", f"Q{number}", Fraction(rng.choice((6, 8, 12, 12, 24, 30))))
        for number in range(rng.randint(5, 10))
    ]
    ids = [one.id for one in projects]
    votes: list[dict[str, Fraction] | list[str]] = []
    for _ in range(rng.randint(3, 7)):
        chosen = rng.sample(ids, 1 if kind == "choose-1" else rng.randint(1, 4))
        vote: dict[str, Fraction] | list[str] = chosen
        if kind in ("cumulative", "scoring"):
            vote = {one: Fraction(rng.randint(1, 3)) for one in chosen}
        votes += [vote] * rng.randint(1, 6)
    return election_of(
        name=f"crowd-{seed}.pb", projects=projects, votes=votes, budget=rng.randint(20, 90),
        vote_type=kind,
    )  # fmt: skip


def scaled(election: Election, by: Fraction | int) -> Election:
    return replace(
        election,
        budget=election.budget * by,
        projects=tuple(replace(one, cost=one.cost * by) for one in election.projects),
    )


def rules(election: Election, number: int, by: Fraction | int) -> Iterator[Rule]:
    """Every utility that fits the ballots with every completion, and Phragmén."""
    step = (Fraction(1), Fraction(1, 3), Fraction(5))[number % 3] * by
    for utility in ["cost", "count", *UTILITIES.get(election.vote_type, [])]:
        for completion in ("none", "utilitarian", "add1", "add1u"):
            steps = completion.startswith("add1")
            yield Rule(
                utility=utility,
                completion=completion,
                increment=step if steps else None,
                stop_when_exhaustive=steps and number % 2 == 0,
                seed=str(number),
            )
    if election.vote_type in ("approval", "choose-1"):
        yield Rule(name="phragmen", seed=str(number))


Known = dict[tuple[str, bool], list[str]]


def naive(election: Election, rule: Rule, known: Known) -> list[str]:
    """The winners in order, from the papers and in fractions; known are those by shares alone."""
    if rule.name == "phragmen":
        return naive_phragmen(election, rule.seed)
    utility, share = str(rule.utility), election.budget / election.voters
    cost = {one.id: one.cost for one in election.projects}
    entrants = {p for p in supported(election, utility) if cost[p] <= election.budget}
    all_fit = sum(cost[p] for p in entrants) <= election.budget
    key = utility, rule.steps and not all_fit
    if key not in known and rule.steps and not all_fit:
        step = Fraction(rule.increment or 0)
        known[key] = naive_add1(
            election, utility, share, step, rule.stop_when_exhaustive, rule.seed
        )
    elif key not in known:
        known[key] = naive_equal_shares(election, utility, share, rule.seed)
    winners = known[key]
    if rule.completion in ("add1u", "utilitarian") or (rule.steps and all_fit):
        winners = winners + naive_completion(election, rule, entrants - set(winners), winners)
    return winners


def naive_completion(
    election: Election, rule: Rule, rest: set[str], winners: list[str]
) -> list[str]:
    """Down the list of those left, highest score first."""
    cost = {one.id: one.cost for one in election.projects}
    utility = "count" if rule.utility == "cost" else str(rule.utility)
    scores = dict.fromkeys(cost, Fraction(0))
    votes = dict.fromkeys(cost, 0)
    for worth in voters_of(election, utility):
        for p, gain in worth.items():
            scores[p] += gain
            votes[p] += 1
    left, more = election.budget - sum(cost[p] for p in winners), []
    for p in sorted(rest, key=lambda p: (-scores[p], cost[p], -votes[p], lot(rule.seed, p))):
        if cost[p] <= left:
            more.append(p)
            left -= cost[p]
    return more


def layers() -> list[Layer]:
    """The layers that are there."""
    there = []
    for name in NAMES:
        try:
            there.append(layer_named(name))
        except LayerError:
            print(f"the layer {name} is not there", file=sys.stderr)
    return there


def main(many: int = MANY, first: int = 0) -> None:
    there, began, asked = layers(), time.process_time(), 0
    names = ", ".join(one.name for one in there)
    for number in range(first, first + many):
        by = SCALES[number % len(SCALES)]
        election = scaled((crowd if number % 4 == 3 else toy)(number), by)
        if not election.voters:
            continue
        known: Known = {}
        for rule in rules(election, number, by):
            expected = naive(election, rule, known)
            settled = rule.settled(election)
            ready = tally(election, settled)
            taking_part = entrants(election, settled, ready)
            for layer in there:
                asked += 1
                won = winners_of(ready, settled, taking_part, layer) if taking_part else []
                winners = [election.projects[p].id for p in won]
                if winners != expected:
                    sys.exit(f"election {number}, {layer.name}, {rule}: {winners}, not {expected}")
        if number % 1000 == 999:
            seconds = time.process_time() - began
            print(f"{number + 1 - first:,} elections, {asked:,} counts, {seconds:,.0f} s",
                  flush=True)  # fmt: skip
    print(f"{many:,} elections, {asked:,} counts by {names}: no difference")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
