"""The outcome of a count for a terminal: plain text, at most 90 columns, no colour needed."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator
from fractions import Fraction

from .outcome import FundedRound, Outcome, Tie, Verdict, said_of_carrying
from .rule import Rule
from .words import decimal, money, rounded_money

WIDTH = 90
NEAREST = 5

RULES = {
    "equal-shares": "Method of Equal Shares",
    "greedy": "greedy (most votes first, skipping what does not fit)",
    "greedy-no-skip": "greedy without skipping (most votes first, ends at the first misfit)",
    "greedy-threshold": "greedy with a threshold",
    "phragmen": "sequential Phragmén",
}
UTILITIES = {
    "cost": "support worth the cost of a project",
    "count": "every project worth the same",
    "score": "worth by points",
    "borda": "worth by rank",
}
DECIDED = {
    "cost": "the lower cost decided",
    "votes": "the higher number of votes decided",
    "lot": "the lot of the published seed decided",
}


def text_report(outcome: Outcome, nearest: int = NEAREST) -> str:
    """Winners, cost, how support was spent, and why the nearest others were not funded."""
    parts = [_head(outcome), _winners(outcome)]
    if outcome.shares:
        parts.append(_shares(outcome))
    parts.append(_nearest(outcome, nearest))
    if outcome.ties:
        parts.append(_ties(outcome))
    return "\n".join(line for part in parts for line in [*part, ""]).rstrip() + "\n"


def command_of(rule: Rule, file: str) -> str:
    """The command that repeats a count of a file, ready to paste."""
    words = ["doorstep", "count", file, "--rule", rule.name]
    for name, value in rule.as_dict().items():
        if value not in (None, False, "") and name not in ("name", "ties"):
            words.append(f"--{name.replace('_', '-')}")
            words += [] if value is True else [str(value)]
    return shlex.join(words)


def _amount(outcome: Outcome, amount: Fraction) -> str:
    return money(amount, outcome.currency)


def _about(outcome: Outcome, amount: Fraction) -> str:
    return rounded_money(amount, outcome.currency)


def printable(text: str) -> str:
    """A name on one line, without the control characters that could move a terminal's cursor."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def wrapped(text: str, indent: int = 0) -> list[str]:
    pad = " " * indent
    return textwrap.wrap(text, WIDTH, initial_indent=pad, subsequent_indent=pad)


def _head(outcome: Outcome) -> list[str]:
    rule = outcome.rule
    settings = [RULES[rule.name]]
    if rule.name == "equal-shares":
        settings += [UTILITIES[str(rule.utility)], f"completion {rule.completion}"]
    if rule.increment is not None:
        settings.append(f"step {decimal(rule.increment)}")
    if rule.integral_start:
        settings.append("first share in whole units")
    if rule.stop_when_exhaustive:
        settings.append("stops when nothing more fits")
    if rule.threshold is not None:
        settings.append(f"at least {decimal(rule.threshold)} to win")
    carried = said_of_carrying(outcome)
    return [
        *wrapped(printable(outcome.file)),
        f"{outcome.voters:,} voters, {len(outcome.verdicts):,} projects, "
        f"a pot of {_amount(outcome, outcome.budget)}",
        *wrapped("Rule: " + "; ".join(settings)),
        *wrapped(carried),
    ]


def _winners(outcome: Outcome) -> list[str]:
    spent = _amount(outcome, outcome.spent)
    share = outcome.spent * 100 / outcome.budget
    lines = [
        f"FUNDED: {len(outcome.winners)} of {len(outcome.verdicts)} projects, "
        f"{spent} ({float(share):.1f}% of the pot)"
    ]
    if not outcome.rounds:
        return [*lines, "Nothing was funded."]
    lines.append(f"{'':>4} {'cost':>14} {'supporters':>10} {'each paid':>12}  project")
    for number, one in enumerate(outcome.rounds, start=1):
        lines.append(_winner(outcome, number, one))
    return lines


def _winner(outcome: Outcome, number: int, one: FundedRound) -> str:
    price = "-" if one.price is None else money(one.price, outcome.currency)
    start = f"{number:>3}. {_amount(outcome, one.cost):>14} {one.supporters:>10,} {price:>12}  "
    name = printable(f"{one.project} {outcome.verdict(one.project).name}")
    return start + textwrap.shorten(name, WIDTH - len(start), placeholder="…")


def _shares(outcome: Outcome) -> list[str]:
    shares = outcome.shares
    assert shares is not None
    first, final = (money(share, outcome.currency) for share in (shares.first, shares.final))
    rose = (
        f"Every voter began with a share of {first}"
        + (f", raised in {shares.steps:,} steps to {final}. " if shares.steps else ". ")
        + f"Of {_about(outcome, shares.given)} in shares, supporters paid "
        f"{_about(outcome, shares.paid)} to {sum(r.price is not None for r in outcome.rounds)} "
        f"projects, and {_about(outcome, shares.kept)} found no group that could spend it."
    )
    by_rank = sum(one.price is None for one in outcome.rounds)
    lines = ["HOW SUPPORT WAS SPENT", *wrapped(rose)]
    if by_rank:
        lines += wrapped(f"What was left of the pot went to {by_rank} more, most supported first.")
    return lines


def _nearest(outcome: Outcome, most: int) -> list[str]:
    near = outcome.nearest()
    others = sum(not verdict.won for verdict in outcome.verdicts) - len(near[:most])
    if not near:
        return ["Nothing that anyone supported was left out."]
    lines = ["NOT FUNDED THIS TIME, NEAREST FIRST"]
    for verdict in near[:most]:
        lines += _explained(verdict)
    if others:
        lines.append(f"And {others:,} more: --json gives the reason for each.")
    return lines


def _explained(verdict: Verdict) -> Iterator[str]:
    name = printable(f"{verdict.id} {verdict.name}")
    yield "  " + textwrap.shorten(name, WIDTH - 2, placeholder="…")
    yield from wrapped(verdict.reason.text, 4)


def _ties(outcome: Outcome) -> list[str]:
    return ["TIES THAT MATTERED", *(line for tie in outcome.ties for line in _tie(outcome, tie))]


def _tie(outcome: Outcome, tie: Tie) -> list[str]:
    where = f"Round {tie.round}" if tie.final else f"Step {tie.step}, round {tie.round}"
    tied, chosen = (", ".join(map(printable, ids)) for ids in (tie.tied, tie.chosen))
    return wrapped(
        f"{where}: {tied} were exactly level; {DECIDED[tie.decided_by]} for {chosen}.", 2
    )
