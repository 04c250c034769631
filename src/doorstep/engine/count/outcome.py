"""The result of a count as a value, and the JSON that `doorstep count --json` prints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .rule import Rule
from .words import Translate, Value, decimal, ratio, said

# Parameters of reasons that seldom have an exact decimal: always written "p/q".
RATIOS = ("price", "money_left")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a project won or did not: a code, its exact parameters, and the same in English."""

    code: str
    params: Mapping[str, Value]
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the count says of one project.

    votes is the number of voters who supported it. covered is the greatest part of its cost that
    its supporters could have paid when it was somebody's turn, from 0 to 1 (None where voters
    have no shares): Boehmer et al. (2024) call it effective support.
    """

    id: str
    name: str
    cost: Fraction
    votes: int
    won: bool
    reason: Reason
    covered: Fraction | None = None


@dataclass(frozen=True, slots=True)
class FundedRound:
    """One winner, in the order chosen.

    price is what a supporter who paid in full paid: for the project (cost, count), for a point
    (score, borda), under phragmen the load that each supporter then carries; None where no share
    paid. paid_in_full is how many paid that price; the other supporters gave all they had. level
    are the others that stood at exactly the same rate or load, whether or not that mattered.
    """

    project: str
    cost: Fraction
    supporters: int
    price: Fraction | None
    paid_in_full: int | None = None
    level: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Steps of add1 that chose the same projects in the same order, and what those cost.

    It holds from step `first` until the next stretch begins. The last one may begin at the step
    after the final one: that is the step that would have overspent.
    """

    first: int
    spent: Fraction


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects that stood exactly level where choosing one made a difference to another.

    step is the step of add1 in which it happened (0: the first share) and round the round of
    it; final says whether that step is the one whose winners stand. decided_by is cost, votes
    or lot.
    """

    step: int
    round: int
    final: bool
    tied: tuple[str, ...]
    chosen: tuple[str, ...]
    decided_by: str


@dataclass(frozen=True, slots=True)
class Shares:
    """How support was spent under Equal Shares, in the currency unit.

    first and final are a voter's share at the start and when add1 ended after so many steps;
    given is the final share of all voters together, paid what they paid to winners and kept
    what no group could spend. Shares above the first are support, not money: the pot is the pot.
    history tells every step that was taken: it is what pins the final share.
    """

    first: Fraction
    final: Fraction
    steps: int
    given: Fraction
    paid: Fraction
    kept: Fraction
    history: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """What voters carried over from earlier rounds (carry.py), in the currency unit.

    by, sha256, absent and file are Carried's. voters is how many carried something, total what all
    of them carried together, largest what one of them did at most.
    """

    by: str
    sha256: str
    voters: int
    total: Fraction
    largest: Fraction
    absent: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a count found. winners are ids in the order chosen; verdicts in file order."""

    file: str
    sha256: str
    voters: int
    budget: Fraction
    currency: str
    rule: Rule
    winners: tuple[str, ...]
    spent: Fraction
    verdicts: tuple[Verdict, ...]
    rounds: tuple[FundedRound, ...]
    ties: tuple[Tie, ...]
    shares: Shares | None
    carried: Brought | None = None

    def verdict(self, project_id: str) -> Verdict:
        """The verdict on one project. Raises KeyError for an unknown id."""
        for verdict in self.verdicts:
            if verdict.id == project_id:
                return verdict
        raise KeyError(project_id)

    def nearest(self) -> list[Verdict]:
        """Projects not funded that somebody supported, nearest to being funded first."""

        def distance(verdict: Verdict) -> tuple[bool, int | Fraction, Fraction, int, str]:
            params = verdict.reason.params
            needed = params.get("needed_supporters", params.get("needed_score"))
            known = isinstance(needed, int | Fraction)
            return (
                not known,
                needed if isinstance(needed, int | Fraction) else 0,
                verdict.cost,
                -verdict.votes,
                verdict.id,
            )

        return sorted((v for v in self.verdicts if not v.won and v.votes), key=distance)


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The documented JSON form (docs/count.md): money as decimal strings, prices as "p/q".

    carry_over is there only where something was carried over.
    """
    return {
        **({"carry_over": _brought(outcome)} if outcome.carried else {}),
        "election": {
            "file": outcome.file,
            "sha256": outcome.sha256,
            "voters": outcome.voters,
            "projects": len(outcome.verdicts),
            "budget": decimal(outcome.budget),
        },
        "rule": outcome.rule.as_dict(),
        "winners": list(outcome.winners),
        "spent": decimal(outcome.spent),
        "projects": [
            {
                "id": verdict.id,
                "name": verdict.name,
                "cost": decimal(verdict.cost),
                "votes": verdict.votes,
                "won": verdict.won,
                "reason": {
                    "code": verdict.reason.code,
                    "params": params_as_json(verdict.reason.params),
                    "text": verdict.reason.text,
                },
            }
            for verdict in outcome.verdicts
        ],
        "rounds": [
            {
                "project": one.project,
                "cost": decimal(one.cost),
                "supporters": one.supporters,
                "price": None if one.price is None else ratio(one.price),
            }
            for one in outcome.rounds
        ],
        "ties": [
            {
                "step": tie.step,
                "round": tie.round,
                "final": tie.final,
                "tied": list(tie.tied),
                "chosen": list(tie.chosen),
                "decided_by": tie.decided_by,
            }
            for tie in outcome.ties
        ],
    }


def _brought(outcome: Outcome) -> dict[str, Any]:
    brought = outcome.carried
    assert brought is not None
    return {
        "by": brought.by,
        "sha256": brought.sha256,
        "voters": brought.voters,
        "total": ratio(brought.total),
        "largest": ratio(brought.largest),
        "absent": brought.absent,
        "equal_share": None if outcome.shares is None else ratio(outcome.shares.first),
        "text": said_of_carrying(outcome),
    }


def said_of_carrying(outcome: Outcome, translate: Translate = str) -> str:
    """What was carried over, in a sentence; "" where nothing was."""
    brought = outcome.carried
    if brought is None:
        return ""
    params: dict[str, Value] = {
        "supporters": brought.voters,
        "total": brought.total,
        "largest": brought.largest,
        "first": outcome.shares.first if outcome.shares else Fraction(),
    }
    return said("carried_over", params, outcome.currency, translate)


def params_as_json(params: Mapping[str, Value]) -> dict[str, int | str]:
    """Counts stay numbers, amounts become decimal strings, prices and shares "p/q"."""

    def plain(key: str, value: Value) -> int | str:
        if isinstance(value, Fraction):
            return ratio(value) if key in RATIOS else decimal(value)
        return value

    return {key: plain(key, value) for key, value in params.items()}


def canonical(outcome: Outcome) -> str:
    """as_json as one line with sorted keys: the same text for the same count on any machine."""
    return as_text(as_json(outcome))


def as_text(value: Mapping[str, Any]) -> str:
    """JSON in its canonical form: one line, sorted keys, no spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
