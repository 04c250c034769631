"""Under Phragmén too: so many fewer lose it, so many more win it, a penny cheaper wins."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest

from doorstep.engine.count import Election, Outcome, Project, Rule, count, election_of
from doorstep.engine.count.analysis import analyse, analysis_as_json
from doorstep.engine.count.earning import PhragmenMargins
from tests.engine.count.test_margins_are_true import at_cost
from tests.engine.count.toys import naive_phragmen, toy

A_BIT = Fraction(1, 10**6)
RULE = Rule(name="phragmen")


def small(seeds: range) -> Iterator[tuple[Election, Outcome, PhragmenMargins]]:
    for seed in seeds:
        election = toy(seed, "approval" if seed % 3 else "choose-1")
        if election.voters:
            outcome = count(election, RULE)
            yield election, outcome, PhragmenMargins(election, outcome)


def votes_of(election: Election) -> list[list[str]]:
    """One list of ids for each voter."""
    ids = [one.id for one in election.projects]
    return [
        [ids[p] for p in ballot.choices]
        for ballot in election.ballots
        for _ in range(ballot.weight)
    ]


def wins(election: Election, project: str, votes: list[list[str]]) -> bool:
    """Counted again with these votes, naively and in fractions."""
    again = election_of(
        name="again.pb", projects=election.projects, votes=votes, budget=election.budget,
        vote_type="approval",
    )  # fmt: skip
    return project in naive_phragmen(again)


def without(votes: list[list[str]], project: str, gone: tuple[int, ...]) -> list[list[str]]:
    return [
        [one for one in vote if one != project] if at in gone else vote
        for at, vote in enumerate(votes)
    ]


def test_so_many_supporters_fewer_lose_it_and_fewer_never_do() -> None:
    """Every group of its supporters that could leave it out is tried."""
    checked = exact = 0
    for election, outcome, margins in small(range(90_000, 90_120)):
        votes = votes_of(election)
        assert [one.project for one in margins.held()] == list(outcome.winners)
        for one in margins.held():
            people = [at for at, vote in enumerate(votes) if one.project in vote]
            losing = next(
                number
                for number in range(1, len(people) + 1)
                if any(
                    not wins(election, one.project, without(votes, one.project, group))
                    for group in combinations(people, number)
                )
            )
            assert one.safe_below <= losing <= one.lost_with, (election.name, one, losing)
            checked += 1
            exact += one.exact
    assert checked > 150
    assert exact / checked > 0.95


def test_so_many_newcomers_win_it_and_one_fewer_does_not() -> None:
    checked = 0
    for election, _, margins in small(range(91_000, 91_700)):
        votes = votes_of(election)
        for one in margins.lacked():
            assert one.needed is not None
            assert one.needed >= 1
            assert wins(election, one.project, votes + [[one.project]] * one.needed), one
            assert not wins(election, one.project, votes + [[one.project]] * (one.needed - 1)), one
            checked += 1
    assert checked > 150


def test_it_wins_below_the_cost_named_and_not_above() -> None:
    checked = exactly = 0
    for election, outcome, margins in small(range(92_000, 92_500)):
        for one in margins.lacked():
            cost = outcome.verdict(one.project).cost

            def at(cost: Fraction, project: str = one.project, election=election) -> bool:
                return project in naive_phragmen(at_cost(election, project, cost))

            assert at(one.wins_below) == one.wins_there, (election.name, one)
            assert at(max(one.wins_below - A_BIT, Fraction()))
            assert not at(min(one.wins_below + A_BIT, cost))
            assert at(cost - one.cheaper_by)
            checked += 1
            exactly += not one.wins_there
    assert checked > 150
    assert exactly > 5


def test_what_supporters_had_and_spent_is_to_the_last_fraction() -> None:
    """Earned until the end is what is left and what was spent, voter by voter."""
    for election, outcome, margins in small(range(90_600, 90_700)):
        votes = votes_of(election)
        load = [Fraction(0)] * len(votes)
        spent: dict[str, dict[str, Fraction]] = {one.project: {} for one in margins.lacked()}
        for bought in outcome.rounds:
            assert bought.price is not None
            for at, vote in enumerate(votes):
                if bought.project in vote:
                    for project in spent.keys() & set(vote):
                        paid = spent[project].get(bought.project, Fraction(0))
                        spent[project][bought.project] = paid + bought.price - load[at]
                    load[at] = bought.price
        for one in margins.lacked():
            expected = {won: paid for won, paid in spent[one.project].items() if paid}
            assert dict(one.spent_on) == expected


def test_a_threshold_counts_too() -> None:
    projects = [Project("a", "A", Fraction(3)), Project("b", "B", Fraction(9))]
    election = election_of(name="t.pb", projects=projects, votes=[["a"]] * 5 + [["b"]], budget=10)
    held = PhragmenMargins(election, count(election, replace(RULE, threshold=4))).held()
    assert [(one.project, one.safe_below, one.lost_with) for one in held] == [("a", 2, 2)]


@pytest.mark.parametrize("file", ["Poland_Warszawa_2018_Niskie_Okecie.pb"])
def test_a_real_district_is_told_whole(real: Callable[[str], Election], file: str) -> None:
    election = real(file)
    outcome = count(election, RULE)
    told = analysis_as_json(analyse(election, outcome))
    assert [one["project"] for one in told["funded"]] == list(outcome.winners)
    for one in told["not_funded"]:
        assert re.search(r"more supporters? would have been enough", one["text"])
        more = [[one["project"]]] * one["needed_supporters"]
        assert wins(election, one["project"], votes_of(election) + more)
