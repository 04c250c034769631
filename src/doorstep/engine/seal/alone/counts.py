"""Repeats each count from what was published of it, by the rule that was frozen before the vote."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from ..recount.ballots import Ballots, UnreadableError, read_ballots
from ..recount.certificate import WrongError, checked_rule, found, verify
from .files import Place
from .plain import alike, told
from .polls import Poll, Polls
from .shown import ballots_of_totals, read_object, what_was_frozen, winners_of
from .walk import Walk

BALLOTS, TOTALS = "ballots.pb", "totals.json"


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
    asked, costs = what_was_frozen(frozen)
    if asked.get("terms") and (asked.get("rule") or {}).get("seed") != poll.link_before_frozen:
        raise WrongError("The seed of its lot is not the record's last link before it was frozen.")
    step = "counted" if "counted" in poll.steps else "decided"
    if step not in poll.steps:
        return ""
    outcome, winners = _result(place, slug, poll, step)
    _winners_fit(winners, poll.steps[step][1].get("funded"), asked["budget_pence"], costs)
    if "settled" in poll.steps:
        _awards_follow(poll.steps[step][0], winners, costs, walk)
    if step == "decided":
        if set(winners) != costs.keys():
            raise WrongError("It was decided without a vote, and not everything is funded.")
        return "no vote was needed: everything fits in the pot."
    _rule_as_frozen(outcome["rule"], asked.get("rule") or {})
    data, name = _published(place, slug, poll)
    if data is None:
        return _signed_by_two(poll)
    ballots = _ballots(data, name, poll)
    _as_frozen(ballots, asked["budget_pence"], costs)
    certificate = place.read(f"rounds/{slug}/certificate.json") if name == BALLOTS else None
    truth = _counted_again(outcome["rule"], ballots, data, certificate, tell)
    if {str(one["id"]) for one in truth["winners"]} != set(winners):
        raise WrongError("Counting its ballots again gives other winners than its result.")
    if name == TOTALS:
        return "counted again from the totals that two people counted: the same winners."
    return f"counted again from {sum(ballots.votes.values()):,} ballots: the same winners."


def _result(place: Place, slug: str, poll: Poll, step: str) -> tuple[dict[str, Any], list[str]]:
    data = place.read(f"rounds/{slug}/result.json")
    if data is None:
        raise WrongError("It was counted, and its file result.json is missing.")
    _same_hash(data, poll, step, "result_sha256", "Its result")
    outcome = read_object(data, "result.json")
    return outcome, winners_of(outcome, step)


def _winners_fit(winners: list[str], funded: object, pot_pence: int, costs: dict[str, int]) -> None:
    if not alike(funded, len(winners)) or not set(winners) <= costs.keys():
        raise WrongError("The record names another number of winners than its result.")
    if sum(costs[one] for one in winners) > pot_pence:
        raise WrongError("Its winners cost more than its pot.")


def _as_frozen(ballots: Ballots, pot_pence: int, costs: dict[str, int]) -> None:
    """Raises WrongError where ballots were given for another question than was frozen."""
    if ballots.pot * 100 != pot_pence:
        raise WrongError("Its ballots name another pot than was frozen.")
    if {one.id: one.cost * 100 for one in ballots.projects} != costs:
        raise WrongError("Its ballots name other ideas, or other costs, than were frozen.")


def _ballots(data: bytes, name: str, poll: Poll) -> Ballots:
    _same_hash(data, poll, "closed", "ballots_sha256", "Its ballots")
    _same_hash(data, poll, "counted", "ballots_sha256", "Its ballots")
    return ballots_of_totals(data) if name == TOTALS else read_ballots(data)


def _counted_again(
    rule: object,
    ballots: Ballots,
    data: bytes,
    certificate: bytes | None,
    tell: Callable[[int], None],
) -> dict[str, Any]:
    """What the count gives; by its certificate where there is one, which is held against it."""
    rule = checked_rule(rule, ballots)
    if certificate is None:
        return found(ballots, rule, [], tell)
    verify(certificate, data, tell)
    truth: dict[str, Any] = json.loads(certificate)
    if truth["rule"] != rule:
        raise WrongError("Its certificate is of another rule than its result.")
    return truth


def _published(place: Place, slug: str, poll: Poll) -> tuple[bytes | None, str]:
    """What a stranger can count again, and the name of its file."""
    is_totals = poll.steps["closed"][1].get("form") == "totals"
    name = TOTALS if is_totals else BALLOTS
    return place.read(f"rounds/{slug}/{name}"), name


def _signed_by_two(poll: Poll) -> str:
    """The verdict on a round that no stranger can count again."""
    signed = poll.steps.get("recount_signed", (0, {}))[1]
    closed, counted = poll.steps["closed"][1], poll.steps["counted"][1]
    right = [closed.get("ballots_sha256"), counted.get("result_sha256")]
    if alike([signed.get("ballots_sha256"), signed.get("result_sha256")], right):
        return "the recount was signed by two; its ballots are not public, so nobody else can."
    return "its ballots are not public, and no two people have signed a recount."


def _same_hash(data: bytes, poll: Poll, step: str, name: str, what: str) -> None:
    if sha256(data).hexdigest() != poll.steps[step][1].get(name):
        raise WrongError(f"{what}: the file is not the one that the record names as {step}.")


def _rule_as_frozen(used: dict[str, Any], frozen: dict[str, Any]) -> None:
    for setting, value in frozen.items():
        if value is not None and not alike(used.get(setting), value):
            raise WrongError(
                f"It was counted with {setting} {told(used.get(setting))}; {told(value)} was "
                "frozen."
            )


def _awards_follow(decision: int, winners: list[str], costs: dict[str, int], walk: Walk) -> None:
    made = {
        told(one.get("project")): one.get("pence")
        for one in walk.awards.values()
        if one.get("decision") == decision
    }
    if made != {one: costs[one] for one in winners}:
        raise WrongError("Its awards are not its winners, each with what it asked for.")
