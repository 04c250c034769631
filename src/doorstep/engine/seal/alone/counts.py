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
    _awards_follow(poll, step, winners, costs, walk)
    if step == "decided":
        if set(winners) != costs.keys():
            raise WrongError("It was decided without a vote, and not everything is funded.")
        return "no vote was needed: everything fits in the pot."
    _rule_as_frozen(outcome["rule"], asked.get("rule") or {})
    voters = _no_more_than_codes(asked, poll)
    data, name = _published(place, slug, asked, poll)
    if data is None:
        return _signed_by_two(poll)
    ballots = _ballots(data, name, poll)
    if name == BALLOTS and not alike(voters, sum(ballots.votes.values())):
        raise WrongError("The record names another number of ballots than are published.")
    _as_frozen(ballots, asked["budget_pence"], costs)
    certificate = place.read(f"rounds/{slug}/certificate.json") if name == BALLOTS else None
    truth = _counted_again(outcome["rule"], ballots, data, certificate, tell)
    if {str(one["id"]) for one in truth["winners"]} != set(winners):
        raise WrongError("Counting its ballots again gives other winners than its result.")
    _as_counted(outcome, truth)
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


def _published(
    place: Place, slug: str, asked: dict[str, Any], poll: Poll
) -> tuple[bytes | None, str]:
    """What a stranger can count again, and the name of its file; None where a round keeps its
    ballots to itself, as was frozen. Raises WrongError where they should be there."""
    terms = _terms(asked)
    is_totals = poll.steps["closed"][1].get("form") == "totals"
    name = TOTALS if is_totals else BALLOTS
    data = place.read(f"rounds/{slug}/{name}")
    if data is None and (is_totals or alike(terms.get("publication", "whole"), "whole")):
        raise WrongError(f"What it was counted from is public, and its file {name} is missing.")
    return data, name


def _terms(asked: dict[str, Any]) -> dict[str, Any]:
    """What a round's people were told beforehand; an example has none."""
    terms = asked.get("terms")
    return terms if isinstance(terms, dict) else {}


def _no_more_than_codes(asked: dict[str, Any], poll: Poll) -> object:
    """The ballots that the record says there are. Raises WrongError where there are more of them
    than codes were used, in a vote that is held by code."""
    terms, closed = _terms(asked), poll.steps["closed"][1]
    voters, by_code = closed.get("voters"), terms.get("size") != "room"
    if terms and by_code and (type(voters) is not int or not 0 <= voters <= poll.used):
        raise WrongError(f"It has {told(voters)} ballots, and {poll.used} codes were used.")
    return voters


def _as_counted(outcome: dict[str, Any], truth: dict[str, Any]) -> None:
    """Raises WrongError where a result tells other votes, or another sum, than the count gives."""
    rows = outcome.get("projects")
    said = {
        told(one.get("id")): [one.get("votes"), one.get("won")]
        for one in (rows if isinstance(rows, list) else [])
        if isinstance(one, dict)
    }
    won = {str(one["id"]): [one["votes"], True] for one in truth["winners"]}
    lost = {str(one["id"]): [one["votes"], False] for one in truth["others"]}
    if not alike(said, won | lost) or not alike(outcome.get("spent"), truth["spent"]):
        raise WrongError("Its result tells other votes, or another sum, than counting again gives.")


def _signed_by_two(poll: Poll) -> str:
    """The verdict on a round that no stranger can count again."""
    signed = poll.steps.get("recount_signed", (0, {}))[1]
    closed, counted = poll.steps["closed"][1], poll.steps["counted"][1]
    right = [closed.get("ballots_sha256"), counted.get("result_sha256")]
    by = signed.get("by")
    if not isinstance(by, list) or len(by) < 2:
        signed = {}
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


def _awards_follow(
    poll: Poll, step: str, winners: list[str], costs: dict[str, int], walk: Walk
) -> None:
    """All of a round's awards are made at once; until then there is none."""
    made = {
        told(one.get("project")): one.get("pence")
        for one in walk.awards.values()
        if one.get("decision") == poll.steps[step][0]
    }
    if (made or "settled" in poll.steps) and made != {one: costs[one] for one in winners}:
        raise WrongError("Its awards are not its winners, each with what it asked for.")
