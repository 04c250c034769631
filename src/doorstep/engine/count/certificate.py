"""What a stranger needs to re-prove a count: exact prices, and what pins the final share.

Every field is a fact that the ballots and the rule determine, so a certificate has one sequence of
bytes, whichever layer of the engine made it. engine/seal/recount checks it and shares no line
with this package. docs/count.md lists the fields.
"""

from __future__ import annotations

import json
from fractions import Fraction
from hashlib import sha256
from typing import Any

from .outcome import Brought, Outcome, Verdict
from .words import decimal, ratio

FORM = "doorstep count certificate 1"
# The reasons of projects that took part and lost, and the parameter that says what was left.
LEFT = {
    "supporters_lacked_money": "money_left",
    "did_not_fit": "left",
    "count_had_stopped": "left",
    "next_would_overspend": "left",
}


def certificate(outcome: Outcome) -> bytes:
    """The certificate of a count of a file, as canonical JSON.

    Raises ValueError for a count that came from no file: nobody else could have its ballots.
    """
    if not outcome.sha256:
        raise ValueError("only the count of a published file can be certified")
    carried = outcome.carried
    if carried and not carried.sha256:
        raise ValueError("only what a published file carries over can be certified")
    shares, chosen = outcome.shares, set(outcome.winners)
    claim: dict[str, Any] = {
        "form": FORM,
        "election": {
            "sha256": outcome.sha256,
            "voters": outcome.voters,
            "projects": len(outcome.verdicts),
            "budget": decimal(outcome.budget),
        },
        "rule": outcome.rule.as_dict(),
        **({"carry_over": _brought(carried)} if carried else {}),
        "shares": shares
        and {
            "first": ratio(shares.first),
            "final": ratio(shares.final),
            "steps": shares.steps,
            "history": [[one.first, decimal(one.spent)] for one in shares.history],
        },
        "winners": [
            {
                **_about(outcome.verdict(one.project)),
                "price": None if one.price is None else ratio(one.price),
                "paid_in_full": one.paid_in_full,
                "level": list(one.level),
            }
            for one in outcome.rounds
        ],
        "others": [
            {**_about(verdict), "left": _left(verdict)}
            for verdict in outcome.verdicts
            if verdict.id not in chosen
        ],
        "spent": decimal(outcome.spent),
    }
    claim["digest"] = sha256(_canonical(claim)).hexdigest()
    return _canonical(claim)


def _brought(carried: Brought) -> dict[str, Any]:
    return {
        "by": carried.by,
        "sha256": carried.sha256,
        "voters": carried.voters,
        "total": ratio(carried.total),
        "largest": ratio(carried.largest),
        "absent": carried.absent,
    }


def _about(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.id,
        "name": verdict.name,
        "cost": decimal(verdict.cost),
        "votes": verdict.votes,
    }


def _left(verdict: Verdict) -> str | None:
    """What its supporters had left (Equal Shares) or the pot had (other rules); None where it
    took no part."""
    key = LEFT.get(verdict.reason.code)
    return None if key is None else ratio(Fraction(verdict.reason.params[key]))


def _canonical(claim: dict[str, Any]) -> bytes:
    return json.dumps(claim, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
