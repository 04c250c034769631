"""A count with unequal purses is proved to a stranger too, from the ballots and the amounts."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from doorstep.cli import app
from doorstep.engine.count import Rule, certificate, count, write_pabulib
from doorstep.engine.count.carry import carried_over, carry_by_voter, written_amounts
from tests.engine.count.certified import canonical, redigested, verdict
from tests.engine.count.test_no_change_to_a_certificate_passes import forged, same_json
from tests.engine.count.toys import toy

UTILITIES = {"cumulative": "score", "scoring": "score", "ordinal": "borda"}


def unequal(seed: int, folder: Path) -> tuple[Path, Path]:
    """A toy in which every second voter brings something, and the file that says how much."""
    election, carried = toy(seed), folder / "carried.csv"
    ballots = folder / "toy.pb"
    ballots.write_bytes(write_pabulib(election))
    most = election.budget / (2 * election.voters)
    brought = {str(n): most * ((seed + n) % 4) / 3 for n in range(1, election.voters + 3, 2)}
    carried.write_text(written_amounts("voter_id", brought))
    return ballots, carried


def kinds(folder: Path) -> tuple[Path, Path]:
    ballots, carried = folder / "kinds.pb", folder / "kinds.csv"
    ballots.write_text(
        "META\nkey;value\nbudget;100\nvote_type;approval\n"
        "PROJECTS\nproject_id;cost;name;Category\na;40;A;sport, health\nb;30;B;health\nc;70;C;art\n"
        "VOTES\nvoter_id;vote\n1;a,b\n2;b\n3;c\n4;\n5;c,a\n"
    )
    carried.write_text("category;carried\nsport;10\nhealth;25/2\nnothing;5\n")
    return ballots, carried


@pytest.mark.parametrize("block", range(3))
def test_every_utility_and_completion(tmp_path: Path, block: int) -> None:
    for seed in range(86_000 + 40 * block, 86_040 + 40 * block):
        ballots, carried = unequal(seed, tmp_path)
        election = carried_over(ballots, carried)
        for utility in {"cost", "count", UTILITIES.get(election.vote_type, "cost")}:
            for completion in ("none", "add1", "add1u", "utilitarian"):
                claim = certificate(count(election, Rule(utility=utility, completion=completion)))
                said = verdict(claim, ballots.read_bytes(), carried.read_bytes())
                assert said.startswith("Right: "), (seed, utility, completion, said)


def test_amounts_by_kind_of_idea(tmp_path: Path) -> None:
    ballots, carried = kinds(tmp_path)
    claim = certificate(count(carried_over(ballots, carried), Rule()))
    assert verdict(claim, ballots.read_bytes(), carried.read_bytes()).startswith("Right: ")
    assert json.loads(claim)["carry_over"] == {
        "absent": 1,
        "by": "category",
        "largest": "229/25",
        "sha256": json.loads(claim)["carry_over"]["sha256"],
        "total": "562/25",
        "voters": 3,
    }


@pytest.mark.parametrize("seed", range(87_000, 87_006))
def test_every_field_and_every_amount(tmp_path: Path, seed: int) -> None:
    ballots, carried = unequal(seed, tmp_path)
    pb, amounts = ballots.read_bytes(), carried.read_bytes()
    claim = json.loads(certificate(count(carried_over(ballots, carried), Rule())))
    for path, other in forged(claim):
        if same_json(other, claim):
            continue
        assert not verdict(other, pb, amounts).startswith("Right"), path
        if path[0] not in ("digest", "rule"):
            assert verdict(redigested(other), pb, amounts).startswith("Wrong: "), path
    lines = amounts.decode().splitlines()
    for at in range(1, len(lines)):
        fewer = "\n".join([*lines[:at], *lines[at + 1 :]]).encode()
        forgery = {**claim, "carry_over": {**claim["carry_over"], "sha256": "0" * 64}}
        assert verdict(claim, pb, fewer).startswith("Wrong: carry_over")
        assert verdict(redigested(forgery), pb, fewer).startswith("Wrong: carry_over")


def test_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    ballots, carried = kinds(tmp_path)
    pb, amounts = ballots.read_bytes(), carried.read_bytes()
    claim = certificate(count(carried_over(ballots, carried), Rule()))
    assert "--carry-over" in verdict(claim, pb)
    plainly = {k: v for k, v in json.loads(claim).items() if k != "carry_over"}
    assert verdict(redigested(plainly), pb).startswith("Wrong: ")
    assert verdict(canonical(plainly), pb, amounts).startswith("Wrong: ")
    for broken in (b"", b"\xff", b"mood;carried\n", amounts + b"art;1e9\n", amounts + b"sport;1\n",
                   amounts + b";1\n", amounts + b"art;1/0\n", amounts + b"art\n"):  # fmt: skip
        assert verdict(claim, pb, broken).startswith("Unreadable: "), broken


def test_amounts_that_no_file_holds_are_not_certified(tmp_path: Path) -> None:
    ballots, _ = unequal(87_100, tmp_path)
    election = carry_by_voter(ballots, {"1": Fraction(1, 7)}, "toy.pb")
    with pytest.raises(ValueError, match="published file"):
        certificate(count(election, Rule()))


def test_by_command(tmp_path: Path) -> None:
    ballots, carried = kinds(tmp_path)
    written = tmp_path / "c.json"
    run, brought = CliRunner().invoke, ["--carry-over", str(carried)]
    assert not run(app, ["count", str(ballots), *brought, "--certificate", str(written)]).exit_code
    proved = run(app, ["verify-count", str(written), "--ballots", str(ballots), *brought])
    assert (proved.exit_code, proved.output[:7]) == (0, "Right: ")
    assert run(app, ["verify-count", str(written), "--ballots", str(ballots)]).exit_code == 2
