"""Recounts of drawn ballots: real counts of real draws, the same on every machine."""

from fractions import Fraction

import pytest

from doorstep.engine.count import Election, Project, Rule, RuleError, count, election_of
from doorstep.engine.count.robustness import Robustness, _Drawn, robustness, wilson
from tests.engine.count.toys import toy

RULES = [
    {"completion": "none"}, {"completion": "add1"}, {"completion": "add1u"},
    {"completion": "none", "threshold": 2}, {"name": "greedy"}, {"name": "greedy-no-skip"},
]  # fmt: skip


def drawn_again(election: Election, weights: list[int]) -> Election:
    """The election that a draw describes, built from single votes."""
    votes = []
    for ballot, times in zip(election.ballots, weights, strict=True):
        ids = [election.projects[n].id for n in ballot.choices]
        vote = dict(zip(ids, ballot.points, strict=True)) if ballot.points else ids
        votes += [vote] * times
    return election_of(
        name="again.pb", projects=election.projects, votes=votes, budget=election.budget,
        vote_type=election.vote_type,
    )  # fmt: skip


def test_each_recount_is_a_count_of_the_ballots_drawn() -> None:
    checked = 0
    for seed in range(78_000, 78_060):
        election = toy(seed)
        for settings in RULES:
            rule = Rule(**settings).settled(election)
            drawn = _Drawn(election, rule, "s")
            wins = dict.fromkeys((one.id for one in election.projects), 0)
            for number in range(4):
                weights = drawn.weights(number)
                assert weights.sum() == election.voters
                for won in count(drawn_again(election, weights.tolist()), rule).winners:
                    wins[won] += 1
            found = robustness(election, rule, recounts=4, seed="s")
            assert {one.project: one.wins for one in found.projects} == wins
            checked += 1
    assert checked == 360


def twelve() -> Election:
    votes = [["a"], ["a", "b"], ["b"], ["c"], ["a", "c"], ["b", "c"], [], ["a"], ["b"], ["c"],
             ["a", "b", "c"], ["a"]]  # fmt: skip
    projects = [Project(one, one, Fraction(4)) for one in "abc"]
    return election_of(name="t.pb", projects=projects, votes=votes, budget=9)


def test_the_draws_are_these_on_every_machine() -> None:
    drawn = _Drawn(twelve(), Rule().settled(twelve()), "Millbrook 2026")
    assert [drawn.weights(number).tolist() for number in range(3)] == EXPECTED
    assert drawn.weights(1).tolist() == EXPECTED[1], "a recount does not depend on those before it"


EXPECTED = [[1, 3, 0, 2, 1, 2, 1, 2], [2, 3, 1, 0, 2, 1, 1, 2], [1, 3, 2, 0, 2, 2, 1, 1]]


def test_the_seed_and_nothing_else_decides() -> None:
    again = twelve()
    found: list[Robustness] = [
        robustness(again, Rule(), recounts=50, seed=seed, layer=layer)
        for seed, layer in (("x", None), ("x", "plain"), ("y", None))
    ]
    assert found[0] == found[1]
    assert found[0].projects != found[2].projects


def test_progress_is_told_after_each_recount() -> None:
    told: list[tuple[int, int]] = []
    robustness(twelve(), Rule(), recounts=3, told=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_intervals_are_wilson_s() -> None:
    """Newcombe (1998), table I, prints 81 of 263 and 15 of 148, 0 of 20 and 1 of 29."""
    assert [round(one, 4) for one in wilson(81, 263)] == [0.2553, 0.3662]
    assert [round(one, 4) for one in wilson(15, 148)] == [0.0624, 0.1605]
    assert [round(one, 4) for one in wilson(0, 20)] == [0.0, 0.1611]
    assert [round(one, 4) for one in wilson(1, 29)] == [0.0061, 0.1718]
    assert wilson(7, 7)[1] == 1.0
    for one in robustness(twelve(), Rule(), recounts=20).projects:
        assert 0 <= one.low <= one.wins / 20 <= one.high <= 1


def test_what_means_nothing_is_refused() -> None:
    nobody = election_of(name="n.pb", projects=[Project("a", "a", Fraction(1))], votes=[], budget=2)
    with pytest.raises(ValueError, match="no ballots"):
        robustness(nobody, Rule())
    with pytest.raises(ValueError, match="at least one"):
        robustness(twelve(), Rule(), recounts=0)
    with pytest.raises(RuleError):
        robustness(twelve(), Rule(utility="borda"))
