"""`doorstep compare` shows what each rule would have funded, readable on 80 columns."""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from doorstep.cli import app
from doorstep.engine.count import Election, Project, Rule, count, election_of, write_pabulib
from doorstep.engine.count.compare import (
    COLUMN,
    LETTERS,
    RULES,
    WIDTH,
    compare,
    comparison_as_json,
    comparison_as_text,
)
from tests.engine.count.toys import VOTE_TYPES, toy


def town() -> Election:
    """Six of ten live by the river and want one dear thing; four live uphill and want another."""
    projects = [
        Project("bridge", "A bridge", Fraction(600)),
        Project("quay", "A quay", Fraction(400)),
        Project("swings", "Swings uphill", Fraction(350)),
    ]
    votes = [["bridge", "quay"]] * 6 + [["swings"]] * 4
    return election_of(
        name="town.pb", projects=projects, votes=votes, budget=1000, meta={"currency": "GBP"}
    )


def test_an_example_in_full() -> None:
    assert (
        comparison_as_text(compare(town()))
        == """\
town.pb
10 voters, 3 projects, a pot of £1,000.

A greedy    most votes first, skipping what does not fit
B shares    Equal Shares, and nothing more
C + votes   Equal Shares, the rest by most votes
D + add1    Equal Shares, raised step by step
E + both    Equal Shares, raised, the rest by most votes
F phragmen  sequential Phragmén

                             greedy   shares  + votes   + add1   + both phragmen
projects funded                   2        2        2        2        2        2
of the pot, spent            100.0%    75.0%    75.0%    75.0%    75.0%    75.0%
voters with something         60.0%   100.0%   100.0%   100.0%   100.0%   100.0%
funded choices each            1.20     1.00     1.00     1.00     1.00     1.00
worst-off tenth, each          0.00     1.00     1.00     1.00     1.00     1.00

Every rule funds 1: quay. No rule funds 0 others.

Where they differ:

A B C D E F   votes            cost  project
. x x x x x       4            £350  swings Swings uphill
x . . . . .       6            £600  bridge A bridge
"""
    )


def test_every_column_is_the_count_by_that_rule() -> None:
    for seed in range(40):
        for vote_type in VOTE_TYPES:
            election = toy(seed, vote_type)
            found = comparison_as_json(compare(election))
            assert len(found["rules"]) + len(found["left_out"]) == len(RULES)
            for column in found["rules"]:
                outcome = count(election, Rule.from_dict(column["rule"]))
                assert column["winners"] == list(outcome.winners)
                won = [p["id"] for p in found["projects"] if column["name"] in p["won"]]
                assert sorted(won) == sorted(outcome.winners)
                glad = sum(
                    ballot.weight
                    for ballot in election.ballots
                    if any(election.projects[c].id in outcome.winners for c in ballot.choices)
                )
                assert column["voters_with_something"] == glad


def test_a_rule_that_does_not_fit_the_ballots_is_left_out_with_its_reason() -> None:
    text = comparison_as_text(compare(toy(1, "ordinal")))
    assert "phragmen: phragmen needs approval or choose-1 ballots" in text


def test_no_line_is_over_80_columns(real: Callable[[str], Election]) -> None:
    for name in ("Poland_Swiecie_2023.pb", "Worldwide_Mechanical_Turk_Utilities_7.pb"):
        lines = comparison_as_text(compare(real(name))).splitlines()
        assert max(map(len, lines)) <= WIDTH
        assert any(line.startswith("Every rule funds") for line in lines)
    for seed in range(60):
        lines = comparison_as_text(compare(toy(seed))).splitlines()
        assert max(map(len, lines)) <= WIDTH
    assert max(len(short) for short, *_ in RULES) < COLUMN
    assert len(RULES) <= len(LETTERS)


def test_the_command_prints_it_or_writes_json(tmp_path: Path) -> None:
    file = tmp_path / "town.pb"
    file.write_bytes(write_pabulib(town()))
    runner = CliRunner()
    shown = runner.invoke(app, ["compare", str(file)])
    assert shown.exit_code == 0
    assert "voters with something" in shown.stdout
    out = tmp_path / "out.json"
    assert runner.invoke(app, ["compare", str(file), "--json", str(out)]).exit_code == 0
    assert json.loads(out.read_text())["projects"][0]["won"] == [short for short, *_ in RULES]
    file.write_text("rubbish")
    refused = runner.invoke(app, ["compare", str(file)])
    assert (refused.exit_code, refused.stdout) == (2, "")


@pytest.mark.parametrize("budget", [1, 10_000])
def test_nothing_or_everything_fits(budget: int) -> None:
    election = election_of(
        name="x.pb",
        projects=[Project("a", "a", Fraction(5)), Project("b", "b", Fraction(5))],
        votes=[["a"], []],
        budget=budget,
    )
    text = comparison_as_text(compare(election))
    assert ("The rules agree." in text) or ("On all others the rules agree." in text)
