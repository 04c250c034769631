"""Amounts over 64 bits are counted as any others: by the same rule, in a time that ends."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest

from doorstep.engine.count import (
    Election,
    Project,
    Rule,
    canonical,
    certificate,
    count,
    election_of,
    read_pabulib,
    write_pabulib,
)
from doorstep.engine.count.columns import WIDEST_BITS
from doorstep.engine.count.tally import tally
from tests.engine.count.certified import verdict
from tests.engine.count.layers import layer_or_skip
from tests.engine.count.toys import toy

LARGE = 10**30
FAST = ("kernel", "numpy")


def enlarged(election: Election, by: int) -> Election:
    """The same election in a currency of which it takes so many for one."""
    return replace(
        election,
        budget=election.budget * by,
        projects=tuple(replace(one, cost=one.cost * by) for one in election.projects),
    )


@pytest.mark.parametrize("layer", FAST)
@pytest.mark.parametrize("completion", ["none", "add1", "add1u"])
def test_toys_full_of_ties_win_alike_in_any_currency(layer: str, completion: str) -> None:
    layer_or_skip(layer)
    for seed in range(71_000, 71_200):
        election = enlarged(toy(seed), LARGE)
        rule = Rule(
            completion=completion, increment=LARGE if "add1" in completion else None, seed="s"
        )
        columns = tally(election, rule.settled(election)).columns
        assert columns is not None
        assert columns.wide
        written = count(election, rule, layer="plain")
        assert canonical(count(election, rule, layer=layer)) == canonical(written), seed
        small = replace(rule, increment=rule.increment and 1)
        assert count(toy(seed), small, layer=layer).winners == written.winners, seed


@pytest.mark.parametrize("utility", ["cost", "count"])
def test_a_million_billion_in_steps_of_one_is_counted_and_proved(utility: str) -> None:
    """10^12 steps, which nobody could count one by one."""
    rng = random.Random(9)
    ids = [f"p{n}" for n in range(9)]
    election = election_of(
        name="large",
        projects=[Project(p, p, Fraction(rng.randint(10**14, 10**15))) for p in ids],
        votes=[rng.sample(ids, rng.randint(1, 4)) for _ in range(1_500)],
        budget=3 * 10**15,
    )
    pb = write_pabulib(election)
    outcome = count(read_pabulib(pb), Rule(utility=utility, completion="add1"))
    assert outcome.shares is not None
    assert outcome.shares.steps > 10**11
    assert verdict(certificate(outcome), pb).startswith("Right: ")


@pytest.mark.parametrize("layer", FAST)
def test_what_floats_cannot_put_in_line_is_counted_plainly(layer: str) -> None:
    layer_or_skip(layer)
    election = enlarged(toy(3, "approval"), 2**WIDEST_BITS)
    rule = Rule(completion="add1", increment=2**WIDEST_BITS)
    assert tally(election, rule.settled(election)).columns is None
    expected = canonical(count(election, rule, layer="plain"))
    assert canonical(count(election, rule, layer=layer)) == expected
