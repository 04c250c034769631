"""The files that a round is shown by, each read as strictly as it is written."""

from __future__ import annotations

from fractions import Fraction
from hashlib import sha256
from typing import Any

from ..recount.ballots import Ballots, Project, Vote
from ..recount.certificate import WrongError
from .plain import canonical_object, has_large_number, is_whole


def what_was_frozen(data: bytes) -> tuple[dict[str, Any], dict[str, int]]:
    """What was frozen, and {idea: pence}. Raises WrongError."""
    asked, *ideas = [read_object(line, "frozen.jsonl") for line in data.split(b"\n")]
    if not is_whole(asked.get("budget_pence")) or not _is_object_or_none(asked.get("rule")):
        raise _not_such_a_file("frozen.jsonl")
    return asked, _costs(ideas, "frozen.jsonl")


def winners_of(outcome: dict[str, Any], step: str) -> list[str]:
    """The ideas that a result names as funded, each once. Raises WrongError."""
    winners = outcome.get("winners")
    if not isinstance(winners, list) or not all(type(one) is str for one in winners):
        raise _not_such_a_file("result.json")
    if len(set(winners)) != len(winners):
        raise _not_such_a_file("result.json")
    if step == "counted" and not isinstance(outcome.get("rule"), dict):
        raise _not_such_a_file("result.json")
    return winners


def ballots_of_totals(data: bytes) -> Ballots:
    """Totals as ballots of one idea each: the greedy rules look at nothing else."""
    totals = read_object(data, "totals.json")
    ideas, pot = totals.get("ideas"), totals.get("budget_pence")
    if not isinstance(ideas, list) or type(pot) is not int or pot < 0:
        raise _not_such_a_file("totals.json")
    costs, votes = _costs(ideas, "totals.json"), dict[Vote, int]()
    for at, one in enumerate(ideas):
        if not is_whole(one.get("votes")) or type(one.get("withdrawn")) is not bool:
            raise _not_such_a_file("totals.json")
        if one["votes"]:
            votes[((at,), ())] = one["votes"]
    projects = [
        Project(one["id"], "", Fraction(costs[one["id"]], 100), one["withdrawn"]) for one in ideas
    ]
    digest = sha256(data).hexdigest()
    return Ballots(digest, {}, "approval", Fraction(pot, 100), projects, votes)


def read_object(data: bytes, file: str) -> dict[str, Any]:
    """A file's one object. Raises WrongError."""
    found_there = canonical_object(data)
    if found_there is None or has_large_number(found_there, data):
        raise _not_such_a_file(file)
    return found_there


def _costs(ideas: list[Any], file: str) -> dict[str, int]:
    """{idea: pence}, each named once. Raises WrongError."""
    costs: dict[str, int] = {}
    for one in ideas:
        if not isinstance(one, dict) or type(one.get("id")) is not str or one["id"] in costs:
            raise _not_such_a_file(file)
        if not is_whole(one.get("cost_pence")):
            raise _not_such_a_file(file)
        costs[one["id"]] = one["cost_pence"]
    return costs


def _is_object_or_none(value: object) -> bool:
    return value is None or isinstance(value, dict)


def _not_such_a_file(file: str) -> WrongError:
    return WrongError(f"Its file {file} does not hold what such a file holds.")
