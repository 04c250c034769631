"""Thousands of tie-heavy toy elections: the engine and a naive count in fractions never differ.

Fuzz before trusting data: real elections hardly ever meet exact ties, exact affordability and
empty purses together, and toys meet little else.
"""

from fractions import Fraction

import pytest

from doorstep.engine.count import Rule, count
from tests.engine.count.toys import naive_add1, naive_equal_shares, naive_phragmen, toy


def utilities(vote_type: str) -> list[str]:
    extra = {"cumulative": ["score"], "scoring": ["score"], "ordinal": ["borda"]}
    return ["cost", "count", *extra.get(vote_type, [])]


@pytest.mark.parametrize("block", range(8))
def test_equal_shares_without_completion(block: int) -> None:
    for seed in range(block * 500, block * 500 + 500):
        election = toy(seed)
        for utility in utilities(election.vote_type):
            outcome = count(election, Rule(utility=utility, completion="none", seed="s"))
            share = election.budget / election.voters
            expected = naive_equal_shares(election, utility, share, "s")
            assert list(outcome.winners) == expected, (seed, utility)


@pytest.mark.parametrize("block", range(6))
@pytest.mark.parametrize("exhaustive", [False, True])
def test_add1(block: int, exhaustive: bool) -> None:
    for seed in range(10_000 + block * 100, 10_000 + block * 100 + 100):
        election = toy(seed)
        for utility in utilities(election.vote_type):
            step = Fraction(1, 3) if seed % 5 == 0 else Fraction(1)
            rule = Rule(
                utility=utility, completion="add1", increment=step,
                stop_when_exhaustive=exhaustive,
            )  # fmt: skip
            share = election.budget / election.voters
            expected = naive_add1(election, utility, share, step, exhaustive, "")
            assert sorted(count(election, rule).winners) == sorted(expected), (seed, utility)


def test_phragmen() -> None:
    for seed in range(20_000, 22_000):
        election = toy(seed, "approval")
        outcome = count(election, Rule(name="phragmen"))
        assert list(outcome.winners) == naive_phragmen(election), seed


def test_integral_start_rounds_the_first_share_down() -> None:
    seen = 0
    for seed in range(30_000, 30_400):
        election = toy(seed)
        whole = election.budget // election.voters
        if not whole:
            continue
        seen += 1
        outcome = count(election, Rule(completion="none", integral_start=True))
        assert list(outcome.winners) == naive_equal_shares(election, "cost", Fraction(whole)), seed
    assert seen > 200
