"""Every command that the documents show is run here, in their order."""

import json
import shlex
from pathlib import Path

import pytest
from django.test import Client
from typer.testing import CliRunner

from doorstep.apps.ledger.queries import place_money
from doorstep.apps.rounds.models import Round
from doorstep.cli import app
from tests.millbrook import ballots, give_example_budget, place_with_money

ROOT = Path(__file__).resolve().parents[2]


def shown(document: str, heading: str) -> list[list[str]]:
    """The `./doorstep …` commands under a heading, as words; a backslash joins lines."""
    section = (ROOT / document).read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = section.replace("\\\n", " ").splitlines()
    return [shlex.split(line)[1:] for line in lines if line.startswith("    ./doorstep ")]


def run(words: list[str]) -> str:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, (words, done.output, done.stderr)
    return done.stdout


@pytest.mark.django_db
def test_the_first_fund_place_and_people():
    for words in shown("docs/running.md", "First fund, first place, first people"):
        run(words)
    assert place_money("millbrook-east").left == 160_000_000
    assert "Everything agrees" in run(["verify"])


@pytest.mark.django_db
def test_a_real_election_from_file_to_awards(tmp_path, monkeypatch):
    give_example_budget(place_with_money(), 300_000)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "FILE.pb").write_bytes(ballots())
    for words in shown("README.md", "Count a real election"):
        run([word.replace("SLUG", "example-file") for word in words])
    round_ = Round.objects.get(slug="example-file")
    assert (round_.state, round_.is_example) == ("settled", True)
    assert Client().get("/rounds/example-file/").status_code == 200


def test_a_study_of_the_made_up_borough():
    assert run(["need", "millbrook"]).startswith("Who is first in line? Alderdale, a made-up")
    assert "first in line" in run(["need", "millbrook", "--place", "E02990001"])
    assert len(json.loads(run(["need", "millbrook", "--json"]))["chosen"]) == 3


def test_a_forecast_of_the_made_up_fund():
    assert run(["forecast", "millbrook"]).startswith("Will it last? Millbrook, a made-up fund")
    answer = json.loads(run(["forecast", "millbrook", "--json", "--no-tornado"]))
    assert 0 < answer["kept"] < 1
    assert all(one["source"] for one in answer["assumptions"] if one["low"] < one["high"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["count", "missing.pb"], "missing.pb"),
        (["count", "README.md"], "does not begin with META"),
        (["count", "FILE.pb", "--rule", "dice"], "there is no rule 'dice'"),
        (["count", "FILE.pb", "--increment", "much"], "the increment is not a number"),
        (["count", "FILE.pb", "--json", "nowhere/out.json"], "nowhere/out.json"),
        (["import-round", "FILE.pb", "--place", "atlantis"], "There is no place “atlantis”"),
        (["import-round", "FILE.pb", "--place", "millbrook-east"], "no example budget"),
        (["close-round", "nothing"], "There is no round “nothing”"),
        (["receive", "x", "bank", "12", "--giver", "a", "--reference", "b"], "There is no fund"),
        (["give-role", "ann@example.org", "king"], "“king” is not a role"),
        (["open-fund", "Bad Name!", "--name", "x"], "cannot name"),
        (["totp", "short"], "base32"),
        (["forecast", "missing.toml"], "missing.toml"),
        (["need", "missing.toml"], "missing.toml"),
        (["need", "millbrook", "--place", "E02000001"], "has nothing for 1 of 1 areas"),
        (["need-file", "FILE.pb"], "not the headings of a file known here"),
        (["forecast", "FILE.pb"], "FILE.pb: "),
    ],
)
def test_a_wrong_command_gets_one_line_and_exit_code_2(words, says, tmp_path, monkeypatch):
    place_with_money()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "FILE.pb").write_bytes(ballots())
    (tmp_path / "README.md").write_text("# Not ballots\n")
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
