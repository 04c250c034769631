"""Where my share went: every pound of every funded project comes out of some voter's share."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.engine.count import (
    Project,
    Rule,
    RuleError,
    count,
    election_of,
    find_ballot,
    in_whole_parts,
    spending,
    write_pabulib,
)
from tests.engine.count.toys import toy

RULES = [
    Rule(completion=completion, utility=utility)
    for completion in ("none", "add1", "add1u")
    for utility in ("cost", "count")
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.completion} {rule.utility}")
def test_what_all_voters_paid_is_what_the_projects_cost_exactly(rule):
    told = 0
    for seed in range(400):
        election = toy(seed)
        outcome = count(election, rule)
        if outcome.shares is None:
            continue
        paid: dict[str, Fraction] = {}
        kept = Fraction()
        ways = spending(election, rule, outcome.shares.final, election.ballots)
        for ballot, way in zip(election.ballots, ways, strict=True):
            named = {election.projects[choice].id for choice in ballot.choices}
            assert way.kept >= 0
            assert {project for project, _ in way.paid} <= named
            kept += way.kept * ballot.weight
            for project, amount in way.paid:
                assert amount >= 0
                paid[project] = paid.get(project, Fraction()) + amount * ballot.weight
        by_shares = {
            one.project: one.cost for one in outcome.rounds if one.price is not None and one.cost
        }
        assert {project: sums for project, sums in paid.items() if sums} == by_shares, seed
        assert kept == outcome.shares.kept
        told += bool(by_shares)
    assert told > 200


@pytest.mark.parametrize("vote_type", ["cumulative", "ordinal"])
def test_points_and_ranks_pay_exactly_too(vote_type):
    utility = "score" if vote_type == "cumulative" else "borda"
    for seed in range(150):
        election = toy(seed, vote_type)
        outcome = count(election, Rule(utility=utility))
        if outcome.shares is None:
            continue
        ways = spending(election, outcome.rule, outcome.shares.final, election.ballots)
        paid = sum(
            (way.spent * b.weight for b, way in zip(election.ballots, ways, strict=True)),
            Fraction(),
        )
        assert paid == outcome.shares.paid


def test_a_hand_counted_share():
    """Two voters, £10: together they pay £6 for the shed, and the first alone £2 for the bench."""
    projects = [Project("shed", "Shed", Fraction(6)), Project("bench", "Bench", Fraction(2))]
    votes = [["shed", "bench"], ["shed"]]
    election = election_of(name="x", projects=projects, votes=votes, budget=10)
    rule = Rule(completion="none")
    outcome = count(election, rule)
    assert outcome.shares
    both, shed = spending(election, rule, outcome.shares.final, reversed(election.ballots))[::-1]
    by_size = sorted((both, shed), key=lambda way: len(way.paid))
    assert by_size[0].paid == (("shed", Fraction(3)),)
    assert by_size[0].kept == 2
    assert by_size[1].paid == (("shed", Fraction(3)), ("bench", Fraction(2)))
    assert by_size[1].kept == 0


def test_a_rule_without_shares_says_so():
    election = toy(3, "approval")
    with pytest.raises(RuleError, match="gives voters no share"):
        spending(election, Rule("greedy"), Fraction(1), election.ballots)


def test_a_ballot_of_another_election_is_refused():
    ours, other = toy(1, "approval"), toy(2, "cumulative")
    share = count(ours, Rule(completion="none")).shares
    assert share
    with pytest.raises(ValueError, match="none of this election"):
        spending(ours, Rule(), share.final, other.ballots)


def test_the_ballot_of_a_voter_is_found_by_its_id_alone():
    for seed in range(60):
        election = toy(seed)
        data = write_pabulib(election)
        for number in range(1, election.voters + 1):
            found = find_ballot(data, str(number))
            assert found.ballot in found.election.ballots
            assert found.election.ballots == election.ballots
        assert find_ballot(data, str(election.voters + 1)).ballot is None
        assert find_ballot(data, "").ballot is None


@given(st.lists(st.fractions(min_value=0, max_value=10_000), max_size=30))
def test_rounded_parts_add_up_and_none_is_off_by_one(amounts):
    whole = in_whole_parts(amounts)
    assert sum(whole) == int(sum(amounts, Fraction()))
    assert all(abs(part - amount) < 1 for part, amount in zip(whole, amounts, strict=True))
