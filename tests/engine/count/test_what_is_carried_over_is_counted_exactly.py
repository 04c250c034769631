"""Unequal purses: alike on every layer, out of the pot and never beyond it, off by default."""

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from doorstep.cli import app
from doorstep.engine.count import (
    Election,
    PabulibError,
    Project,
    Rule,
    RuleError,
    as_json,
    canonical,
    count,
    election_of,
    plain,
    replay,
    text_report,
    write_pabulib,
)
from doorstep.engine.count.carry import (
    amounts_of,
    carried_over,
    carry_by_kind,
    carry_by_voter,
    left_by_voter,
    owed_by_kind,
    written_amounts,
)
from doorstep.engine.count.counting import entrants
from doorstep.engine.count.spending import spending
from doorstep.engine.count.tally import lot, tally
from tests.engine.count.layers import layer_or_skip
from tests.engine.count.toys import first_in_tie_order, naive_rate, toy, voters_of

POINTS = {"cumulative": "score", "scoring": "score", "ordinal": "borda"}


def brought(seed: int, election: Election) -> dict[str, Fraction]:
    """Every third voter of the written file carries something, a few more than others."""
    most = election.budget / (2 * election.voters)
    return {str(n): most * ((seed + n) % 4) / 3 for n in range(1, election.voters + 1, 2)}


def naive_with_purses(election: Election, utility: str, money: list[Fraction]) -> list[str]:
    """The naive count of toys.py, with each voter's own purse."""
    voters = voters_of(election, utility)
    cost = {p.id: p.cost for p in election.projects if p.cost <= election.budget}
    waiting = {p for worth in voters for p, gain in worth.items() if gain or utility == "cost"}
    waiting &= cost.keys()
    winners: list[str] = []
    while free := {p for p in waiting if not cost[p]}:
        winners.append(first_in_tie_order(election, free, ""))
        waiting.discard(winners[-1])
    while True:
        rates = {p: naive_rate(voters, money, p, cost[p]) for p in waiting}
        known = {p: rate for p, rate in rates.items() if rate is not None}
        if not known:
            return winners
        lowest = min(known.values())
        chosen = first_in_tie_order(election, {p for p in known if known[p] == lowest}, "")
        for i, worth in enumerate(voters):
            money[i] -= min(money[i], lowest * worth.get(chosen, 0))
        winners.append(chosen)
        waiting.discard(chosen)


def test_purses_begin_with_an_equal_share_of_the_rest_and_what_each_brings() -> None:
    checked = other = 0
    for seed in range(82_000, 82_400):
        election = toy(seed)
        unequal = carry_by_voter(write_pabulib(election), brought(seed, election), "toy.pb")
        assert unequal.carried is not None
        each = [c for c, b in zip(unequal.carried.each, unequal.ballots, strict=True)
                for _ in range(b.weight)]  # fmt: skip
        share = (election.budget - sum(each)) / election.voters
        for utility in {"cost", "count", POINTS.get(election.vote_type, "cost")}:
            rule = Rule(utility=utility, completion="none")
            outcome = count(unequal, rule)
            expected = naive_with_purses(unequal, utility, [share + more for more in each])
            assert list(outcome.winners) == expected, (election.name, utility)
            assert outcome.spent <= outcome.budget
            if outcome.shares:
                assert outcome.shares.first == share
                assert outcome.shares.given == outcome.budget
            checked += 1
            other += outcome.winners != count(election, rule).winners
    assert checked > 700
    assert other > 40


@pytest.mark.parametrize("fast", ["kernel", "numpy"])
def test_fast_layers_count_unequal_purses_as_the_written_rule_does(fast: str) -> None:
    layer = layer_or_skip(fast).name
    for seed in range(83_000, 83_250):
        election = toy(seed)
        unequal = carry_by_voter(write_pabulib(election), brought(seed, election), "toy.pb")
        for utility in {"cost", "count", POINTS.get(election.vote_type, "cost")}:
            for completion in ("none", "add1", "add1u"):
                rule = Rule(utility=utility, completion=completion)
                expected = count(unequal, rule, layer="plain")
                found = count(unequal, rule, layer=layer)
                assert canonical(found) == canonical(expected), (seed, rule)
                assert found.shares == expected.shares, (seed, rule)


@pytest.mark.parametrize("fast", ["kernel", "numpy"])
def test_fast_layers_need_not_ask_about_a_real_election(
    monkeypatch: pytest.MonkeyPatch, elections: Path, fast: str
) -> None:
    """Świecie, with something brought by every second voter: nothing is left to the slow way."""
    layer = layer_or_skip(fast).name
    data = (elections / "Poland_Swiecie_2023.pb").read_bytes()
    some = {f"v{number}": Fraction(number % 7, 3) for number in range(1, 2_500, 2)}
    unequal = carry_by_voter(data, some, "s.pb")
    expected = canonical(count(unequal, Rule(), layer="plain"))

    def asked(*_: object, **__: object) -> None:
        raise AssertionError("plain was asked")

    for slow in ("equal_shares", "add1"):
        monkeypatch.setattr(plain, slow, asked)
    monkeypatch.setattr(replay, "equal_shares", asked)
    assert canonical(count(unequal, Rule(), layer=layer)) == expected


def test_reasons_are_the_same_the_fast_way_with_unequal_purses() -> None:
    checked = 0
    for seed in range(83_250, 83_450):
        election = toy(seed)
        unequal = carry_by_voter(write_pabulib(election), brought(seed, election), "toy.pb")
        rule = Rule(utility=POINTS.get(unequal.vote_type, "cost")).settled(unequal)
        ready = tally(unequal, rule)
        taking_part = entrants(unequal, rule, ready)
        if not taking_part:
            continue
        lots = [lot("", project.id) for project in unequal.projects]
        share = (ready.pot - ready.brought) // ready.voters
        plainly, fast = (
            replay.replayed(ready, taking_part, share, None, lots, plainly=way)
            for way in (True, False)
        )
        assert plainly == fast, seed
        checked += 1
    assert checked > 150


def test_every_completion_keeps_to_the_pot_and_gives_reasons() -> None:
    for seed in range(82_400, 82_500):
        election = toy(seed)
        unequal = carry_by_voter(write_pabulib(election), brought(seed, election), "toy.pb")
        for completion in ("add1", "add1u", "utilitarian"):
            outcome = count(unequal, Rule(completion=completion))
            assert outcome.spent <= outcome.budget
            for verdict in outcome.verdicts:
                if verdict.reason.code == "supporters_lacked_money":
                    assert verdict.reason.params["needed_supporters"] >= 1


def test_needed_supporters_hold_with_unequal_purses() -> None:
    """So many newcomers with an equal share, who support it alone, are enough and no fewer."""
    checked = 0
    for seed in range(82_500, 82_700):
        election = toy(seed, "approval")
        unequal = carry_by_voter(write_pabulib(election), brought(seed, election), "toy.pb")
        assert unequal.carried is not None
        outcome = count(unequal, Rule(completion="none", utility="count"))
        if outcome.shares is None:
            continue
        share = outcome.shares.final
        purses = [share + c for c, b in zip(unequal.carried.each, unequal.ballots, strict=True)
                  for _ in range(b.weight)]  # fmt: skip
        for verdict in outcome.verdicts:
            needed = verdict.reason.params.get("needed_supporters")
            if not isinstance(needed, int):
                continue
            for more, wins in ((needed, True), (needed - 1, False)):
                place = [p.id for p in unequal.projects].index(verdict.id)
                extra = replace(unequal.ballots[0], choices=(place,), weight=more)
                # Only the naive count sees this election: its classes need be in no order.
                bigger = _with_ballots(unequal, [*unequal.ballots, *([extra] if more else [])])
                found = naive_with_purses(bigger, "count", purses + [share] * more)
                assert (verdict.id in found) == wins, (election.name, verdict.id, more)
                checked += 1
    assert checked > 200


def _with_ballots(election: Election, ballots: list) -> Election:
    class Bigger:
        projects, budget = election.projects, election.budget

    Bigger.ballots = ballots
    return Bigger  # type: ignore[return-value]


def test_carrying_nothing_changes_nothing_but_is_told() -> None:
    for seed in range(82_700, 82_760):
        election = toy(seed)
        data = write_pabulib(election)
        same = carry_by_voter(data, {}, election.name)
        for completion in ("none", "add1u"):
            ours = as_json(count(same, Rule(completion=completion)))
            told = ours.pop("carry_over")
            theirs = as_json(count(election, Rule(completion=completion)))
            ours["election"].pop("sha256"), theirs["election"].pop("sha256")
            assert ours == theirs
            assert (told["voters"], told["total"]) == (0, "0/1")
            assert '"carry_over"' not in canonical(count(election, Rule(completion=completion)))


def park_or_sport() -> Election:
    projects = [
        Project("a", "A", Fraction(50), {"category": "parks"}),
        Project("b", "B", Fraction(50), {"category": "sport"}),
        Project("c", "C", Fraction(40), {"category": "sport"}),
    ]
    return election_of(
        name="k.pb", projects=projects, votes=[["a"]] * 6 + [["b"]] * 2 + [["c"]] * 2, budget=100,
        meta={"currency": "GBP"},
    )  # fmt: skip


def test_a_kind_that_got_less_than_its_part_is_owed_the_rest() -> None:
    """Parks had six of ten votes and all the money that was spent; sport had four, and none."""
    first = park_or_sport()
    outcome = count(first, Rule(completion="none"))
    assert outcome.winners == ("a",)
    assert owed_by_kind([(first, outcome)], "category") == {"sport": 20, "parks": 0}
    assert owed_by_kind([(first, outcome)] * 2, "category", Fraction(30)) == {
        "sport": 30, "parks": 0,
    }  # fmt: skip


def test_the_kind_that_was_owed_wins_the_next_time_and_the_result_says_why() -> None:
    again = carry_by_kind(park_or_sport(), "category", {"sport": Fraction(20), "art": Fraction(5)})
    assert again.carried is not None
    assert again.carried.absent == 1
    outcome = count(again, Rule(completion="none"))
    # Everybody has 8; each of the four for sport has 5 more, and two of them buy nothing alone.
    assert outcome.shares is not None
    assert (outcome.shares.first, outcome.shares.given) == (8, 100)
    assert as_json(outcome)["carry_over"] == {
        "by": "category", "sha256": "", "voters": 4, "total": "20/1", "largest": "5/1",
        "absent": 1, "equal_share": "8/1",
        "text": "4 people began with more than an equal share, because of earlier rounds: £20 of "
        "the pot together, at most £5 each. The rest of the pot was shared equally: £8 for "
        "everybody who voted.",
    }  # fmt: skip
    assert "4 people began with more" in " ".join(text_report(outcome).split())
    assert outcome.verdict("b").reason.params["money_left"] == 26


def test_what_one_voter_left_is_their_part_of_the_money_that_is_left(
    real: Callable[[str], Election], elections: Path
) -> None:
    name = "Poland_Swiecie_2023.pb"
    for completion in ("none", "add1"):
        outcome = count(real(name), Rule(completion=completion))
        left = left_by_voter((elections / name).read_bytes(), outcome, name)
        money = outcome.budget - outcome.spent
        assert len(left) == outcome.voters
        assert money - Fraction(outcome.voters, 100) < sum(left.values()) <= money
        assert min(left.values()) >= 0


def test_amounts_are_read_as_they_are_written() -> None:
    amounts = {"v1": Fraction(5, 2), "v;2": Fraction(1, 3), "none": Fraction(0)}
    by, again = amounts_of(written_amounts("voter_id", amounts).encode(), "c.csv")
    assert (by, again) == ("voter_id", {"v1": Fraction(5, 2), "v;2": Fraction(1, 3)})


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "first line"), ("name;carried\na;1", 1, "first line"),
        ("voter_id;carried\na;-1", 2, "no amount"), ("voter_id;carried\na;x", 2, "no amount"),
        ("voter_id;carried\na;1/0", 2, "no amount"), ("voter_id;carried\n\na", 3, "no amount"),
        ("category;carried\na;1e999999999", 2, "no amount"),
        ("voter_id;carried\na;1\na;2", 3, "each once"), ("voter_id;carried\n;2", 2, "each once"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_by_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(PabulibError, match=says) as refused:
        amounts_of(text.encode(), "c.csv")
    assert f"c.csv:{line}:" in str(refused.value)


def test_what_means_nothing_is_refused() -> None:
    election = park_or_sport()
    unequal = carry_by_kind(election, "category", {"sport": Fraction(20)})
    with pytest.raises(RuleError, match="gives voters no share"):
        count(unequal, Rule(name="greedy"))
    with pytest.raises(RuleError, match="as much is carried over"):
        count(carry_by_kind(election, "category", {"sport": Fraction(100)}), Rule())
    with pytest.raises(RuleError, match="less than nothing"):
        carry_by_kind(election, "category", {"sport": Fraction(-1)})
    with pytest.raises(RuleError, match="spend differently"):
        spending(unequal, Rule(), Fraction(8), unequal.ballots)
    greedy = count(election, Rule(name="greedy"))
    with pytest.raises(RuleError, match="no shares"):
        left_by_voter(write_pabulib(election), greedy, "k.pb")


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    election = toy(82_800, "approval")
    data = write_pabulib(election)
    head, _, rows = data.decode().partition("voter_id;vote\n")
    turned = "\n".join(reversed(rows.split("\n")[:-1])) + "\n"
    amounts = brought(3, election)
    one = carry_by_voter(data, amounts, "t.pb")
    other = carry_by_voter((head + "voter_id;vote\n" + turned).encode(), amounts, "t.pb")
    assert (one.profile, one.carried) == (other.profile, other.carried)


def test_from_one_round_to_the_next_by_command(tmp_path: Path) -> None:
    past, this = tmp_path / "past.pb", tmp_path / "this.pb"
    for path in (past, this):
        path.write_bytes(write_pabulib(park_or_sport()))
    run = CliRunner().invoke
    made = run(app, ["carry-over", str(past), "--by", "category", "--completion", "none"])
    assert made.output == "category;carried\nsport;20\n"
    carried = tmp_path / "carried.csv"
    carried.write_text(made.output)
    told = run(app, ["count", str(this), "--carry-over", str(carried), "--json", "-"])
    assert json.loads(told.stdout)["carry_over"]["total"] == "20/1"
    assert carried_over(this, carried).carried is not None
    by_voter = run(app, ["carry-over", str(past), "--by", "voter_id", "--completion", "none"])
    assert by_voter.output.startswith("voter_id;carried\n1;1.66\n")
    for wrong, says in (
        (["carry-over", str(past), str(past), "--by", "voter_id"], "give one file"),
        (["carry-over", str(past), "--by", "mood"], "no 'mood'"),
        (["carry-over", str(past), "--by", "category", "--most", "x"], "--most"),
        (["carry-over", str(past), "--by", "voter_id", "--carry-over", str(carried)], "go on by"),
        (["carry-over", *[str(past)] * 2, "--by", "category", "--carry-over", str(carried)], "one"),
    ):
        refused = run(app, wrong)
        assert refused.exit_code == 2
        assert says in refused.stderr
