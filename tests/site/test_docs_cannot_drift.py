"""What the documentation lists is what the code has: settings, roles, verbs, lock files."""

import re
from datetime import date
from pathlib import Path

import pytest
import typer

from doorstep.apps.fund.flows import nation_parts
from doorstep.apps.fund.rules import reserved_part
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.people.models import Role
from doorstep.apps.people.rules import MONEY_ROLES
from doorstep.cli import app
from doorstep.engine.count import Rule
from doorstep.engine.need.command import shipped_or
from doorstep.engine.need.study import run_study
from doorstep.engine.rulebook import rule as rule_in_force
from doorstep.site.demo.load import plan
from tests.millbrook import DAY

ROOT = Path(__file__).resolve().parents[2]
RUNNING = (ROOT / "docs" / "running.md").read_text()


def code_files() -> list[Path]:
    places = ("src", "tests", "bench")
    files = [path for place in places for path in (ROOT / place).rglob("*.py")]
    return [*files, ROOT / "doorstep", ROOT / ".ci" / "run"]


def test_every_setting_is_documented_and_every_documented_setting_exists():
    found = {
        name
        for path in code_files()
        for name in re.findall(r"\bDOORSTEP_[A-Z]+(?:_[A-Z]+)*\b", path.read_text())
    }
    documented = set(re.findall(r"`(DOORSTEP_[A-Z_]+)`", RUNNING))
    assert found == documented


def test_every_role_is_documented_and_the_ones_that_need_a_second_factor_are_named():
    table = RUNNING.split("## Roles")[1].split("##")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == set(Role.Kind.values)
    last = table.strip().splitlines()[-1]
    assert set(re.findall(r"`(\w+)`", last)) == MONEY_ROLES


@pytest.mark.parametrize("document", ["README.md", "docs/running.md", "docs/architecture.md"])
def test_every_verb_in_the_documents_exists(document):
    verbs = set(typer.main.get_command(app).commands)
    verbs |= {"install", "test", "check", "audit", "e2e", "bench", "torture"}
    written = re.findall(r"\./doorstep ([a-z][a-z0-9-]*)", (ROOT / document).read_text())
    assert set(written) <= verbs


@pytest.mark.parametrize("document", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_every_link_between_documents_leads_somewhere(document):
    text = (ROOT / "docs" / document).read_text()
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (ROOT / "docs" / target).exists(), f"{document} links to {target}"


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt"])
def test_the_locks_hold_hashes_and_no_address(lock):
    text = (ROOT / "requirements" / lock).read_text()
    pins = re.findall(r"^[a-z0-9_.\[\]-]+==", text, re.MULTILINE)
    assert not re.search(r"://|index-url|find-links", text)
    assert len(pins) > 20
    assert text.count("--hash=sha256:") >= len(pins)


def test_the_development_lock_holds_the_run_lock():
    run, dev = (
        set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / name).read_text(), re.MULTILINE))
        for name in ("run.txt", "dev.txt")
    )
    assert run <= dev


def test_the_count_has_no_threshold_of_its_own():
    """The engine's defaults are the rulebook's, so a round drafted by either is the same."""
    in_book = {
        name: rule_in_force(f"round.{key}", DAY).value
        for name, key in {
            "name": "count_rule",
            "utility": "utility",
            "completion": "completion",
            "increment": "increment",
            "integral_start": "integral_start",
            "stop_when_exhaustive": "stop_when_exhaustive",
            "ties": "ties",
        }.items()
    }
    assert {name: getattr(Rule(), name) for name in in_book} == in_book


def test_the_figures_in_the_readme_are_the_demos():
    told = plan()
    freed = [
        (reserved_out(row["pounds"] * 100, row.get("asset_class"), row["on"]), row)
        for row in told["arrivals"]
    ]
    freed += [
        (row["release_pounds"] * 100, {**row, "asset_class": "bank"}) for row in told["reviews"]
    ]
    # Of what is released the fund keeps England's part; match money is not split.
    released = sum(
        nation_parts(pence, row["on"])["england"] if row.get("asset_class") else pence
        for pence, row in freed
    )
    study = run_study(shipped_or(Path("millbrook")))
    east = study.selection.codes.index("E02990001")
    share = study.compared[told["decision"]["rule"]][east]
    readme = (ROOT / "README.md").read_text()
    arrived = sum(row["pounds"] for row in told["arrivals"]) * 100
    for pence in (arrived, released, share):
        assert pounds(pence) in readme, pounds(pence)


def reserved_out(pence: int, asset_class: str | None, on: date) -> int:
    """What is left to give of an arrival once its reserve is kept."""
    if asset_class is None:
        return pence
    percent = rule_in_force(f"fund.reclaim_reserve.{asset_class}", on).value
    return pence - reserved_part(pence, int(percent))
