"""The analysis: one documented form, said in words, and never a part of the published result."""

import json
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner

from doorstep.cli import app
from doorstep.engine.count import (
    Election,
    Outcome,
    Project,
    Rule,
    canonical,
    count,
    election_of,
    write_pabulib,
)
from doorstep.engine.count.analysis import (
    analyse,
    analysis_as_json,
    canonical_analysis,
    facts,
    facts_of,
)
from doorstep.engine.count.analysis_report import analysis_report
from doorstep.engine.count.facts import TEMPLATES, Fact, fact_in_words
from doorstep.engine.count.holds import Held
from doorstep.engine.count.report import WIDTH
from tests.engine.count.toys import toy

DOCS = Path(__file__).resolve().parents[3] / "docs" / "count.md"
RULES = [
    Rule(), Rule(completion="none"), Rule(completion="add1"), Rule(name="greedy"),
    Rule(completion="utilitarian", utility="count"), Rule(name="greedy-threshold", threshold=2),
    Rule(name="greedy-no-skip"), Rule(completion="none", threshold=2),
]  # fmt: skip


def fewer_votes(election: Election, project: str, gone: int) -> Election:
    """So many ballots leave one project out; which ones cannot matter to greedy."""
    votes = []
    for ballot in election.ballots:
        for _ in range(ballot.weight):
            ids = [election.projects[n].id for n in ballot.choices]
            if project in ids and gone:
                gone -= 1
                ids.remove(project)
            votes.append(ids)
    assert not gone
    return election_of(
        name="fewer.pb", projects=election.projects, votes=votes, budget=election.budget
    )


@pytest.mark.parametrize("name", ["greedy", "greedy-no-skip", "greedy-threshold"])
def test_so_many_votes_fewer_lose_what_greedy_funded_and_one_less_does_not(name: str) -> None:
    checked = 0
    rule = Rule(name=name, threshold=2 if name == "greedy-threshold" else None)
    for seed in range(80_000, 80_250):
        election = toy(seed, "approval")
        outcome = count(election, rule)
        for one in analyse(election, outcome).held:
            assert isinstance(one.lost_with, int)
            assert one.exact
            assert one.unit == "votes"
            less = fewer_votes(election, one.project, one.lost_with)
            assert one.project not in count(less, rule).winners, (election.name, one)
            nearly = fewer_votes(election, one.project, one.lost_with - 1)
            assert one.project in count(nearly, rule).winners, (election.name, one)
            checked += 1
    assert checked > 250


def test_what_was_left_of_the_pot_went_to_an_idea_by_so_many_votes() -> None:
    """The completion looks at the ideas that shares did not fund, most votes first."""
    projects = [Project("a", "A", Fraction(90)), Project("b", "B", Fraction(8)),
                Project("c", "C", Fraction(9))]  # fmt: skip
    votes = [["a"]] * 90 + [["b"]] * 5 + [["c"]] * 3 + [[]] * 2
    election = election_of(name="u.pb", projects=projects, votes=votes, budget=100)
    outcome = count(election, Rule(completion="utilitarian"))
    assert outcome.winners == ("a", "b")
    held = {one.project: one for one in analyse(election, outcome).held}
    assert held["b"] == Held("b", 3, 3, "votes")  # with two votes it stands behind c


def forms() -> list[tuple[Election, Outcome]]:
    found = []
    for seed in range(81_000, 81_040):
        election = toy(seed)
        found += [(election, count(election, rule)) for rule in RULES]
        if election.vote_type in ("approval", "choose-1"):
            found.append((election, count(election, Rule(name="phragmen"))))
    return found


def test_every_count_has_an_analysis_of_one_form() -> None:
    said = set()
    for election, outcome in forms():
        before = canonical(outcome)
        analysis = analyse(election, outcome, recounts=2, seed="s")
        form = json.loads(canonical_analysis(analysis))
        assert canonical(outcome) == before
        assert form["result_sha256"] == sha256(before.encode()).hexdigest()
        assert form == json.loads(json.dumps(analysis_as_json(analysis)))
        assert set(form) == {
            "form", "election", "rule", "result_sha256", "final_share", "not_funded", "funded",
            "pots", "proportionality", "voters", "robustness", "text",
        }  # fmt: skip
        assert {one["project"] for one in form["funded"]} <= set(outcome.winners)
        assert not {one["project"] for one in form["not_funded"]} & set(outcome.winners)
        assert all(one["text"] for one in form["not_funded"] + form["funded"])
        everything = [
            *facts(analysis),
            *(f for v in outcome.verdicts for f in facts_of(analysis, v.id)),
        ]
        said |= {fact.code for fact in everything}
        for line in analysis_report(analysis).splitlines():
            assert len(line) <= WIDTH
    never = {
        "nobody_left_out_by_number", "left_out", "left_out_by_number", "rank_lost_between",
        "shares_lost_between",
    }  # fmt: skip
    # Said where something is carried over: test_what_is_carried_over_is_told.
    never |= {code for code in TEMPLATES if code.endswith("_unequal")} | {"not_drawn"}
    assert TEMPLATES.keys() - said <= never


def test_a_whole_analysis_to_the_letter() -> None:
    projects = [Project("a", "A swing", Fraction(12)), Project("b", "A bench", Fraction(13, 2))]
    election = election_of(
        name="two.pb", projects=projects, votes=[["a", "b"], ["a"], ["b"]], budget=15,
        meta={"currency": "GBP"},
    )  # fmt: skip
    form = analysis_as_json(analyse(election, count(election, Rule(completion="none", seed="s"))))
    assert form["not_funded"] == [
        {
            "project": "a", "money_left": "27/4", "needed_supporters": 1, "covered": "5/6",
            "cheaper_by": "5.25", "wins_below": "27/4", "wins_there": True,
            "spent_on": [{"project": "b", "amount": "13/4"}],
            "text": "It would have been funded had it cost £5.25 less. Its supporters put £3.25 of "
            "their shares into ideas that won: A bench £3.25.",
        }
    ]  # fmt: skip
    assert form["funded"] == [
        {"project": "b", "unit": "supporters", "safe_below": 1, "lost_with": 1, "exact": True,
         "text": "1 person could have lost it by leaving it out; no fewer could."}
    ]  # fmt: skip
    assert form["final_share"] == "5/1"
    assert form["proportionality"] == {"measure": "cost", "holds": True, "left_out": []}
    assert form["voters"] == {
        "voters": 3, "with_something": 2, "mean_number": "2/3", "mean_value": "13/3",
        "worst_off": 1, "worst_off_number": "0/1", "worst_off_value": "0/1", "unspent": "8.5",
        "kept": "17/30", "by_column": {},
    }  # fmt: skip
    assert form["robustness"] is None


def test_left_out_by_number_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    election = election_of(
        name="e.pb", votes=[["a", "b"]] * 60 + [["c"]] * 40, budget=100,
        projects=[Project(p, f"Idea {p}", Fraction(30 if p == "c" else 50)) for p in "abc"],
        meta={"currency": "GBP"},
    )  # fmt: skip
    greedy = count(election, Rule(name="greedy"))
    [said] = [
        fact_in_words(f, "GBP") for f in facts(analyse(election, greedy)) if f.code == "left_out"
    ]
    assert said == (
        "40 people supported “Idea c”. Their part of the pot is £40, which pays for it on top of "
        "the funded choices of any of them (at most £0): together £30."
    )
    monkeypatch.setattr("doorstep.engine.count.analysis.measure_of", lambda _: "count")
    said = [
        fact_in_words(f, "GBP") for f in facts(analyse(election, greedy)) if "left_out" in f.code
    ]
    assert said[0].startswith(
        "40 people supported “Idea c”. Their part of the pot is £40; £30 would"
    )
    fair = count(election, Rule(completion="none", utility="count"))
    assert "nobody_left_out_by_number" in {f.code for f in facts(analyse(election, fair))}


def test_figures_that_leave_a_gap_say_so() -> None:
    gap = Fact("shares_lost_between", {"lost_with": 12, "safe_below": 9})
    assert fact_in_words(gap, "GBP") == (
        "12 people could have lost it by leaving it out; fewer than 9 people could not."
    )
    points = Fact("rank_lost_between", {"lost_with": 2, "safe_below": Fraction(3, 2)}, (), "points")
    assert fact_in_words(points, "GBP") == (
        "With 2 points fewer it would have come too late in line; with less than 1.5 points gone "
        "it would not."
    )


def test_an_outcome_of_another_election_is_refused() -> None:
    with pytest.raises(ValueError, match="another election"):
        analyse(toy(1), count(toy(5)))


@pytest.mark.parametrize(
    "word",
    ["--analysis", "--robustness", "doorstep-analysis-1", "wins_below", "safe_below", "lost_with",
     "spent_on", "endless", "left_out", "with_something", "worst_off", "by_column", "PCG64",
     "same_winners", "Wilson", "result_sha256"],
)  # fmt: skip
def test_the_form_is_documented(word: str) -> None:
    assert word in DOCS.read_text(encoding="utf-8")


def test_the_command_writes_figures_and_leaves_the_result_alone(tmp_path: Path) -> None:
    file, target = tmp_path / "e.pb", tmp_path / "figures.json"
    file.write_bytes(write_pabulib(toy(6, "approval")))
    run = CliRunner().invoke
    plainly = run(app, ["count", str(file)]).stdout
    asked = run(app, ["count", str(file), "--robustness", "5", "--robustness-seed", "s"])
    assert asked.stdout.startswith(plainly)
    assert "WON IN SO MANY OF 5 RECOUNTS" in asked.stdout
    alone = run(app, ["count", str(file), "--analysis", "-", "--robustness", "5"])
    assert json.loads(alone.stdout)["robustness"]["recounts"] == 5
    result = run(app, ["count", str(file), "--json", "-", "--analysis", str(target)])
    form = json.loads(target.read_text(encoding="utf-8"))
    assert form["result_sha256"] == sha256(result.stdout.encode()).hexdigest()
    refused = run(app, ["count", str(tmp_path), "--robustness", "5"])
    assert (refused.exit_code, "--robustness is for one file" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    ("projects", "votes", "budget"),
    [
        ({}, [], 1), ({"a": 1}, [], 1), ({"a": 1}, [[], []], 1), ({"a": 0}, [["a"]], 1),
        ({"a": 10**15, "b": 0, "c": 10**16}, [["a", "b"]] * 3 + [[], [], ["c"]], 10**15 + 1),
        ({"a": 5, "b": 5}, [["a"], ["b"]], 10), ({"a": 11}, [["a"]] * 3, 10),
    ],
)  # fmt: skip
def test_odd_elections_have_figures_too(
    projects: dict[str, int], votes: list[list[str]], budget: int
) -> None:
    """Nobody, nothing, for nothing, everything fits, dearer than the pot, costs of 10^15."""
    election = election_of(
        name="odd.pb", votes=votes, budget=budget,
        projects=[Project(one, one, Fraction(cost)) for one, cost in projects.items()],
    )  # fmt: skip
    for rule in (*RULES, Rule(name="phragmen"), Rule(increment=10**13)):
        outcome = count(election, rule)
        analysis = analyse(election, outcome, recounts=2)
        form = json.loads(canonical_analysis(analysis))
        assert (form["robustness"] is None) == (not votes)
        assert (form["pots"] is None) == (not votes)
        assert form["proportionality"]["left_out"] == [] or rule.name != "equal-shares"
        assert analysis_report(analysis)
