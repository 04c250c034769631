"""Every rule that can count an election, and its certificate made by the engine."""

import json
from typing import Any

from doorstep.engine.count import Election, Rule, RuleError, certificate, count, read_pabulib
from doorstep.engine.count.layers import LayerError, layer_named
from doorstep.engine.seal.recount import UnreadableError, WrongError, digest, verify

NAMES = ("equal-shares", "greedy", "greedy-no-skip", "greedy-threshold", "phragmen")


def rules_of(election: Election) -> list[Rule]:
    """Every rule, utility and completion that fits the ballots, settled."""
    asked = [
        {"name": name, "utility": utility, "completion": completion, **more}
        for name in NAMES
        for utility in ("cost", "count", "score", "borda")
        for completion in ("none", "utilitarian", "add1", "add1u")
        for more in ({}, {"integral_start": True}, {"stop_when_exhaustive": True})
    ] + [
        {"name": "greedy-threshold", "utility": "count", "threshold": 2},
        {"completion": "add1", "threshold": 2},
        {"completion": "add1", "increment": "1/3"},
        {"completion": "add1u", "increment": 7, "seed": "lot 7"},
    ]
    found = []
    for settings in asked:
        try:
            rule = Rule.from_dict(settings).settled(election)
        except RuleError:
            continue
        if rule not in found:
            found.append(rule)
    return found


def certified(pb: bytes, rule: Rule, layer: str | None = None) -> bytes | None:
    """The engine's certificate; None where the rule does not fit the ballots."""
    try:
        return certificate(count(read_pabulib(pb), rule, layer=layer))
    except RuleError:
        return None


def there(layer: str) -> bool:
    """Whether this machine has a layer of the engine."""
    try:
        return bool(layer_named(layer))
    except LayerError:
        return False


def verdict(claim: bytes | dict[str, Any], pb: bytes, carry_over: bytes | None = None) -> str:
    """What the verifier says: it begins with "Right" or it does not."""
    if isinstance(claim, dict):
        claim = canonical(claim)
    try:
        return verify(claim, pb, carry_over=carry_over)
    except WrongError as wrong:
        return f"Wrong: {wrong}"
    except UnreadableError as unreadable:
        return f"Unreadable: {unreadable}"


def canonical(claim: dict[str, Any]) -> bytes:
    return json.dumps(claim, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def redigested(claim: dict[str, Any]) -> bytes:
    """A forger's certificate: its digest fits what it says."""
    return canonical({**claim, "digest": digest(claim)})
