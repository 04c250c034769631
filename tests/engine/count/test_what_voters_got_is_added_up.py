"""Figures for people are what adding up voter by voter gives."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from doorstep.engine.count import Election, Project, Rule, count, election_of
from doorstep.engine.count.choices import Choices
from doorstep.engine.count.fairness import Got, what_voters_got
from tests.engine.count.toys import toy


def naive(election: Election, won: set[str]) -> tuple[int, Fraction, Fraction, Fraction, Fraction]:
    cost = {project.id: project.cost for project in election.projects}
    each = []
    for ballot in election.ballots:
        funded = [cost[election.projects[n].id] for n in ballot.choices
                  if election.projects[n].id in won]  # fmt: skip
        each += [(sum(funded, Fraction(0)), len(funded))] * ballot.weight
    tenth = sorted(each)[: -(-len(each) // 10)]
    return (
        sum(number > 0 for _, number in each),
        Fraction(sum(number for _, number in each), len(each)),
        sum((value for value, _ in each), Fraction(0)) / len(each),
        Fraction(sum(number for _, number in tenth), len(tenth)),
        sum((value for value, _ in tenth), Fraction(0)) / len(tenth),
    )


def figures(got: Got) -> tuple[int, Fraction, Fraction, Fraction, Fraction]:
    return (
        got.with_something, got.mean_number, got.mean_value, got.worst_off_number,
        got.worst_off_value,
    )  # fmt: skip


def test_small_elections_voter_by_voter() -> None:
    for seed in range(77_000, 77_300):
        election = toy(seed)
        outcome = count(election)
        got = what_voters_got(Choices.of(election, outcome), outcome)
        assert figures(got) == naive(election, set(outcome.winners)), election.name
        assert got.unspent == election.budget - outcome.spent
        assert got.kept is None or 0 <= got.kept <= 1


def test_costs_of_any_size() -> None:
    huge = 10**17
    projects = [Project(one, one, Fraction(huge * n, 7)) for n, one in enumerate("abcd", 1)]
    votes = [["a"], ["b"], ["a", "c"], ["d", "a"], [], ["c"]] * 5
    election = election_of(name="h.pb", projects=projects, votes=votes, budget=huge)
    outcome = count(election, Rule(completion="none"))
    assert outcome.winners
    got = what_voters_got(Choices.of(election, outcome), outcome)
    assert figures(got) == naive(election, set(outcome.winners))


def test_kinds_add_up_to_the_whole(real: Callable[[str], Election]) -> None:
    election = real("Poland_Warszawa_2026.pb")
    outcome = count(election, Rule(name="greedy"))
    got = what_voters_got(Choices.of(election, outcome), outcome)
    assert "category" in got.by_column
    for kinds in got.by_column.values():
        assert sum(kind.spent for kind in kinds) == outcome.spent
        assert sum(kind.asked for kind in kinds) == sum(p.cost for p in election.projects)
        assert sum(kind.votes for kind in kinds) == sum(v.votes for v in outcome.verdicts)
        assert sum(kind.funded for kind in kinds) == len(outcome.winners)
        assert sum(kind.projects for kind in kinds) == len(election.projects)


def test_a_project_of_two_kinds_is_shared_out() -> None:
    projects = [
        Project("a", "A", Fraction(10), {"category": "sport, parks"}),
        Project("b", "B", Fraction(6), {"category": "parks"}),
    ]
    election = election_of(name="k.pb", projects=projects, votes=[["a"], ["a"], ["b"]], budget=10)
    outcome = count(election, Rule(name="greedy"))
    [parks, sport] = what_voters_got(Choices.of(election, outcome), outcome).by_column["category"]
    assert (parks.value, parks.spent, parks.votes, parks.projects) == (
        "parks", 5, 2, Fraction(3, 2)
    )  # fmt: skip
    assert (sport.value, sport.spent, sport.votes, sport.asked) == ("sport", 5, 1, 5)


def test_nobody_voted() -> None:
    election = election_of(
        name="n.pb", projects=[Project("a", "A", Fraction(1))], votes=[], budget=10
    )
    outcome = count(election, Rule(name="greedy"))
    got = what_voters_got(Choices.of(election, outcome), outcome)
    assert (got.voters, got.with_something, got.worst_off, got.mean_value) == (0, 0, 0, 0)
    assert (
        what_voters_got(Choices.of(election, replace(outcome, winners=())), outcome).by_column == {}
    )
