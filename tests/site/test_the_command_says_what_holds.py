"""`doorstep rule` and `doorstep deadline` say what holds and how a day was worked out."""

import pytest
from typer.testing import CliRunner

from doorstep.cli import app


def said(*words: str) -> str:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_rule_is_said_with_its_source_and_whether_it_decides() -> None:
    now = said("rule", "foi.answer_within", "--on", "2026-12-18")
    assert "foi.answer_within is 20 working days, for national." in now
    assert "Freedom of Information Act 2000" in now
    assert "ask the officer" not in now
    assert "ask the officer" in said("rule", "foi.answer_within", "--on", "2027-12-18")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ["2026-12-18", "10"],
            "Wednesday 6 January 2027: 10 working days, skipping 25 and 28 December and 1 January.",
        ),
        (["2026-12-18", "20", "--everywhere"], "Thursday 21 January 2027"),
        (["2026-03-27", "10"], "Tuesday 14 April 2026"),
        (["2027-05-08", "10", "--before"], "Thursday 22 April 2027"),
        (["2027-05-08", "5", "--before"], "Thursday 29 April 2027"),
    ],
)
def test_a_deadline_shows_its_sum(words: list[str], line: str) -> None:
    assert said("deadline", *words).startswith(line)


def test_a_rule_that_nobody_wrote_and_a_folder_that_is_not_there_are_refused(tmp_path) -> None:
    for words in (
        ["rule", "foi.answer_withn"],
        ["rule", "asset.sale_waits", "--on", "2001-01-01"],
        ["rule", "foi.answer_within", "--folder", str(tmp_path / "none")],
    ):
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 2
        assert done.stderr.startswith("doorstep: ")
