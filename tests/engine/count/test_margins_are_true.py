"""Margins are promises: a penny cheaper wins and a penny dearer does not; and so for votes."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from doorstep.engine.count import Election, Outcome, Project, Rule, count
from doorstep.engine.count.final import Final
from doorstep.engine.count.holds import Held, held_by_shares
from doorstep.engine.count.losers import Lacked, lacked
from doorstep.engine.count.plain import equal_shares
from doorstep.engine.count.tally import Tally
from tests.engine.count.toys import listed, naive_equal_shares, naive_rate, toy, voters_of

POINTS = {"cumulative": "score", "scoring": "score", "ordinal": "borda"}
A_BIT = Fraction(1, 10**6)


def counted(seeds: range) -> Iterator[tuple[Election, Outcome, Final]]:
    """Small elections under each utility and two completions, where voters had shares."""
    for seed in seeds:
        election = toy(seed)
        for utility in {"cost", "count", POINTS.get(election.vote_type, "cost")}:
            for completion in ("none", "add1"):
                outcome = count(election, Rule(utility=utility, completion=completion))
                final = Final.of(election, outcome)
                if final is not None:
                    yield election, outcome, final


def at_cost(election: Election, project: str, cost: Fraction) -> Election:
    return replace(
        election,
        projects=tuple(
            Project(one.id, one.name, cost if one.id == project else one.cost)
            for one in election.projects
        ),
    )


def winners_at(outcome: Outcome, election: Election) -> list[str]:
    """The naive count at the outcome's final share."""
    assert outcome.shares is not None
    return naive_equal_shares(election, str(outcome.rule.utility), outcome.shares.final)


def test_an_idea_wins_below_the_cost_named_and_not_above() -> None:
    checked = exactly = 0
    for election, outcome, final in counted(range(72_000, 72_260)):
        for one in lacked(final):
            cost = outcome.verdict(one.project).cost
            assert 0 <= one.wins_below <= cost

            def wins(at: Fraction, project: str = one.project, election=election, outcome=outcome):
                return project in winners_at(outcome, at_cost(election, project, at))

            assert wins(one.wins_below) == one.wins_there, (election.name, one)
            assert wins(max(one.wins_below - A_BIT, Fraction())), (election.name, one)
            assert not wins(min(one.wins_below + A_BIT, cost)), (election.name, one)
            assert wins(cost - one.cheaper_by)
            assert not wins(cost - one.cheaper_by + Fraction(1, 100))
            checked += 1
            exactly += not one.wins_there
    assert checked > 400
    assert exactly > 10


def naive_spent_on(election: Election, outcome: Outcome, project: str) -> dict[str, Fraction]:
    """Who paid what, voter by voter, in the order of the winners."""
    assert outcome.shares is not None
    voters = voters_of(election, str(outcome.rule.utility))
    money = [outcome.shares.final] * len(voters)
    spent: dict[str, Fraction] = {}
    for won in winners_at(outcome, election):
        cost = outcome.verdict(won).cost
        rate = naive_rate(voters, money, won, cost) if cost else Fraction(0)
        assert rate is not None
        for i, worth in enumerate(voters):
            paid = min(money[i], rate * worth.get(won, 0))
            money[i] -= paid
            if project in worth and worth[project] and paid:
                spent[won] = spent.get(won, Fraction(0)) + paid
    return spent


def test_what_supporters_spent_elsewhere_is_to_the_last_fraction() -> None:
    checked = 0
    for election, outcome, final in counted(range(73_000, 73_200)):
        for one in lacked(final):
            expected = naive_spent_on(election, outcome, one.project)
            assert dict(one.spent_on) == expected
            left = outcome.verdict(one.project).reason.params["money_left"]
            assert isinstance(left, Fraction)
            checked += bool(expected)
    assert checked > 150


def test_margins_of_a_real_town(real: Callable[[str], Election]) -> None:
    election = real("Poland_Swiecie_2023.pb")
    outcome = count(election, Rule(completion="add1"))
    final = Final.of(election, outcome)
    assert final is not None
    found: dict[str, Lacked] = {one.project: one for one in lacked(final)}
    assert list(found) == ["c6", "c8", "c15", "c16", "c22"]
    for one in found.values():
        cost = outcome.verdict(one.project).cost
        for reduction, wins in ((one.cheaper_by, True), (one.cheaper_by - Fraction(1, 100), False)):
            cheaper = at_cost(election, one.project, cost - reduction)
            at = Final.of(cheaper, count(cheaper, Rule(completion="none")))
            assert at is not None
            assert outcome.shares is not None
            share = outcome.shares.final * at.tally.unit
            rounds = at.run(at.tally, at.entrants, int(share))
            assert (one.project in {at.id(r.project) for r in rounds}) == wins


def without(tally: Tally, project: int, gone: dict[int, int], lots: list[str]) -> Tally:
    """The tally in which so many voters of these ballots leave one project out."""
    weight, support = list(tally.weight), [list(groups) for groups in tally.support]
    votes = list(tally.votes)
    for ballot, people in gone.items():
        weight[ballot] -= people
        weight.append(people)
        votes[project] -= people
        for other, groups in enumerate(support):
            if other != project:
                support[other] = [
                    (part, [*group, len(weight) - 1] if ballot in group else group)
                    for part, group in groups
                ]
    parts = [sum(part * sum(weight[b] for b in g) for part, g in groups) for groups in support]
    order = sorted(range(len(votes)), key=lambda q: (tally.cost[q], -votes[q], lots[q]))
    return listed(
        tally, support, weight=weight, votes=votes, parts=parts,
        tie_order=[order.index(q) for q in range(len(votes))],
    )  # fmt: skip


def wins_without(final: Final, project: int, gone: dict[int, int]) -> bool:
    changed = without(final.tally, project, gone, final.lots)
    if not changed.parts[project]:
        return False
    rounds, _ = equal_shares(changed, final.entrants, final.share)
    return project in {one.project for one in rounds}


def check_held(final: Final, one: Held) -> None:
    """Try every group of its supporters that could leave it out."""
    place = [project.id for project in final.election.projects].index(one.project)
    ballots = [b for _, group in final.tally.support[place] for b in group]
    people = [b for b in ballots for _ in range(final.tally.weight[b])]
    losing = None
    for number in range(1, len(people) + 1):
        groups = {tuple(sorted(group)) for group in combinations(people, number)}
        outcomes = [
            wins_without(final, place, {b: group.count(b) for b in group}) for group in groups
        ]
        if not all(outcomes):
            losing = number
            break
    assert losing is not None
    assert one.safe_below <= losing <= one.lost_with, (final.election.name, one, losing)


def test_so_many_supporters_fewer_lose_it_and_fewer_never_do() -> None:
    checked = exact = 0
    for _, _, final in counted(range(74_000, 74_150)):
        for one in held_by_shares(final):
            check_held(final, one)
            checked += 1
            exact += one.exact
    assert checked > 400
    assert exact / checked > 0.95


def test_any_fewer_supporters_of_a_real_town_never_lose_it(real: Callable[[str], Election]) -> None:
    """Groups drawn at random, and those who chose least besides: all leave the idea standing."""
    election = real("Poland_Swiecie_2023.pb")
    final = Final.of(election, count(election, Rule(completion="add1")))
    assert final is not None
    held = held_by_shares(final)
    assert len(held) == 17
    assert sum(one.exact for one in held) >= 15
    rng = random.Random(2023)
    for one in held:
        place = [project.id for project in election.projects].index(one.project)
        people = [
            ballot
            for _, group in final.tally.support[place]
            for ballot in group
            for _ in range(final.tally.weight[ballot])
        ]
        assert isinstance(one.safe_below, int)
        people.sort(key=lambda ballot: len(election.ballots[ballot].choices))
        fewer = one.safe_below - 1
        for group in (people[:fewer], rng.sample(people, fewer)):
            assert wins_without(final, place, Counter(group)), one
