"""Reasons come from few exact sums; watching every purse of the plain rules gives the same."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from doorstep.engine.count import Election, Rule
from doorstep.engine.count import plain as law
from doorstep.engine.count.counting import entrants
from doorstep.engine.count.plain import Purses, Rate
from doorstep.engine.count.purchases import Purchases
from doorstep.engine.count.replay import replayed
from doorstep.engine.count.tally import Tally, lot, tally
from tests.engine.count.toys import toy

POINTS = {"cumulative": "score", "scoring": "score", "ordinal": "borda"}


def prepared(election: Election, utility: str, times: int = 1) -> tuple[Tally, list[int], int]:
    rule = Rule(utility=utility, completion="none").settled(election)
    ready = tally(election, rule)
    return ready, entrants(election, rule, ready), times * (ready.pot // ready.voters)


def both_ways(election: Election, utility: str, times: int = 1) -> int:
    """Compare the two ways at some share; how many losers there were."""
    ready, taking_part, share = prepared(election, utility, times)
    lots = [lot("", project.id) for project in election.projects]
    slow = replayed(ready, taking_part, share, None, lots, plainly=True)
    fast = replayed(ready, taking_part, share, slow.rounds, lots, plainly=False)
    assert fast == slow, (election.name, utility, times)
    return len(slow.lacked)


def test_both_ways_agree_on_small_elections_full_of_ties() -> None:
    losers = 0
    for seed in range(70_000, 70_500):
        election = toy(seed)
        for utility in {"cost", "count", POINTS.get(election.vote_type, "cost")}:
            losers += sum(both_ways(election, utility, times) for times in (1, 2, 5))
    assert losers > 1_500


@pytest.mark.parametrize(
    "name",
    ["Poland_Swiecie_2023.pb", "Poland_Lodz_2022_Widzew-Wschod.pb", "France_Toulouse_2019.pb"],
)
def test_both_ways_agree_on_real_elections(real: Callable[[str], Election], name: str) -> None:
    assert both_ways(real(name), "cost") > 0
    assert both_ways(real(name), "count", 2) > 0


def test_every_sum_of_purses_is_exact() -> None:
    """What single ballots hold, and paid, as the plain purses have it to the last fraction."""
    looked = 0
    for seed in range(71_000, 71_200):
        ready, taking_part, share = prepared(toy(seed), "cost", 2)
        rounds, _ = law.equal_shares(ready, taking_part, share)
        purchases = Purchases(ready, share, rounds)
        numbers = iter(range(len(purchases.paid)))
        paid = [[Fraction()] * len(purchases.paid) for _ in ready.weight]

        def watch(
            purses: Purses, chosen: int, rate: Rate, *, numbers=numbers, paid=paid, ready=ready,
            purchases=purchases,
        ) -> None:  # fmt: skip
            now = next(numbers)
            for ballot, weight in enumerate(ready.weight):
                held = Fraction(purses.money[ballot], purses.scales[purses.since[ballot]])
                ours = purchases.held(np.array([ballot]), now)
                assert Fraction(ours, purchases.scale) == held * weight
                if any(ballot in group for _, group in ready.support[chosen]):
                    paid[ballot][now] = weight * min(held, Fraction(rate.above, rate.below))

        law.equal_shares(ready, taking_part, share, watch)
        for ballot, amounts in enumerate(paid):
            assert purchases.spent_on(np.array([ballot])) == amounts
            looked += len(amounts)
    assert looked > 500


def test_points_beyond_exact_addition_go_the_plain_way() -> None:
    seed = next(n for n in range(100) if toy(n, "scoring").voters > 3)
    election = toy(seed, "scoring")
    points = tuple(one * 2**53 for one in election.profile.points or ())
    profile = replace(election.profile, points=points)
    many, taking_part, share = prepared(replace(election, profile=profile), "score")
    with pytest.raises(OverflowError):
        Purchases(many, share, [])
    lots = ["" for _ in many.cost]
    assert replayed(many, taking_part, share, None, lots, plainly=False) == replayed(
        many, taking_part, share, None, lots, plainly=True
    )
