"""Where purses are unequal a neighbour sees who brought what, what it bought, and what goes along;
margins, the range of pots and the check of groups hold with everybody's own purse."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations
from pathlib import Path

import pytest
from typer.testing import CliRunner

from doorstep.cli import app
from doorstep.engine.count import (
    Election,
    Outcome,
    Project,
    Rule,
    count,
    election_of,
    read_pabulib,
    write_pabulib,
)
from doorstep.engine.count.analysis import analyse, analysis_as_json, facts
from doorstep.engine.count.analysis_report import analysis_report
from doorstep.engine.count.bringing import Bringing, Owed, bringing
from doorstep.engine.count.carry import (
    carried_over,
    carry_by_kind,
    carry_by_voter,
    left_by_voter,
    owed_by_kind,
)
from doorstep.engine.count.choices import Choices
from doorstep.engine.count.fairness import what_voters_got
from doorstep.engine.count.final import Final
from doorstep.engine.count.giving import givers
from doorstep.engine.count.holds import held_by_shares
from doorstep.engine.count.losers import lacked
from doorstep.engine.count.page import WORDS, html_report
from doorstep.engine.count.pots import pot_range
from doorstep.engine.count.proportional import left_out, measure_of
from doorstep.engine.count.report import WIDTH
from doorstep.site.catalogue import translator
from tests.engine.count.test_a_larger_pot_changes_this import check_edges
from tests.engine.count.test_a_report_is_whole_and_plain import checked, text_of
from tests.engine.count.test_margins_are_true import A_BIT, at_cost
from tests.engine.count.test_what_is_carried_over_is_counted_exactly import (
    POINTS,
    brought,
    naive_with_purses,
    park_or_sport,
)
from tests.engine.count.toys import naive_rate, toy, voters_of


def unequal(seed: int, kind: str | None = None) -> Election:
    election = toy(seed, kind)
    return carry_by_voter(write_pabulib(election), brought(seed, election), "toy.pb")


def purses(election: Election, share: Fraction) -> list[Fraction]:
    """What every voter begins with, in the order of voters_of."""
    assert election.carried is not None
    pairs = zip(election.carried.each, election.ballots, strict=True)
    return [share + more for more, ballot in pairs for _ in range(ballot.weight)]


def counted(seeds: range, kind: str | None = None) -> Iterator[tuple[Election, Outcome]]:
    """Toys in which some brought more, where voters had shares."""
    for seed in seeds:
        election = unequal(seed, kind)
        for utility in {"cost", "count", POINTS.get(election.vote_type, "cost")}:
            for completion in ("none", "add1"):
                outcome = count(election, Rule(utility=utility, completion=completion))
                if outcome.shares is not None:
                    yield election, outcome


def told(election: Election, outcome: Outcome) -> Bringing:
    got = what_voters_got(Choices.of(election, outcome), outcome)
    found = bringing(election, outcome, got.by_column)
    assert found is not None
    return found


# Who brought what, and what goes along -----------------------------------------------------------


def test_everybody_is_in_one_group_and_nothing_is_lost() -> None:
    groups = 0
    for election, outcome in counted(range(88_000, 88_150)):
        assert outcome.shares is not None
        begun = purses(election, outcome.shares.final)
        money, voters = list(begun), voters_of(election, str(outcome.rule.utility))
        for one in outcome.rounds:
            rate = naive_rate(voters, money, one.project, one.cost) if one.price else None
            for i, worth in enumerate(voters if rate is not None else []):
                money[i] -= min(money[i], (rate or 0) * worth.get(one.project, 0))
        found = told(election, outcome)
        assert sum(one.people for one in found.purses) == election.voters
        for one in found.purses:
            least, most = one.least + outcome.shares.final, one.most + outcome.shares.final
            inside = [i for i, purse in enumerate(begun) if least <= purse <= most]
            assert len(inside) == one.people
            assert one.brought + one.share == sum(begun[i] for i in inside)
            assert one.kept == sum(money[i] for i in inside)
        flows = givers(election, outcome)
        assert sum(one.given for one in flows) == outcome.shares.given == sum(begun)
        assert sum(one.kept for one in flows) == outcome.shares.kept == sum(money)
        groups += len(found.purses)
    assert groups > 500


def test_what_voters_take_along_is_what_the_next_round_is_given() -> None:
    some = 0
    for seed in range(88_200, 88_260):
        election, amounts = toy(seed), brought(seed, toy(seed))
        data = write_pabulib(election)
        again = carry_by_voter(data, amounts, "toy.pb")
        outcome = count(again, Rule())
        if outcome.shares is None:
            continue
        left = left_by_voter(data, outcome, "toy.pb", amounts)
        taken = [one.takes_along or Fraction() for one in told(again, outcome).purses]
        assert sum(taken, Fraction()) == sum(left.values())
        assert sum(left.values()) <= outcome.budget - outcome.spent
        some += any(left.values())
    assert some > 25


def test_a_kind_is_still_owed_what_it_was_and_its_part_less_what_it_got() -> None:
    """Sport was owed 20 and four of ten vote for it: of 50 spent its part is 20, and it got 0."""
    amounts = {"sport": Fraction(20), "art": Fraction(5)}
    again = carry_by_kind(park_or_sport(), "category", amounts)
    outcome = count(again, Rule(completion="add1"))
    assert outcome.winners == ("b", "a") or outcome.spent
    found = told(again, outcome)
    spent = {one.value: one for one in found.kinds}
    assert spent["art"] == Owed("art", Fraction(5), 0, Fraction(), Fraction(), Fraction(5))
    for value, votes in (("sport", 4), ("parks", 6)):
        one = spent[value]
        assert one.fair == outcome.spent * votes / 10
        assert one.takes_along == max(one.owed + one.fair - one.spent, 0)
    assert owed_by_kind([(again, outcome)], "category") == {
        one.value: one.takes_along for one in found.kinds
    }
    assert [one.takes_along for one in found.purses] == [None, None]


# Figures that hold with everybody's own purse ----------------------------------------------------


def test_an_idea_wins_below_the_cost_named_and_not_above() -> None:
    checked_ = 0
    for election, outcome in counted(range(88_300, 88_420)):
        final = Final.of(election, outcome)
        assert final is not None
        assert outcome.shares is not None
        share, utility = outcome.shares.final, str(outcome.rule.utility)
        for one in lacked(final):
            cost = outcome.verdict(one.project).cost

            def wins(
                at: Fraction,
                project: str = one.project,
                election: Election = election,
                share: Fraction = share,
                utility: str = utility,
            ) -> bool:
                changed = at_cost(election, project, at)
                return project in naive_with_purses(changed, utility, purses(election, share))

            assert wins(one.wins_below) == one.wins_there, (election.name, one)
            assert wins(max(one.wins_below - A_BIT, Fraction())), (election.name, one)
            assert not wins(min(one.wins_below + A_BIT, cost)), (election.name, one)
            checked_ += 1
    assert checked_ > 200


class _Voters:
    """What the naive count asks of an election, one ballot for each voter."""

    def __init__(self, election: Election, ballots: list) -> None:
        self.projects, self.budget, self.ballots = election.projects, election.budget, ballots


def test_a_win_stands_while_fewer_leave_it_out_and_can_fall_with_so_many() -> None:
    checked_ = 0
    for election, outcome in counted(range(88_500, 88_580), "approval"):
        final = Final.of(election, outcome)
        assert final is not None
        assert outcome.shares is not None
        begun, utility = purses(election, outcome.shares.final), str(outcome.rule.utility)
        ballots = [replace(b, weight=1) for b in election.ballots for _ in range(b.weight)]
        for one in held_by_shares(final):
            p = [project.id for project in election.projects].index(one.project)
            backers = [i for i, ballot in enumerate(ballots) if p in ballot.choices]

            def stands(
                gone: tuple[int, ...],
                p: int = p,
                ballots: list = ballots,
                election: Election = election,
                begun: list = begun,
                utility: str = utility,
            ) -> bool:
                left = [
                    replace(b, choices=tuple(q for q in b.choices if q != p)) if i in gone else b
                    for i, b in enumerate(ballots)
                ]
                found = naive_with_purses(_Voters(election, left), utility, list(begun))
                return election.projects[p].id in found

            for size in range(1, min(int(one.safe_below), len(backers) + 1)):
                assert all(stands(gone) for gone in combinations(backers, size)), (election, one)
            many = combinations(backers, int(one.lost_with))
            assert not all(stands(gone) for gone in many), (election, one)
            checked_ += 1
    assert checked_ > 200


RULES = [
    Rule(), Rule(completion="add1"), Rule(completion="utilitarian"), Rule(completion="none"),
    Rule(completion="none", utility="count"),
]  # fmt: skip


def test_the_range_of_pots_is_counted_and_stops_above_what_was_brought() -> None:
    for seed in range(88_600, 88_650):
        election = unequal(seed)
        assert election.carried is not None
        total = sum(purses(election, Fraction()), Fraction())
        for rule in RULES:
            outcome = count(election, rule)
            found = pot_range(election, outcome)
            assert found is not None
            if found.below is None:
                assert total < found.low <= total + 1
                found = replace(found, below=found.low - 1) if found.low > 1 else found
                if found.below is not None:
                    continue
            check_edges(election, rule, outcome, found)


def test_with_a_whole_share_the_smallest_pot_is_one_unit_for_everybody() -> None:
    """A free idea wins with any pot; under one unit each there is no share to begin with."""
    projects = [Project("a", "A", Fraction(0)), Project("b", "B", Fraction(45))]
    votes = [["a"], ["a"], ["b"], ["a"]]
    election = election_of(name="f.pb", projects=projects, votes=votes, budget=50)
    rule = Rule(completion="none", integral_start=True)
    found = pot_range(election, count(election, rule))
    assert found is not None
    assert (found.low, found.below) == (4, None)


def naive_left_out(election: Election, outcome: Outcome, measure: str) -> set[str]:
    """Every unfunded idea some group of whose supporters was left out, trying all groups."""
    won, cost = set(outcome.winners), {one.id: one.cost for one in election.projects}
    total = sum(purses(election, Fraction()), Fraction())
    begun = purses(election, (election.budget - total) / election.voters)
    voters = [
        {election.projects[n].id for n in ballot.choices}
        for ballot in election.ballots
        for _ in range(ballot.weight)
    ]
    broken = set()
    for p in cost.keys() - won:
        asks = [
            (begun[i], cost[p] * (1 + len(vote & won)))
            if measure == "count"
            else (begun[i], cost[p] + sum((cost[q] for q in vote & won), Fraction()))
            for i, vote in enumerate(voters)
            if p in vote
        ]
        groups = chain.from_iterable(combinations(asks, n) for n in range(1, len(asks) + 1))
        if any(all(len(group) * has >= needs for has, needs in group) for group in groups):
            broken.add(p)
    return broken


@pytest.mark.parametrize("measure", ["cost", "count"])
def test_a_group_left_out_is_found_by_everybodys_own_purse(measure: str) -> None:
    broken = whole = 0
    for seed in range(88_700, 88_950):
        election = unequal(seed, "approval")
        outcome = count(election, Rule(completion="none"))
        # Any set of winners will do: take one away, so that somebody is left out more often.
        outcome = replace(outcome, winners=outcome.winners[1:])
        found = left_out(Choices.of(election, outcome), outcome, measure)
        assert {one.project for one in found} == naive_left_out(election, outcome, measure)
        assert all(one.part >= one.needed for one in found)
        broken += bool(found)
        whole += not found
    assert broken > 60
    assert whole > 60


def test_equal_shares_leaves_nobody_out_whatever_they_brought() -> None:
    measured = 0
    for seed in range(89_000, 89_200):
        election = unequal(seed)
        for utility in ("cost", "count"):
            for completion in ("none", "add1u"):
                outcome = count(election, Rule(utility=utility, completion=completion))
                assert measure_of(outcome) == utility
                assert not left_out(Choices.of(election, outcome), outcome, utility)
                measured += 1
    assert measured == 800


# In words ----------------------------------------------------------------------------------------


def test_an_analysis_says_all_of_it_and_what_cannot_be_said() -> None:
    codes = set()
    for election, outcome in counted(range(89_300, 89_340)):
        analysis = analyse(election, outcome, recounts=3)
        assert analysis.robustness is None
        form = analysis_as_json(analysis)
        assert form["carried_over"]["by"] == "voter_id"
        assert form["pots"] is not None
        text = analysis_report(analysis)
        assert "WHAT WAS BROUGHT OVER" in text
        assert all(len(line) <= WIDTH for line in text.splitlines())
        codes |= {fact.code for fact in facts(analysis)}
    assert {"not_drawn", "nobody_left_out_unequal", "nobody_left_out_by_number_unequal"} <= codes


def test_the_report_shows_it_and_how_to_prove_it(
    tmp_path: Path, real: Callable[[str], Election], elections: Path
) -> None:
    file, amounts = elections / "Poland_Swiecie_2023.pb", tmp_path / "brought.csv"
    lines = [f"v{number};{number % 7}" for number in range(1, 2_500, 2)]
    amounts.write_text("voter_id;carried\n" + "\n".join([*lines, "nobody;5"]) + "\n")
    election = carried_over(file, amounts)
    outcome = count(election, Rule(completion="add1"))
    html = checked(election, outcome)
    said = text_of(html)
    found = told(election, outcome)
    for words in (
        WORDS["brought"], WORDS["flow_brought"], WORDS["not_drawn"], WORDS["how_brought"],
        "1 of the amounts were for somebody", "began with more than an equal share",
        f"What is left of the pot, PLN {int(outcome.budget - outcome.spent):,}",
        "--carry-over brought.csv --certificate certificate.json",
        "--ballots Poland_Swiecie_2023.pb --carry-over brought.csv",
    ):  # fmt: skip
        assert words in said, words
    for one in found.purses:
        assert f"{one.people:,}" in said
    plainly = html_report(real("Poland_Swiecie_2023.pb"), count(real("Poland_Swiecie_2023.pb")))
    assert WORDS["brought"] not in plainly
    welsh = html_report(election, outcome, translator("cy"), language="cy")
    assert WORDS["brought"] not in text_of(welsh)


def test_by_kind_the_report_has_a_row_for_every_kind(tmp_path: Path) -> None:
    file, amounts = tmp_path / "this.pb", tmp_path / "a b.csv"
    file.write_bytes(write_pabulib(park_or_sport()))
    amounts.write_text("category;carried\nsport;20\nart;5\n")
    election = carried_over(file, amounts)
    said = text_of(checked(election, count(election, Rule())))
    assert WORDS["along_by_kind"] in said
    for row in ("sport £20 4 people", "art £5 0 people", "parks £0 0 people"):
        assert row in said, said
    assert "--carry-over &#x27;a b.csv&#x27;" in said


def test_round_after_round_by_command(tmp_path: Path) -> None:
    """What one round's report says goes along is what the next is given, three rounds long."""
    file = tmp_path / "round.pb"
    file.write_bytes(write_pabulib(park_or_sport()))
    run, before = CliRunner().invoke, list[str]()
    for number in range(3):
        carried, figures = tmp_path / f"{number}.csv", tmp_path / f"{number}.json"
        made = run(app, ["carry-over", str(file), "--by", "category", *before])
        assert made.exit_code == 0, made.stderr
        if before:
            told_ = json.loads((tmp_path / f"{number - 1}.json").read_text())["carried_over"]
            along = {one["value"]: Fraction(one["takes_along"]) for one in told_["kinds"]}
            lines = (line.rpartition(";") for line in made.stdout.splitlines()[1:])
            assert {kind: Fraction(amount) for kind, _, amount in lines} == {
                kind: amount for kind, amount in along.items() if amount
            }
        carried.write_text(made.stdout)
        before = ["--carry-over", str(carried)]
        page = ["--report", str(tmp_path / "r.html"), "--analysis", str(figures)]
        assert run(app, ["count", str(file), *before, *page]).exit_code == 0
        assert WORDS["brought"] in (tmp_path / "r.html").read_text()
    assert read_pabulib(file).carried is None
