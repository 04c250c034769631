"""Rules side by side on the same ballots: who wins under each, what it costs, who gets something.

A place chooses its rule before it votes. This shows, on an election that has been, what the choice
would have meant; it says nothing of how people would have voted under another rule.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .choices import Choices
from .counting import count
from .election import Election
from .fairness import Got, what_voters_got
from .outcome import Outcome, Verdict
from .report import printable
from .rule import Rule, RuleError
from .words import decimal, money, ratio

WIDTH = 80
COLUMN = 9  # of the table, one for each rule
LETTERS = "ABCDEFGH"
NAMED = 30  # projects named in each part of the table

RULES: tuple[tuple[str, str, Rule], ...] = (
    ("greedy", "most votes first, skipping what does not fit", Rule("greedy")),
    ("shares", "Equal Shares, and nothing more", Rule(completion="none")),
    ("+ votes", "Equal Shares, the rest by most votes", Rule(completion="utilitarian")),
    ("+ add1", "Equal Shares, raised step by step", Rule(completion="add1")),
    ("+ both", "Equal Shares, raised, the rest by most votes", Rule(completion="add1u")),
    ("phragmen", "sequential Phragmén", Rule("phragmen")),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One rule and its outcome: a short name of at most nine letters, and what it means."""

    short: str
    meaning: str
    outcome: Outcome
    got: Got


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rules on one election, in the order given; those that do not fit its ballots are left out.

    left_out pairs the short name of each with the sentence that says why.
    """

    election: Election
    columns: tuple[Column, ...]
    left_out: tuple[tuple[str, str], ...]

    def won(self) -> list[tuple[Verdict, tuple[bool, ...]]]:
        """Each project and whether it wins under each rule: those that most rules fund first,
        among these the ones with most votes."""
        rows = [
            (verdicts[0], tuple(verdict.won for verdict in verdicts))
            for verdicts in zip(*(one.outcome.verdicts for one in self.columns), strict=True)
        ]
        return sorted(rows, key=lambda row: (-sum(row[1]), -row[0].votes, row[0].id))


def compare(election: Election, rules: Iterable[tuple[str, str, Rule]] = RULES) -> Comparison:
    """Count an election by each rule (its short name, its meaning, the rule)."""
    columns, left_out = [], []
    for short, meaning, rule in rules:
        try:
            outcome = count(election, rule)
        except RuleError as refusal:
            left_out.append((short, str(refusal)))
            continue
        got = what_voters_got(Choices.of(election, outcome), outcome)
        columns.append(Column(short, meaning, outcome, got))
    return Comparison(election, tuple(columns), tuple(left_out))


def comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    """The documented JSON form (docs/count.md); money and means are exact, as strings."""
    election, columns = comparison.election, comparison.columns
    return {
        "election": {
            "file": election.name,
            "sha256": election.sha256,
            "voters": election.voters,
            "projects": len(election.projects),
            "budget": decimal(election.budget),
        },
        "rules": [
            {
                "name": one.short,
                "rule": one.outcome.rule.as_dict(),
                "winners": list(one.outcome.winners),
                "spent": decimal(one.outcome.spent),
                "voters_with_something": one.got.with_something,
                "mean_number": ratio(one.got.mean_number),
                "mean_value": ratio(one.got.mean_value),
                "worst_off_voters": one.got.worst_off,
                "worst_off_value": ratio(one.got.worst_off_value),
            }
            for one in columns
        ],
        "left_out": [{"name": short, "why": why} for short, why in comparison.left_out],
        "projects": [
            {
                "id": verdict.id,
                "name": verdict.name,
                "cost": decimal(verdict.cost),
                "votes": verdict.votes,
                "won": [one.short for one, won in zip(columns, wins, strict=True) if won],
            }
            for verdict, wins in comparison.won()
        ],
    }


def comparison_as_text(comparison: Comparison) -> str:
    """The same for a terminal of 80 columns."""
    blocks = [
        _head(comparison),
        _figures(comparison),
        _projects(comparison),
        [line for short, why in comparison.left_out for line in _wrapped(f"{short}: {why}")],
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _head(comparison: Comparison) -> list[str]:
    election = comparison.election
    pot = money(election.budget, election.currency)
    lines = [
        *_wrapped(printable(election.meta.get("description") or election.name)),
        f"{election.voters:,} voters, {len(election.projects):,} projects, a pot of {pot}.",
        "",
    ]
    return lines + [
        f"{letter} {one.short:<{COLUMN}} {one.meaning}"
        for letter, one in zip(LETTERS, comparison.columns, strict=False)
    ]


def _figures(comparison: Comparison) -> list[str]:
    columns, election = comparison.columns, comparison.election

    def row(what: str, cells: Iterator[str]) -> str:
        label = WIDTH - COLUMN * len(RULES)
        return f"{what:<{label}}" + "".join(f"{cell:>{COLUMN}}" for cell in cells)

    def percent(part: Fraction | int, whole: Fraction | int) -> str:
        return f"{float(Fraction(part) / whole):.1%}" if whole else "-"

    return [
        row("", (one.short for one in columns)),
        row("projects funded", (f"{len(one.outcome.winners):,}" for one in columns)),
        row("of the pot, spent", (percent(one.outcome.spent, election.budget) for one in columns)),
        row(
            "voters with something",
            (percent(one.got.with_something, one.got.voters) for one in columns),
        ),
        row("funded choices each", (f"{float(one.got.mean_number):.2f}" for one in columns)),
        row("worst-off tenth, each", (f"{float(one.got.worst_off_number):.2f}" for one in columns)),
    ]


def _projects(comparison: Comparison) -> list[str]:
    rows = comparison.won()
    everywhere = [verdict for verdict, wins in rows if all(wins)]
    nowhere = sum(not any(wins) for _, wins in rows)
    disputed = [(verdict, wins) for verdict, wins in rows if any(wins) and not all(wins)]
    lines = _wrapped(f"Every rule funds {_some(everywhere)}. No rule funds {nowhere:,} others.")
    if not disputed:
        return [*lines, "On all others the rules agree." if nowhere else "The rules agree."]
    letters = LETTERS[: len(comparison.columns)]
    lines += ["", "Where they differ:", ""]
    lines.append(f"{' '.join(letters)}{'votes':>8} {'cost':>15}  project")
    for verdict, wins in disputed[:NAMED]:
        marks = " ".join("x" if won else "." for won in wins)
        cost = money(verdict.cost, comparison.election.currency)
        start = f"{marks}{verdict.votes:>8,} {cost:>15}  "
        name = printable(f"{verdict.id} {verdict.name}")
        lines.append(start + textwrap.shorten(name, WIDTH - len(start), placeholder="…"))
    if len(disputed) > NAMED:
        lines.append(f"And {len(disputed) - NAMED:,} more: --json has them all.")
    return lines


def _some(verdicts: list[Verdict]) -> str:
    ids = [printable(verdict.id) for verdict in verdicts]
    named = ", ".join(ids[:NAMED]) + (", …" if len(ids) > NAMED else "")
    return f"{len(ids):,}: {named}" if ids else "none in common"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH)
