"""docs/promises.md: its table is the last figures, and every test that it names exists."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from bench.torture import Figure, Options, large_record
from bench.torture.frame import page as told
from bench.torture.frame.numbers import NUMBERS
from bench.torture.frame.page import PAGE, kept, renewed
from bench.torture.frame.runs import runs
from bench.verify import Measured, Took

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_is_the_last_figures():
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page) == page, "run ./doorstep torture --page"


def test_every_test_that_is_named_exists():
    named = [tried.kept_by for tried in NUMBERS.values() if tried.kept_by]
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("run", runs().values(), ids=lambda run: run.name)
def test_every_run_says_what_it_does_and_answers_for_a_known_number(run):
    assert run.sentence.endswith(".")
    assert set(run.numbers) <= set(NUMBERS)
    assert isinstance(run.each_database, bool)


def test_every_figure_answers_for_a_known_number_and_a_run_that_exists():
    assert {row["number"] for row in kept()} <= set(NUMBERS)
    assert {row["run"] for row in kept()} <= set(runs())


@pytest.fixture
def page(tmp_path, monkeypatch) -> Path:
    """An empty page of figures, in place of ours."""
    page = tmp_path / "promises.md"
    page.write_text(f"{told.BEGINS}\n{told.ENDS}\n", encoding="utf-8")
    monkeypatch.setattr(told, "PAGE", page)
    monkeypatch.setattr(told, "KEPT", tmp_path / "torture.json")
    return page


def test_no_figure_of_a_run_hides_another(page):
    """The first may be the one that did not hold."""
    how = {"run": "large_record", "database": "", "size": "full", "seed": 1, "commit": None}
    slow, fast = Figure("T14", "a record", "6 s", False), Figure("T14", "a record", "1 s", True)
    with pytest.raises(ValueError, match="gives two figures one name: T14 a record"):
        told.keep([slow, fast], **how)
    assert told.kept() == []
    told.keep([slow, replace(fast, what="another record")], **how)
    assert [row["held"] for row in told.kept()] == [False, True]
    assert "**not held:** a record: 6 s" in page.read_text(encoding="utf-8")


def test_both_large_records_are_told(page, monkeypatch, tmp_path):
    took = Took(1.0, 1.0, 9.0)
    both = [
        Measured(count, name, took, 0.1, "5 s", held)
        for count, name, held in ((100_003, "entries", False), (1_000_000, "leaves", True))
    ]
    monkeypatch.setattr(large_record, "measured", lambda *_: both)
    figures = large_record.main(Options(1, "", True, tmp_path))
    told.keep(figures, run="large_record", database="", size="full", seed=1, commit=None)
    assert [row["held"] for row in told.kept()] == [False, True]
    assert "**not held:** a large record, entries: 100,003" in page.read_text(encoding="utf-8")


def test_a_run_that_ended_badly_is_told_until_it_ends_well(page):
    how = {
        "run": "histories", "database": "sqlite", "size": "quick", "seed": 1,
        "commit": "abc1234567",
    }  # fmt: skip
    good = Figure("T3", "histories", "50 of them", True)
    told.keep([good], **how)
    told.keep([Figure("T3", told.ENDED_BADLY, "it ended with code 1", False)], **how)
    assert [row["held"] for row in told.kept()] == [True, False]
    assert "**not held:** SQLite, no answer" in page.read_text(encoding="utf-8")
    assert "seed 1, commit abc1234567, 2" in page.read_text(encoding="utf-8")
    told.keep([good], **how)
    assert [row["held"] for row in told.kept()] == [True]


def test_a_figure_names_its_commit_and_says_where_files_differed_from_it(tmp_path, monkeypatch):
    docs = tmp_path / "docs"
    docs.mkdir()
    monkeypatch.setattr(told, "DOCS", docs)
    assert told.tried_commit() is None

    def git(*words: str) -> str:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        done = subprocess.run(
            ["git", *who, *words], cwd=tmp_path, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    git("init", "-q")
    (tmp_path / "code.py").write_text("1")
    git("add", "-A")
    git("commit", "-qm", "One")
    commit = git("rev-parse", "--short=10", "HEAD")
    assert told.tried_commit() == commit
    for own in (told.KEPT, told.PAGE):  # a run before this one wrote its figures
        (docs / own.name).write_text("[]")
    assert told.tried_commit() == commit
    (tmp_path / "code.py").write_text("2")
    assert told.tried_commit() == f"{commit} with changes"


def test_a_figure_of_before_commits_were_kept_names_none():
    old = [row for row in kept() if not row.get("commit")]
    assert all("commit" not in told._sentence(row).rpartition("(")[2] for row in old)
