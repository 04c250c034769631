"""The range of pots with the same winners: counted pot by pot, and no farther claimed than true."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from doorstep.engine.count import Election, Outcome, Project, Rule, count, election_of
from doorstep.engine.count.pots import EVERY, SOME, PotRange, pot_range
from tests.engine.count.toys import toy

ALL_RULES = [
    Rule(), Rule(completion="add1"), Rule(completion="utilitarian"),
    Rule(completion="none", integral_start=False, utility="count"), Rule(completion="none"),
    Rule(name="greedy"), Rule(name="greedy-no-skip"), Rule(completion="none", threshold=2),
]  # fmt: skip


def same(election: Election, rule: Rule, pot: Fraction, outcome: Outcome) -> bool:
    return set(count(replace(election, budget=pot), rule).winners) == set(outcome.winners)


def check_edges(election: Election, rule: Rule, outcome: Outcome, found: PotRange) -> None:
    where = election.name, rule, found
    assert found.low <= election.budget <= found.high
    assert same(election, rule, found.low, outcome), where
    assert same(election, rule, found.high, outcome), where
    if found.below is None:
        assert 0 < found.low <= 1, where
    else:
        assert found.below == found.low - 1
        assert not same(election, rule, found.below, outcome), where
    if found.above is None:
        assert found.endless
        for more in (1, 2, 7, 100):
            assert same(election, rule, found.high + more, outcome), where
    else:
        assert found.above == found.high + 1
        assert not same(election, rule, found.above, outcome), where


def test_edges_are_where_a_count_says_they_are_and_every_pot_between_is_the_same() -> None:
    every = some = 0
    for seed in range(79_000, 79_120):
        election = toy(seed)
        for rule in ALL_RULES:
            outcome = count(election, rule)
            found = pot_range(election, outcome)
            assert found is not None
            check_edges(election, rule, outcome, found)
            if found.how == EVERY:
                every += 1
                pot = found.low
                while pot <= min(found.high, found.low + 40):
                    assert same(election, rule, pot, outcome), (election.name, rule, pot)
                    pot += 1
            else:
                some += 1
    assert every > 300
    assert some > 500


def test_only_shares_without_completion_claim_every_pot(real: Callable[[str], Election]) -> None:
    election = real("Poland_Swiecie_2023.pb")
    claims = {}
    for completion in ("none", "add1"):
        rule = Rule(completion=completion)
        outcome = count(election, rule)
        found = pot_range(election, outcome)
        assert found is not None
        check_edges(election, rule, outcome, found)
        claims[completion] = found.how
    assert claims == {"none": EVERY, "add1": SOME}


def test_a_stretch_is_proved_and_not_counted_pot_by_pot() -> None:
    """Two ideas and a pot of millions: the edge is a hundred thousand pots away."""
    projects = [Project("a", "A", Fraction(600_000)), Project("b", "B", Fraction(500_000))]
    election = election_of(
        name="p.pb", projects=projects, votes=[["a"]] * 6 + [["b"]] * 4, budget=1_100_000
    )
    outcome = count(election, Rule(completion="none"))
    assert outcome.winners == ("a",)
    found = pot_range(election, outcome)
    assert found is not None
    assert (found.low, found.high) == (1_000_000, 1_249_999)
    assert found.counts < 200


def test_a_pot_that_pays_for_everything_has_no_upper_end() -> None:
    projects = [Project("a", "A", Fraction(5)), Project("b", "B", Fraction(5))]
    election = election_of(name="p.pb", projects=projects, votes=[["a"], ["b"]], budget=10)
    for completion in ("none", "add1u"):
        found = pot_range(election, count(election, Rule(completion=completion)))
        assert found is not None
        assert (found.low, found.above, found.endless) == (10, None, True)


def test_nobody_voted() -> None:
    election = election_of(
        name="n.pb", projects=[Project("a", "A", Fraction(1))], votes=[], budget=2
    )
    assert pot_range(election, count(election, Rule(name="greedy"))) is None


@pytest.mark.parametrize("name", ["phragmen"])
def test_phragmen_counts_pots(name: str) -> None:
    for seed in range(79_500, 79_530):
        election = toy(seed, "approval")
        outcome = count(election, Rule(name=name))
        found = pot_range(election, outcome)
        assert found is not None
        check_edges(election, Rule(name=name), outcome, found)
