"""Which rule turns ballots into winners: every setting that can change a winner, in one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from fractions import Fraction
from typing import Any

from .election import SCORED_TYPES, Election
from .words import decimal

NAMES = ("equal-shares", "greedy", "greedy-no-skip", "greedy-threshold", "phragmen")
UTILITIES = ("cost", "count", "score", "borda")
COMPLETIONS = ("none", "add1", "add1u", "utilitarian")
TIES = "cost,votes,lot"
NUMBERS = ("increment", "threshold")


class RuleError(ValueError):
    """A combination of settings that means nothing. Its text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The published rule of a count. What is left out (None) gets the default given here.

    name: equal-shares (default), greedy, greedy-no-skip, greedy-threshold or phragmen.
    utility: what support is worth. Under equal-shares: cost (default; a supported project is
        worth its cost), count (each is worth 1), score (points), borda (first of k ranked is
        worth k, the last 1). The greedy rules rank by it: count, score or borda, as the ballots
        are. Phragmén knows only count.
    completion: under equal-shares none, add1, add1u (default) or utilitarian; otherwise none.
    increment: what add1 adds to each voter's share a step, in the currency unit; default 1.
    integral_start: the first share is rounded down to a whole currency unit.
    stop_when_exhaustive: add1 ends as soon as nothing more that is supported fits in the pot.
    threshold: the least score (votes, or points) with which a project may win. Default: the
        file's min_project_score_threshold under greedy-threshold and greedy-no-skip, else none.
    seed: published before the count; it decides the lot, the last step of the tie order.
    """

    name: str = "equal-shares"
    utility: str | None = None
    completion: str | None = None
    increment: Fraction | int | None = None
    integral_start: bool = False
    stop_when_exhaustive: bool = False
    threshold: Fraction | int | None = None
    ties: str = TIES
    seed: str = ""

    def __post_init__(self) -> None:
        _one_of("rule", self.name, NAMES)
        shares = self.name == "equal-shares"
        if self.completion is None:
            object.__setattr__(self, "completion", "add1u" if shares else "none")
        if self.utility is None and shares:
            object.__setattr__(self, "utility", "cost")
        if self.utility is None and self.name == "phragmen":
            object.__setattr__(self, "utility", "count")
        if self.utility is not None:
            _one_of("utility", self.utility, UTILITIES)
        _one_of("completion", str(self.completion), COMPLETIONS)
        _one_of("tie order", self.ties, (TIES,))
        if self.steps and self.increment is None:
            object.__setattr__(self, "increment", 1)
        self._check_sense()

    @property
    def steps(self) -> bool:
        """Whether the share is raised step by step (add1, add1u)."""
        return self.completion in ("add1", "add1u")

    def _check_sense(self) -> None:
        if self.name != "equal-shares":
            if self.completion != "none":
                raise RuleError(f"{self.name} needs no completion: leave it out, or say none.")
            if self.integral_start:
                raise RuleError(f"{self.name} gives voters no share: leave integral start off.")
        if self.name.startswith("greedy") and self.utility == "cost":
            raise RuleError("greedy ranks by votes or points: say count, score or borda.")
        if self.name == "phragmen" and self.utility != "count":
            raise RuleError("phragmen counts supporters: leave the utility out, or say count.")
        if not self.steps and self.increment is not None:
            raise RuleError("an increment belongs to add1 or add1u: leave it out, or choose one.")
        if not self.steps and self.stop_when_exhaustive:
            raise RuleError("stop when exhaustive belongs to add1 or add1u: choose one of them.")
        if self.increment is not None and self.increment <= 0:
            raise RuleError("the increment must be more than zero.")
        if self.threshold is not None and self.threshold < 0:
            raise RuleError("the threshold cannot be below zero.")

    def settled(self, election: Election) -> Rule:
        """This rule with nothing left open, for the ballots of this election; or a RuleError."""
        if election.carried and self.name != "equal-shares":
            raise RuleError(
                f"{self.name} gives voters no share, so nothing can be carried over: use "
                "equal-shares."
            )
        ballots = election.vote_type
        fitting = (
            "score" if ballots in SCORED_TYPES else "borda" if ballots == "ordinal" else "count"
        )
        utility = self.utility or fitting
        if utility in ("score", "borda") and utility != fitting:
            needs = "cumulative or scoring" if utility == "score" else "ordinal"
            raise RuleError(
                f"utility {utility} needs {needs} ballots, and these are {ballots}: "
                f"say {'cost or count' if self.name == 'equal-shares' else fitting}."
            )
        if self.name == "phragmen" and ballots not in ("approval", "choose-1"):
            raise RuleError(
                f"phragmen needs approval or choose-1 ballots, and these are {ballots}: "
                "use equal-shares."
            )
        return replace(self, utility=utility, threshold=self._threshold_for(election))

    def _threshold_for(self, election: Election) -> Fraction | int | None:
        if self.threshold is not None or self.name not in ("greedy-threshold", "greedy-no-skip"):
            return self.threshold
        written = election.meta.get("min_project_score_threshold", "").replace(",", ".").strip()
        try:
            return Fraction(written)
        except (ValueError, ZeroDivisionError):
            if self.name == "greedy-no-skip" and not written:
                return None
            raise RuleError(
                f"{self.name} needs a threshold, and the file's min_project_score_threshold "
                f"{'is missing' if not written else 'is not a number'}: give one."
            ) from None

    def as_dict(self) -> dict[str, str | bool | None]:
        """The settings as JSON values: numbers as decimal strings, what does not apply as null."""
        values: dict[str, str | bool | None] = asdict(self)
        for key in NUMBERS:
            number: Fraction | int | None = getattr(self, key)
            values[key] = None if number is None else decimal(number)
        return values

    @classmethod
    def from_dict(cls, stored: Mapping[str, str | bool | None]) -> Rule:
        """The rule that as_dict described. Raises RuleError for anything else."""
        known = {one.name for one in fields(cls)}
        if set(stored) - known:
            raise RuleError(f"a rule has no setting {sorted(set(stored) - known)[0]!r}.")
        values: dict[str, Any] = dict(stored)
        for key in ("integral_start", "stop_when_exhaustive"):
            if not isinstance(values.get(key, False), bool):
                raise RuleError(f"{key} is neither true nor false.")
        for key in NUMBERS:
            if values.get(key) is not None:
                try:
                    values[key] = Fraction(str(values[key]))
                except (ValueError, ZeroDivisionError):
                    raise RuleError(f"the {key} is not a number.") from None
        return cls(**values)


def _one_of(what: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise RuleError(f"there is no {what} {value!r}: use {', '.join(allowed)}.")
