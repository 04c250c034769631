"""The check finds every group that was left out and no other; Equal Shares leaves none out."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations
from pathlib import Path

import pytest

from doorstep.engine.count import Election, Outcome, Project, Rule, count, election_of, read_pabulib
from doorstep.engine.count.choices import Choices
from doorstep.engine.count.proportional import left_out, measure_of
from tests.engine.count.toys import toy


def naive(election: Election, outcome: Outcome, measure: str) -> set[str]:
    """Every unfunded idea some group of whose supporters was left out, trying all groups."""
    won = set(outcome.winners)
    voters = [
        {election.projects[n].id for n in ballot.choices}
        for ballot in election.ballots
        for _ in range(ballot.weight)
    ]
    cost = {project.id: project.cost for project in election.projects}
    worth = {p: cost[p] if measure == "cost" else Fraction(1) for p in cost}
    broken = set()
    for p in cost.keys() - won:
        have = [sum((worth[q] for q in vote & won), Fraction(0)) for vote in voters if p in vote]
        groups = chain.from_iterable(combinations(have, n) for n in range(1, len(have) + 1))
        for group in groups:
            part = len(group) * election.budget / election.voters
            needed = cost[p] * (1 + max(group)) if measure == "count" else cost[p] + max(group)
            if part >= needed:
                broken.add(p)
    return broken


@pytest.mark.parametrize("measure", ["cost", "count"])
def test_it_finds_what_trying_every_group_finds(measure: str) -> None:
    broken = whole = 0
    for seed in range(75_000, 75_600):
        election = toy(seed, "approval")
        outcome = count(election, Rule(name="greedy"))
        # Any set of winners will do: take one away, so that somebody is left out more often.
        outcome = replace(outcome, winners=outcome.winners[1:])
        found = left_out(Choices.of(election, outcome), outcome, measure)
        expected = naive(election, outcome, measure)
        assert {one.project for one in found} == expected
        broken += bool(expected)
        whole += not expected
        for one in found:
            assert one.part >= one.needed
            assert one.part == one.people * election.budget / election.voters
    assert broken > 150
    assert whole > 100


def test_equal_shares_leaves_nobody_out_whatever_the_costs_and_completion() -> None:
    checked = 0
    for seed in range(76_000, 76_500):
        election = toy(seed)
        for utility in ("cost", "count"):
            for completion in ("none", "add1", "add1u", "utilitarian"):
                outcome = count(election, Rule(utility=utility, completion=completion))
                measure = measure_of(outcome)
                assert measure == utility
                assert not left_out(Choices.of(election, outcome), outcome, measure)
                checked += 1
    assert checked == 4_000


def test_real_elections(elections: Path) -> None:
    """Equal Shares leaves no group out in any of 150 real elections; greedy does in many."""
    files = sorted(elections.glob("*.pb"), key=lambda path: path.stat().st_size)[::4]
    broken = 0
    for file in files:
        election = read_pabulib(file)
        for utility in ("cost", "count"):
            outcome = count(election, Rule(utility=utility, completion="none"))
            assert not left_out(Choices.of(election, outcome), outcome, utility), file.name
        greedy = count(election, Rule(name="greedy", utility="count"))
        broken += bool(left_out(Choices.of(election, greedy), greedy))
    assert len(files) > 140
    assert broken > 15


def test_who_was_left_out_is_named() -> None:
    """Sixty of a hundred take the whole pot; forty of them who agree were owed their part."""
    projects = [Project("a", "A", Fraction(50)), Project("b", "B", Fraction(50)),
                Project("c", "C", Fraction(30))]  # fmt: skip
    election = election_of(
        name="e.pb", projects=projects, votes=[["a", "b"]] * 60 + [["c"]] * 40, budget=100
    )
    outcome = count(election, Rule(name="greedy"))
    [found] = left_out(Choices.of(election, outcome), outcome)
    assert (found.project, found.people, found.most) == ("c", 40, 0)
    assert (found.part, found.needed) == (40, 30)


def test_costs_too_large_for_the_machine_are_still_exact() -> None:
    big = 10**18
    projects = [Project("a", "A", Fraction(3 * big)), Project("b", "B", Fraction(big, 3))]
    election = election_of(
        name="e.pb", projects=projects, votes=[["a"]] * 5 + [["b"]], budget=3 * big
    )
    outcome = count(election, Rule(name="greedy"))
    assert outcome.winners == ("a",)
    [found] = left_out(Choices.of(election, outcome), outcome)
    assert found.part == Fraction(big, 2)
    assert found.needed == Fraction(big, 3)


def test_points_and_ranks_are_not_measured(real: Callable[[str], Election]) -> None:
    assert measure_of(count(toy(1, "ordinal"), Rule(utility="borda"))) is None
    assert measure_of(count(toy(1, "scoring"), Rule(utility="score"))) is None
    assert measure_of(count(toy(1, "scoring"), Rule())) == "cost"
    assert measure_of(count(real("Poland_Swiecie_2023.pb"), Rule(name="greedy"))) == "cost"
    with pytest.raises(ValueError, match="not measured"):
        left_out(Choices.of(toy(1), count(toy(1))), count(toy(1)), "luck")
