"""Count every shared election by the written rule alone, and keep a digest of what it decided.

plain.py takes an hour for what the kernel does in seconds, so the suite does not ask it again:
it compares the fast layers with these digests. The run can be stopped and goes on where it was.

    nice -n 19 .venv/bin/python -m bench.oracle.plain_decisions ask DATA_DIR answers.jsonl
    .venv/bin/python -m bench.oracle.plain_decisions pack answers.jsonl \\
        tests/engine/count/expected/plain.jsonl.gz

One line for each file: `[file, {question: [steps, digest]}, layer]`. Where plain.py would need
minutes for one election, `ask … numpy` asks the NumPy layer for those that are still missing.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
import time
from fractions import Fraction
from pathlib import Path

from doorstep.engine.count import Election, Rule, read_pabulib
from doorstep.engine.count.counting import entrants
from doorstep.engine.count.decide import by_shares
from doorstep.engine.count.layers import Layer, layer_named
from doorstep.engine.count.plain import Round
from doorstep.engine.count.tally import tally

UTILITIES = {"cumulative": ["score"], "scoring": ["score"], "ordinal": ["borda"]}


def questions(vote_type: str) -> list[str]:
    """Equal Shares by every utility that fits the ballots; add1u by cost, the rule of most."""
    utilities = ["cost", "count", *UTILITIES.get(vote_type, [])]
    quick = [f"equal-shares/{utility}/none" for utility in utilities]
    return [*quick, "phragmen", "equal-shares/cost/add1u"] if len(utilities) == 2 else [
        *quick, "equal-shares/cost/add1u"
    ]  # fmt: skip


def rule_of(question: str) -> Rule:
    name, *rest = question.split("/")
    return Rule(name=name, utility=rest[0], completion=rest[1]) if rest else Rule(name=name)


def decisions(election: Election, question: str, layer: Layer) -> tuple[int, str]:
    """How many steps were taken, and a digest of all that was decided: the final share, winners
    in order with exact prices, ties, and every tie met in a step of add1, at its first step."""
    rule = rule_of(question).settled(election)
    ready = tally(election, rule)
    taking_part = entrants(election, rule, ready)
    ties: dict[str, int] = {}

    def watch(step: int, rounds: list[Round]) -> None:
        for number, one in enumerate(rounds):
            if len(one.tied) > 1:
                ties.setdefault(repr((number, [each.project for each in rounds], one.tied)), step)

    if not taking_part:
        return 0, "nobody takes part"
    if rule.name == "phragmen":
        steps, share, rounds, more = 0, 0, layer.phragmen(ready, taking_part, ready.pot), []
    else:
        found = by_shares(ready, rule, taking_part, layer, watch)
        steps, share, rounds, more = found.steps, found.share, found.rounds, found.more
    told = [
        str(ready.money(share)),
        [
            [one.project, str(one.rate and Fraction(*one.rate)), one.tied]
            for one in [*rounds, *more]
        ],
        sorted(ties.items()),
    ]
    return steps, hashlib.sha256(json.dumps(told).encode()).hexdigest()


def ask(folder: Path, kept: Path, name: str = "plain") -> None:
    """Append the answers that are missing, the small elections first."""
    known = {line.split('"')[1] for line in kept.read_text().splitlines()} if kept.exists() else ()
    layer = layer_named(name)
    for path in sorted(folder.glob("*.pb"), key=lambda one: one.stat().st_size):
        if path.name in known:
            continue
        began, election = time.process_time(), read_pabulib(path)
        answers = {
            question: decisions(election, question, layer)
            for question in questions(election.vote_type)
        }
        with kept.open("a") as stream:
            stream.write(json.dumps([path.name, answers, name]) + "\n")
        print(f"{path.name} {time.process_time() - began:.1f} s", flush=True)


def pack(kept: Path, target: Path) -> None:
    """Write what is kept as one small file, the same bytes for the same answers."""
    lines = sorted(kept.read_text().splitlines())
    target.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0))


if __name__ == "__main__":
    verb, one, other, *layer = sys.argv[1:]
    if verb == "pack":
        pack(Path(one), Path(other))
    else:
        ask(Path(one), Path(other), *layer)
