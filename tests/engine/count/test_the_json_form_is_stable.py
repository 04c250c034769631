"""`doorstep count --json` has the documented form, field for field, type for type."""

import json
import re
from collections.abc import Callable
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest

from doorstep.engine.count import (
    TEMPLATES,
    Election,
    Project,
    Rule,
    as_json,
    canonical,
    count,
    election_of,
    read_pabulib,
    write_pabulib,
)
from doorstep.engine.count.reread import outcome_of
from tests.engine.count.certified import rules_of
from tests.engine.count.toys import toy

DOCS = Path(__file__).parents[3] / "docs" / "count.md"
DECIMAL = re.compile(r"\d+(\.\d*[1-9])?")
RATIO = re.compile(r"\d+/[1-9]\d*")


def check_form(form: dict) -> None:
    assert list(form) == ["election", "rule", "winners", "spent", "projects", "rounds", "ties"]
    assert list(form["election"]) == ["file", "sha256", "voters", "projects", "budget"]
    assert list(form["rule"]) == [
        "name", "utility", "completion", "increment", "integral_start", "stop_when_exhaustive",
        "threshold", "ties", "seed",
    ]  # fmt: skip
    assert DECIMAL.fullmatch(form["spent"])
    assert DECIMAL.fullmatch(form["election"]["budget"])
    assert form["election"]["projects"] == len(form["projects"])
    for project in form["projects"]:
        assert list(project) == ["id", "name", "cost", "votes", "won", "reason"]
        assert DECIMAL.fullmatch(project["cost"])
        assert isinstance(project["votes"], int)
        assert project["won"] is (project["id"] in form["winners"])
        assert list(project["reason"]) == ["code", "params", "text"]
        for key, value in project["reason"]["params"].items():
            if key in ("price", "money_left"):
                assert RATIO.fullmatch(value), (key, value)
            elif key in ("cost", "left", "pot"):
                assert DECIMAL.fullmatch(value), (key, value)
            elif key == "unit":
                assert value in ("votes", "points")
            else:
                assert isinstance(value, int) or DECIMAL.fullmatch(value), (key, value)
    assert [one["project"] for one in form["rounds"]] == form["winners"]
    for one in form["rounds"]:
        assert list(one) == ["project", "cost", "supporters", "price"]
        assert one["price"] is None or RATIO.fullmatch(one["price"])
    for tie in form["ties"]:
        assert list(tie) == ["step", "round", "final", "tied", "chosen", "decided_by"]
        assert set(tie["chosen"]) < set(tie["tied"])
        assert tie["decided_by"] in ("cost", "votes", "lot")


def test_the_form_of_every_rule() -> None:
    for seed in range(300):
        election = toy(seed)
        for rule in (
            Rule(), Rule(completion="none"), Rule(completion="add1", stop_when_exhaustive=True),
            Rule(name="greedy"), Rule(name="greedy-no-skip"),
            Rule(name="greedy-threshold", threshold=1),
        ):  # fmt: skip
            check_form(json.loads(json.dumps(as_json(count(election, rule)))))
        if election.vote_type in ("approval", "choose-1"):
            check_form(as_json(count(election, Rule(name="phragmen"))))


def test_a_whole_result_to_the_letter() -> None:
    election = election_of(
        name="two.pb",
        projects=[Project("a", "A swing", Fraction(12)), Project("b", "A bench", Fraction(13, 2))],
        votes=[["a", "b"], ["a"], ["b"]],
        budget=15,
        meta={"currency": "GBP"},
    )
    assert as_json(count(election, Rule(completion="none", seed="s"))) == {
        "election": {"file": "two.pb", "sha256": "", "voters": 3, "projects": 2, "budget": "15"},
        "rule": {
            "name": "equal-shares", "utility": "cost", "completion": "none", "increment": None,
            "integral_start": False, "stop_when_exhaustive": False, "threshold": None,
            "ties": "cost,votes,lot", "seed": "s",
        },
        "winners": ["b"],
        "spent": "6.5",
        "projects": [
            {
                "id": "a", "name": "A swing", "cost": "12", "votes": 2, "won": False,
                "reason": {
                    "code": "supporters_lacked_money",
                    "params": {
                        "supporters": 2, "cost": "12", "money_left": "27/4",
                        "needed_supporters": 1,
                    },
                    "text": "2 people supported it. Together they had £6.75 of the pot left; it "
                    "costs £12. What it would have needed: 1 more supporter.",
                },
            },
            {
                "id": "b", "name": "A bench", "cost": "6.5", "votes": 2, "won": True,
                "reason": {
                    "code": "won_in_round",
                    "params": {
                        "supporters": 2, "cost": "6.5", "round": 1, "price": "13/4",
                        "paid_in_full": 2,
                    },
                    "text": "2 people supported it. It costs £6.50, and it won in round 1: each "
                    "supporter paid about £3.25 of their share, or all they had left.",
                },
            },
        ],
        "rounds": [{"project": "b", "cost": "6.5", "supporters": 2, "price": "13/4"}],
        "ties": [],
    }  # fmt: skip


def test_a_tie_to_the_letter() -> None:
    """Both cost 6 and have two votes; 11 pay for one. The lot is the hash of seed and id."""
    election = election_of(
        name="tie.pb", votes=[["a", "b"], ["a", "b"]], budget=11,
        projects=[Project("a", "A", Fraction(6)), Project("b", "B", Fraction(6))],
    )  # fmt: skip
    lots = {sha256(f"2026{one}".encode()).hexdigest(): one for one in "ab"}
    first, second = (lots[one] for one in sorted(lots))
    assert as_json(count(election, Rule(completion="none", seed="2026")))["ties"] == [
        {
            "step": 0, "round": 1, "final": True, "tied": [first, second], "chosen": [first],
            "decided_by": "lot",
        }
    ]  # fmt: skip


def test_a_published_file_gives_the_published_result(real: Callable[[str], Election]) -> None:
    """Counting the file that a round offers repeats the round's result, name and hash apart."""
    for name in ("Poland_Swiecie_2023.pb", "France_Toulouse_2019.pb"):
        original = real(name)
        data = write_pabulib(original)
        again = read_pabulib(data, name=name)
        assert write_pabulib(again) == data
        ours, theirs = (as_json(count(one, Rule(completion="none"))) for one in (original, again))
        assert ours["election"].pop("sha256") != theirs["election"].pop("sha256")
        assert ours == theirs


def test_the_canonical_text_is_one_line_with_sorted_keys() -> None:
    text = canonical(count(toy(3)))
    assert "\n" not in text
    assert text == json.dumps(
        json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


@pytest.mark.parametrize("word", [*TEMPLATES, "--json", "increment", "decided_by", "32 MB"])
def test_the_form_is_documented(word: str) -> None:
    assert word in DOCS.read_text(encoding="utf-8")


def test_an_outcome_can_be_read_from_its_json() -> None:
    """What is drawn of a stored result says what the count said."""
    for seed in range(20_000, 20_150):
        election = toy(seed)
        for rule in rules_of(election)[::5]:
            if rule.integral_start:  # the share may be under one unit, and is then refused
                continue
            outcome = count(election, rule)
            again = outcome_of(as_json(outcome), outcome.currency)
            assert as_json(again) == as_json(outcome)
            assert [one.id for one in again.nearest()] == [one.id for one in outcome.nearest()]
            assert {one.id: one.reason.params for one in again.verdicts} == {
                one.id: one.reason.params for one in outcome.verdicts
            }
