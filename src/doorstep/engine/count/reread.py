"""An outcome out of its own JSON: what a result says can be drawn where its ballots are not."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .outcome import FundedRound, Outcome, Reason, Tie, Verdict
from .rule import Rule
from .words import Value, fraction_of


def outcome_of(result: Mapping[str, Any], currency: str) -> Outcome:
    """The outcome that as_json wrote, in a currency that it does not name.

    What the JSON leaves out is missing: shares, what was carried over, how many paid in full and
    who was level. Raises RuleError where no rule of the engine counted it.
    """
    election = result["election"]
    return Outcome(
        file=election["file"],
        sha256=election["sha256"],
        voters=election["voters"],
        budget=Fraction(election["budget"]),
        currency=currency,
        rule=Rule.from_dict(result["rule"]),
        winners=tuple(result["winners"]),
        spent=Fraction(result["spent"]),
        verdicts=tuple(map(_verdict, result["projects"])),
        rounds=tuple(
            FundedRound(
                project=one["project"],
                cost=Fraction(one["cost"]),
                supporters=one["supporters"],
                price=None if one["price"] is None else fraction_of(one["price"]),
            )
            for one in result["rounds"]
        ),
        ties=tuple(
            Tie(**{**one, "tied": tuple(one["tied"]), "chosen": tuple(one["chosen"])})
            for one in result["ties"]
        ),
        shares=None,
    )


def _verdict(said: Mapping[str, Any]) -> Verdict:
    reason = said["reason"]
    return Verdict(
        id=said["id"],
        name=said["name"],
        cost=Fraction(said["cost"]),
        votes=said["votes"],
        won=said["won"],
        reason=Reason(reason["code"], params_of(reason["params"]), reason["text"]),
    )


def params_of(params: Mapping[str, int | str]) -> dict[str, Value]:
    """The parameters of a reason as params_as_json wrote them: amounts again, but for words."""
    return {
        key: fraction_of(value) if isinstance(value, str) and key != "unit" else value
        for key, value in params.items()
    }
