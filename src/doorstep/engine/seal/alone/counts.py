"""Repeats each count from what was published of it, by the rule that was frozen before the vote."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from hashlib import sha256
from typing import Any

from ..recount.ballots import Ballots, Project, UnreadableError, Vote, read_ballots
from ..recount.certificate import WrongError, checked_rule, found, verify
from .files import Place
from .polls import Poll, Polls
from .walk import Walk


def check_rounds(
    place: Place, polls: Polls, walk: Walk, tell: Callable[[int], None]
) -> Iterator[str]:
    """The verdict on each round, as a line. Raises WrongError for the first that is wrong."""
    for slug, poll in sorted(polls.rounds.items()):
        if "frozen" not in poll.steps:
            continue
        try:
            verdict = _checked(place, slug, poll, walk, tell)
        except (WrongError, UnreadableError) as fault:
            raise WrongError(f"Round {slug}: {fault}") from None
        if verdict:
            yield f"Round {slug}: {verdict}"


def _checked(place: Place, slug: str, poll: Poll, walk: Walk, tell: Callable[[int], None]) -> str:
    frozen = place.read(f"rounds/{slug}/frozen.jsonl")
    if frozen is None:
        raise WrongError("What it asks was frozen, and its file frozen.jsonl is missing.")
    _same_hash(frozen, poll, "frozen", "fingerprint", "What it asks")
    asked, *ideas = [json.loads(line) for line in frozen.splitlines()]
    if asked.get("terms") and (asked.get("rule") or {}).get("seed") != poll.link_before_frozen:
        raise WrongError("The seed of its lot is not the record's last link before it was frozen.")
    costs = {str(one["id"]): int(one["cost_pence"]) for one in ideas}
    step = "counted" if "counted" in poll.steps else "decided"
    if step not in poll.steps:
        return ""
    result = place.read(f"rounds/{slug}/result.json")
    if result is None:
        raise WrongError("It was counted, and its file result.json is missing.")
    _same_hash(result, poll, step, "result_sha256", "Its result")
    told = json.loads(result)
    winners = [str(one) for one in told["winners"]]
    if len(winners) != poll.steps[step][1].get("funded") or not set(winners) <= costs.keys():
        raise WrongError("The record names another number of winners than its result.")
    if sum(costs[one] for one in winners) > int(asked["budget_pence"]):
        raise WrongError("Its winners cost more than its pot.")
    if "settled" in poll.steps:
        _awards_follow(poll.steps[step][0], winners, costs, walk)
    if step == "decided":
        if set(winners) != costs.keys():
            raise WrongError("It was decided without a vote, and not everything is funded.")
        return "no vote was needed: everything fits in the pot."
    _rule_as_frozen(told["rule"], asked.get("rule") or {})
    return _recounted(place, slug, poll, told, asked, tell)


def _recounted(
    place: Place,
    slug: str,
    poll: Poll,
    told: dict[str, Any],
    asked: dict[str, Any],
    tell: Callable[[int], None],
) -> str:
    closed = poll.steps["closed"][1]
    name = "totals.json" if closed.get("form") == "totals" else "ballots.pb"
    data = place.read(f"rounds/{slug}/{name}")
    if data is None:
        signed = poll.steps.get("recount_signed", (0, {}))[1]
        right = closed.get("ballots_sha256"), poll.steps["counted"][1].get("result_sha256")
        if (signed.get("ballots_sha256"), signed.get("result_sha256")) == right:
            return "the recount was signed by two; its ballots are not public, so nobody else can."
        return "its ballots are not public, and no two people have signed a recount."
    _same_hash(data, poll, "closed", "ballots_sha256", "Its ballots")
    _same_hash(data, poll, "counted", "ballots_sha256", "Its ballots")
    ballots = _of_totals(data) if name == "totals.json" else read_ballots(data)
    rule = checked_rule(told["rule"], ballots)
    if ballots.pot * 100 != int(asked["budget_pence"]):
        raise WrongError("Its ballots name another pot than was frozen.")
    certificate = place.read(f"rounds/{slug}/certificate.json")
    if certificate is not None and name == "ballots.pb":
        verify(certificate, data, tell)
        truth = json.loads(certificate)
        if truth["rule"] != rule:
            raise WrongError("Its certificate is of another rule than its result.")
    else:
        truth = found(ballots, rule, [], tell)
    again = [str(one["id"]) for one in truth["winners"]]
    if sorted(again) != sorted(map(str, told["winners"])):
        raise WrongError("Counting its ballots again gives other winners than its result.")
    return (
        f"counted again from {sum(ballots.votes.values()):,} ballots: the same winners."
        if (name == "ballots.pb")
        else "counted again from the totals that two people counted: the same winners."
    )


def _of_totals(data: bytes) -> Ballots:
    """Totals as ballots of one idea each: the greedy rules look at nothing else."""
    told = json.loads(data)
    projects = [
        Project(str(one["id"]), "", Fraction(int(one["cost_pence"]), 100), bool(one["withdrawn"]))
        for one in told["ideas"]
    ]
    votes: dict[Vote, int] = {
        ((at,), ()): int(one["votes"]) for at, one in enumerate(told["ideas"]) if one["votes"]
    }
    pot = Fraction(int(told["budget_pence"]), 100)
    return Ballots(sha256(data).hexdigest(), {}, "approval", pot, projects, votes)


def _same_hash(data: bytes, poll: Poll, step: str, name: str, what: str) -> None:
    if sha256(data).hexdigest() != poll.steps[step][1].get(name):
        raise WrongError(f"{what}: the file is not the one that the record names as {step}.")


def _rule_as_frozen(used: dict[str, Any], frozen: dict[str, Any]) -> None:
    for setting, value in frozen.items():
        if value is not None and used.get(setting) != value:
            raise WrongError(
                f"It was counted with {setting} {used.get(setting)!r}; {value!r} was frozen."
            )


def _awards_follow(decision: int, winners: list[str], costs: dict[str, int], walk: Walk) -> None:
    made = {
        str(one.get("project")): one.get("pence")
        for one in walk.awards.values()
        if one.get("decision") == decision
    }
    if made != {one: costs[one] for one in winners}:
        raise WrongError("Its awards are not its winners, each with what it asked for.")
