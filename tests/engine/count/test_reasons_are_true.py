"""A reason is a promise: so many more supporters would have done it, and one fewer would not."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from doorstep.engine.count import Election, Outcome, Project, Rule, Verdict, count, election_of
from doorstep.engine.count.plain import equal_shares
from doorstep.engine.count.tally import lot, tally
from tests.engine.count.toys import listed, toy


def wins_with(election: Election, outcome: Outcome, project: str, more: int) -> bool:
    """Recount at the outcome's final share with so many new voters for one project alone."""
    place = [one.id for one in election.projects].index(project)
    before = tally(election, outcome.rule)
    most = before.support[place][-1][0]
    support = list(before.support)
    support[place] = [*support[place], (most, [len(before.weight)])]
    votes, parts = list(before.votes), list(before.parts)
    votes[place] += more
    parts[place] += more * most
    lots = [lot(outcome.rule.seed, one.id) for one in election.projects]
    order = sorted(range(len(votes)), key=lambda p: (before.cost[p], -votes[p], lots[p]))
    ranks = [order.index(p) for p in range(len(votes))]
    after = listed(
        before,
        support,
        weight=[*before.weight, more],
        parts=parts,
        votes=votes,
        tie_order=ranks,
    )
    assert outcome.shares is not None
    share = outcome.shares.final * before.unit
    assert share.denominator == 1
    entrants = [p for p in range(len(votes)) if before.support[p] and before.cost[p] <= before.pot]
    rounds, _ = equal_shares(after, entrants, int(share))
    return place in {one.project for one in rounds}


def check(election: Election, outcome: Outcome, verdict: Verdict) -> None:
    needed = verdict.reason.params["needed_supporters"]
    assert isinstance(needed, int)
    assert needed >= 1
    assert wins_with(election, outcome, verdict.id, needed), (election.name, verdict.id, needed)
    if needed > 1:
        assert not wins_with(election, outcome, verdict.id, needed - 1), (election.name, verdict.id)


def lacking(outcome: Outcome) -> list[Verdict]:
    return [v for v in outcome.verdicts if v.reason.code == "supporters_lacked_money"]


@pytest.mark.parametrize("completion", ["none", "add1"])
def test_needed_supporters_are_enough_and_no_more_than_enough(completion: str) -> None:
    checked = 0
    for seed in range(40_000, 40_700):
        election = toy(seed)
        utilities = {"cumulative": "score", "scoring": "score", "ordinal": "borda"}
        for utility in ("cost", "count", utilities.get(election.vote_type)):
            if utility is None:
                continue
            outcome = count(election, Rule(utility=utility, completion=completion))
            for verdict in lacking(outcome):
                check(election, outcome, verdict)
                checked += 1
    assert checked > 500


def test_needed_supporters_in_a_real_town(real: Callable[[str], Election]) -> None:
    election = real("Poland_Swiecie_2023.pb")
    outcome = count(election, Rule(completion="add1"))
    assert [verdict.id for verdict in lacking(outcome)] == ["c6", "c8", "c15", "c16", "c22"]
    for verdict in lacking(outcome):
        check(election, outcome, verdict)


def test_money_left_is_less_than_the_cost_and_is_what_supporters_hold() -> None:
    for seed in range(41_000, 41_300):
        election = toy(seed)
        outcome = count(election, Rule(completion="none"))
        for verdict in lacking(outcome):
            left = verdict.reason.params["money_left"]
            assert isinstance(left, Fraction)
            assert 0 <= left < verdict.cost
            assert verdict.covered is not None
            assert left / verdict.cost <= verdict.covered < 1 or verdict.covered == 1


@pytest.mark.parametrize("name", ["greedy", "greedy-no-skip"])
def test_needed_votes_under_greedy_are_enough_and_no_more_than_enough(name: str) -> None:
    checked = 0
    for seed in range(50_000, 50_400):
        election = toy(seed, "approval")
        outcome = count(election, Rule(name=name))
        for verdict in outcome.verdicts:
            needed = verdict.reason.params.get("needed_score")
            if needed is None:
                continue
            checked += 1
            assert isinstance(needed, int)
            assert needed >= 1
            assert verdict.id in with_votes(election, verdict.id, needed, name).winners
            if needed > 1:
                assert verdict.id not in with_votes(election, verdict.id, needed - 1, name).winners
    assert checked > 150


def with_votes(election: Election, project: str, more: int, name: str) -> Outcome:
    votes = [
        [election.projects[n].id for n in ballot.choices]
        for ballot in election.ballots
        for _ in range(ballot.weight)
    ]
    bigger = election_of(
        name="more.pb", projects=election.projects, votes=votes + [[project]] * more,
        budget=election.budget,
    )  # fmt: skip
    return count(bigger, Rule(name=name))


def test_every_project_gets_a_reason_and_winners_a_winning_one() -> None:
    rules = [
        Rule(), Rule(completion="none"), Rule(completion="utilitarian"), Rule(name="greedy"),
        Rule(name="greedy-threshold", threshold=2), Rule(name="greedy-no-skip"),
        Rule(threshold=2),
    ]  # fmt: skip
    for seed in range(60_000, 60_200):
        election = toy(seed)
        for rule in rules:
            outcome = count(election, rule)
            won = {verdict.id for verdict in outcome.verdicts if verdict.won}
            assert won == set(outcome.winners)
            assert len(outcome.winners) == len(won) == len(outcome.rounds)
            assert outcome.spent == sum(v.cost for v in outcome.verdicts if v.won)
            assert outcome.spent <= outcome.budget
            for verdict in outcome.verdicts:
                assert verdict.won == verdict.reason.code.startswith("won_")
                assert verdict.reason.text


def test_the_issue_s_own_sentence() -> None:
    """412 supporters with a pot that leaves them £9,310, and a cost of £12,000."""
    votes = [["kitchen"]] * 412 + [["paths"]] * 588
    election = election_of(
        name="m.pb",
        projects=[
            Project("kitchen", "A kitchen", Fraction(12_000)),
            Project("paths", "Paths", Fraction(13_000)),
        ],
        votes=votes, budget=22_597, meta={"currency": "GBP"},
    )  # fmt: skip
    text = count(election, Rule(completion="none")).verdict("kitchen").reason.text
    assert text == (
        "412 people supported it. Together they had £9,309 of the pot left; it costs £12,000. "
        "What it would have needed: 120 more supporters."
    )


def test_ties_that_mattered_are_told_and_others_are_not() -> None:
    two = [Project(one, one, Fraction(6)) for one in ("a", "b")]
    apart = election_of(name="t.pb", projects=two, votes=[["a"], ["b"]], budget=12)
    assert count(apart, Rule(completion="none")).ties == ()
    together = election_of(name="t.pb", projects=two, votes=[["a", "b"]] * 2, budget=11)
    outcome = count(together, Rule(completion="none"))
    assert [(t.tied[:1], set(t.tied), t.decided_by) for t in outcome.ties] == [
        (outcome.winners, {"a", "b"}, "lot")
    ]
    by_votes = election_of(
        name="t.pb", projects=[two[0], Project("b", "b", Fraction(6))],
        votes=[["a", "b"], ["a", "b"], ["b"], []], budget=16,
    )  # fmt: skip
    assert count(by_votes, Rule(completion="none")).winners == ("b",)
