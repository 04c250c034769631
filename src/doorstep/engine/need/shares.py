"""What each place gets of a pot: shares that sum to it to the penny, each with its reason.

Everything is exact: weights become whole numbers, and pennies that no division can share go to
the largest remainders (those level, to the lower code). No place is moved by a rounding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import isfinite, lcm

from .errors import NeedError
from .selection import Param, Reason

KINDS = ("equal", "per_head", "need_weighted", "steps")


@dataclass(frozen=True)
class Sharer:
    """A place that shares in a pot: its residents, and its score of need (higher is more)."""

    code: str
    residents: int
    need: float | Fraction = 1


@dataclass(frozen=True)
class Step:
    """Places with at least this many residents weigh this many pence, up to the next step."""

    residents_from: int
    pence: int


@dataclass(frozen=True, kw_only=True)
class ShareRule:
    """How a pot is shared.

    kind: equal; per_head (by residents); need_weighted (by residents times need, so that a street
    weighs the same in a large place and in a small one); or steps (published sums by residents,
    taken as proportions where they do not come to the pot together).
    floor, ceiling: pence that no place gets less than, or more than; what they move is shared
    among the other places by the same weights.
    """

    kind: str
    floor: int = 0
    ceiling: int | None = None
    steps: tuple[Step, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise NeedError(
                "share_rule", f"There is no rule {self.kind!r}: use {', '.join(KINDS)}."
            )
        if bool(self.steps) != (self.kind == "steps"):
            raise NeedError("share_rule", "Steps belong to the rule steps, which needs them.")
        _refuse_money("floor", self.floor)
        if self.ceiling is not None:
            _refuse_money("ceiling", self.ceiling)
            if self.ceiling < self.floor:
                raise NeedError("share_rule", "The ceiling is under the floor.")
        starts = [step.residents_from for step in self.steps]
        if starts != sorted(set(starts)) or any(step.pence <= 0 for step in self.steps):
            raise NeedError(
                "share_rule", "Steps go up by residents, each with a sum above nothing."
            )


@dataclass(frozen=True)
class Share:
    """A place's part of the pot in pence, and why it is that."""

    code: str
    pence: int
    reason: Reason


def share_out(pot: int, sharers: Sequence[Sharer], rule: ShareRule) -> tuple[Share, ...]:
    """Share `pot` pence among places, in their order; the shares sum to the pot exactly.

    Raises NeedError for a pot that is not whole pence above nothing, a place twice or without
    people, a need that is no number of zero or more, a floor that the pot cannot pay, and a
    ceiling under which a part of the pot would be left.
    """
    _refuse_money("pot", pot)
    _refuse_sharers(pot, sharers, rule)
    weights = _weights(sharers, rule)
    fixed, free_pot = _bounded(pot, weights, rule)
    free = [place for place in range(len(sharers)) if place not in fixed]
    parts = largest_remainder(
        free_pot, [weights[place] for place in free], [sharers[place].code for place in free]
    )
    pence = dict(fixed) | dict(zip(free, parts, strict=True))
    totals = _Totals(pot, sharers, weights, fixed, free_pot, sum(weights[place] for place in free))
    return tuple(
        Share(one.code, pence[place], totals.reason(place, pence[place], rule))
        for place, one in enumerate(sharers)
    )


def compared(
    pot: int, sharers: Sequence[Sharer], bounds: ShareRule, steps: tuple[Step, ...] = ()
) -> dict[str, tuple[Share, ...] | NeedError]:
    """The same pot under each rule, with the same floor and ceiling, or why it cannot be kept.

    By steps only where there are any: no rule is made up.
    """
    found: dict[str, tuple[Share, ...] | NeedError] = {}
    for kind in KINDS:
        if kind == "steps" and not steps:
            continue
        other = ShareRule(
            kind=kind,
            floor=bounds.floor,
            ceiling=bounds.ceiling,
            steps=steps if kind == "steps" else (),
        )
        try:
            found[kind] = share_out(pot, sharers, other)
        except NeedError as problem:
            found[kind] = problem
    return found


def largest_remainder(
    pot: int, weights: Sequence[int | Fraction], order: Sequence[str] | None = None
) -> list[int]:
    """Whole parts of `pot` in proportion to `weights`, summing to it exactly (Hamilton's method).

    Each part is its exact share rounded down; the units left go one each to the largest
    remainders, and where these are level by `order` (by default that of the list). Raises
    NeedError for a negative pot or weight, or weights that come to nothing.
    """
    if pot < 0 or any(weight < 0 for weight in weights):
        raise NeedError("weights", "A pot and its weights are zero or more.")
    if not weights and not pot:
        return []
    whole = _whole(weights)
    total = sum(whole)
    if total == 0:
        raise NeedError("weights", "Nothing can be shared by weights that come to nothing.")
    parts = [pot * weight // total for weight in whole]
    left = pot - sum(parts)
    names = list(order) if order is not None else [f"{place:09}" for place in range(len(whole))]
    by_rest = sorted(range(len(whole)), key=lambda p: (-(pot * whole[p] % total), names[p]))
    for place in by_rest[:left]:
        parts[place] += 1
    return parts


def _whole(weights: Sequence[int | Fraction]) -> list[int]:
    """The same proportions as whole numbers."""
    bottom = lcm(*(Fraction(weight).denominator for weight in weights))
    return [int(weight * bottom) for weight in weights]


def _weights(sharers: Sequence[Sharer], rule: ShareRule) -> list[int]:
    if rule.kind == "equal":
        return [1] * len(sharers)
    if rule.kind == "per_head":
        return [one.residents for one in sharers]
    if rule.kind == "need_weighted":
        return _whole([one.residents * Fraction(one.need) for one in sharers])
    return [_step(one.residents, rule).pence for one in sharers]


def _step(residents: int, rule: ShareRule) -> Step:
    reached = [step for step in rule.steps if step.residents_from <= residents]
    if not reached:
        raise NeedError(
            "below_steps",
            f"The steps begin at {rule.steps[0].residents_from:,} residents, and a place has "
            f"{residents:,}. Add a step for it, or leave it out.",
        )
    return reached[-1]


def _bounded(pot: int, weights: list[int], rule: ShareRule) -> tuple[dict[int, int], int]:
    """Places held at the floor or the ceiling, and what is left for the others.

    What the floors need and what the ceilings give back change the rate of the others. Each time
    round, the side that moves more is held for good: it stays beyond its bound at any rate that
    the other side could still bring about. So it ends, and the order of places plays no part.
    """
    fixed: dict[int, int] = {}
    while True:
        free = [place for place in range(len(weights)) if place not in fixed]
        left = pot - sum(fixed.values())
        total = sum(weights[place] for place in free)
        if not free or total == 0:
            return _rest_without_weight(fixed, free, left, rule), 0
        under = [p for p in free if left * weights[p] < rule.floor * total]
        over = (
            []
            if rule.ceiling is None
            else [p for p in free if left * weights[p] > rule.ceiling * total]
        )
        if not under and not over:
            return fixed, left
        needed = sum(rule.floor * total - left * weights[p] for p in under)
        given = sum(left * weights[p] - (rule.ceiling or 0) * total for p in over)
        if needed >= given:
            fixed |= dict.fromkeys(under, rule.floor)
        else:
            fixed |= dict.fromkeys(over, rule.ceiling or 0)


def _rest_without_weight(
    fixed: dict[int, int], free: list[int], left: int, rule: ShareRule
) -> dict[int, int]:
    """Places of no weight get the floor; a rest that nobody may have is refused."""
    held = fixed | dict.fromkeys(free, rule.floor)
    if left != rule.floor * len(free):
        raise NeedError(
            "pot_left_over",
            f"{pounds(left)} would be left: every place that may share it is at its ceiling.",
        )
    return held


@dataclass(frozen=True)
class _Totals:
    pot: int
    sharers: Sequence[Sharer]
    weights: list[int]
    fixed: Mapping[int, int]
    free_pot: int
    free_weight: int

    def reason(self, place: int, pence: int, rule: ShareRule) -> Reason:
        one = self.sharers[place]
        free = len(self.sharers) - len(self.fixed)
        params: dict[str, Param] = {"pence": pence, "pot": self.pot, "places": len(self.sharers)}
        params |= {"residents": one.residents}
        if place in self.fixed:
            at = "share_at_floor" if pence == rule.floor else "share_at_ceiling"
            exact = Fraction(self.pot * self.weights[place], sum(self.weights) or 1)
            return Reason(at, {**params, "without": int(exact)})
        params |= {"shared": self.free_pot, "sharing": free, "held": len(self.fixed)}
        exact = Fraction(self.free_pot * self.weights[place], self.free_weight)
        params["extra_penny"] = int(pence > exact)
        if rule.kind == "steps":
            step = _step(one.residents, rule)
            params |= {"step": step.pence, "residents_from": step.residents_from}
            params["steps_together"] = sum(self.weights)
        elif rule.kind != "equal":
            everybody = [p for p in range(len(self.sharers)) if p not in self.fixed]
            params["all_residents"] = sum(self.sharers[p].residents for p in everybody)
            params["percent"] = (
                f"{float(100 * exact / self.free_pot):.2f}" if self.free_pot else "0"
            )
        if rule.kind == "need_weighted":
            params["need"] = f"{float(one.need):.2f}"
        return Reason(f"share_{rule.kind}", params)


def _refuse_money(what: str, pence: int) -> None:
    if type(pence) is not int or pence < 0:
        raise NeedError("money", f"The {what} is whole pence of zero or more, not {pence!r}.")


def _refuse_sharers(pot: int, sharers: Sequence[Sharer], rule: ShareRule) -> None:
    if not sharers:
        raise NeedError("no_areas", "There is no place to share the pot.")
    if pot == 0:
        raise NeedError("money", "There is nothing in the pot.")
    if len({one.code for one in sharers}) != len(sharers):
        raise NeedError("duplicate_code", "A place stands twice among those that share the pot.")
    for one in sharers:
        if type(one.residents) is not int or one.residents <= 0:
            raise NeedError("no_people", f"{one.code} has {one.residents!r} residents: check it.")
        if not isfinite(one.need) or one.need < 0:
            raise NeedError("need", f"The need of {one.code} is {one.need!r}: check it.")
    if rule.floor * len(sharers) > pot:
        raise NeedError(
            "floor_too_high",
            f"{len(sharers):,} places at {pounds(rule.floor)} each need "
            f"{pounds(rule.floor * len(sharers))}, and the pot is {pounds(pot)}.",
        )
    if rule.ceiling is not None and rule.ceiling * len(sharers) < pot:
        raise NeedError(
            "pot_left_over",
            f"{len(sharers):,} places at {pounds(rule.ceiling)} each take only "
            f"{pounds(rule.ceiling * len(sharers))} of {pounds(pot)}.",
        )


def pounds(pence: int) -> str:
    """Money as people write it: "£1,250,000", "£12.05"."""
    whole, part = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}£{whole:,}" + (f".{part:02}" if part else "")
