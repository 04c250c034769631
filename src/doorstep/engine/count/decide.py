"""Who wins under a settled rule: the decisions of a count without its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import plain
from .layers import Layer
from .plain import Interval, Round, WatchStep
from .rule import Rule, RuleError
from .tally import Tally


@dataclass(frozen=True, slots=True)
class ByShares:
    """Equal Shares decided. first and share are in grains: the share at the start and the final
    one, after so many steps; rounds are paid by shares, and more is funded from what is left.
    intervals are those that add1 proved (Stepping), or the only step there was."""

    first: int
    share: int
    steps: int
    rounds: list[Round]
    more: list[Round]
    all_fit: bool
    intervals: tuple[Interval, ...]


def by_shares(
    tally: Tally, rule: Rule, entrants: Sequence[int], layer: Layer, watch: WatchStep | None = None
) -> ByShares:
    """Equal Shares with its completion. Raises RuleError where integral start leaves no share."""
    if tally.brought >= tally.pot:
        raise RuleError("as much is carried over as the pot holds: carry over less.")
    first = (tally.pot - tally.brought) // tally.voters
    if rule.integral_start:
        first -= first % tally.unit
        if not first:
            raise RuleError("the share is under one currency unit: leave integral start off.")
    all_fit = sum(tally.cost[p] for p in entrants) <= tally.pot
    share, steps = first, 0
    if rule.steps and not all_fit:
        ended = layer.add1(
            tally, entrants, first, stop_when_exhaustive=rule.stop_when_exhaustive, watch=watch
        )
        share, steps, rounds = ended.share, ended.steps, ended.rounds
        intervals = ended.intervals
    else:
        rounds = layer.equal_shares(tally, entrants, share)
        intervals = (Interval(0, 0, tuple(one.project for one in rounds)),)
    more: list[Round] = []
    all_fit = bool(rule.steps and all_fit)
    if all_fit or rule.completion in ("add1u", "utilitarian"):
        won = {one.project for one in rounds}
        rest = [p for p in entrants if p not in won]
        more = plain.greedy(tally, rest, tally.pot - plain.spent(tally, rounds))
    return ByShares(first, share, steps, rounds, more, all_fit, intervals)


def winners(tally: Tally, rule: Rule, entrants: Sequence[int], layer: Layer) -> list[int]:
    """Positions of the winners under any rule, in the order chosen."""
    if not entrants:
        return []
    if rule.name == "equal-shares":
        decided = by_shares(tally, rule, entrants, layer)
        return [one.project for one in (*decided.rounds, *decided.more)]
    if rule.name == "phragmen":
        return [one.project for one in layer.phragmen(tally, entrants, tally.pot)]
    skip = rule.name != "greedy-no-skip"
    return [one.project for one in plain.greedy(tally, entrants, tally.pot, skip=skip)]
