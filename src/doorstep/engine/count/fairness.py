"""What voters got: figures for people, exact, of any outcome of any rule."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from .choices import Choices
from .outcome import Outcome

# Columns of a Pabulib file that sort projects, and that voters can be asked about.
COLUMNS = ("category", "target", "beneficiaries", "district", "neighborhood", "subunit")


@dataclass(frozen=True, slots=True)
class Kind:
    """Projects with one value in one column. A project with several values ("a,b") is shared out
    equally between them; so over all values of a column the sums are those of the whole election.

    projects, funded: how many. asked, spent: money. votes: how often voters supported one.
    """

    value: str
    projects: Fraction
    funded: Fraction
    asked: Fraction
    spent: Fraction
    votes: Fraction


@dataclass(frozen=True, slots=True)
class Got:
    """What voters got. Money is in the currency unit; every mean is over all voters.

    with_something: voters with at least one funded choice. mean_number, mean_value: of a voter's
    funded choices, the number and what they cost together. worst_off: how many voters are a tenth,
    rounded up; those with the least value, and among equals the smallest number. unspent: what is
    left of the pot. kept: the part of all shares that no group could spend, under Equal Shares.
    """

    voters: int
    with_something: int
    mean_number: Fraction
    mean_value: Fraction
    worst_off: int
    worst_off_number: Fraction
    worst_off_value: Fraction
    unspent: Fraction
    kept: Fraction | None
    by_column: dict[str, tuple[Kind, ...]]


def what_voters_got(choices: Choices, outcome: Outcome) -> Got:
    """The figures of one outcome. Nobody voted: every mean is 0."""
    voters, size = choices.election.voters, choices.size
    weights: Any = choices.weights.astype(object) if choices.wide else choices.weights
    number, value = choices.funded_number, choices.funded_cost
    tenth = -(-voters // 10)
    order = np.lexsort((number.astype(np.int64), value.astype(float)))
    if choices.wide:  # floats cannot sort what int64 cannot hold
        order = np.array(sorted(range(len(value)), key=lambda c: (value[c], number[c])), dtype=int)
    before = np.cumsum(choices.weights[order]) - choices.weights[order]
    worst: Any = np.clip(tenth - before, 0, choices.weights[order])
    if choices.wide:
        worst = worst.astype(object)
    return Got(
        voters=voters,
        with_something=int(choices.weights[number > 0].sum()),
        mean_number=_part(int((weights * number).sum()), voters),
        mean_value=_part(int((weights * value).sum()), voters * size),
        worst_off=tenth,
        worst_off_number=_part(int((worst * number[order]).sum()), tenth),
        worst_off_value=_part(int((worst * value[order]).sum()), tenth * size),
        unspent=outcome.budget - outcome.spent,
        kept=_part_kept(outcome),
        by_column=_by_column(choices),
    )


def _part(sum_: int, among: int) -> Fraction:
    return Fraction(sum_, among) if among else Fraction()


def _part_kept(outcome: Outcome) -> Fraction | None:
    if outcome.shares is None or not outcome.shares.given:
        return None
    return outcome.shares.kept / outcome.shares.given


def _by_column(choices: Choices) -> dict[str, tuple[Kind, ...]]:
    """Each column of which at least two values are there."""
    tables = {}
    for column in COLUMNS:
        kinds = _kinds(choices, column)
        if len(kinds) > 1:
            tables[column] = kinds
    return tables


def _kinds(choices: Choices, column: str) -> tuple[Kind, ...]:
    sums: dict[str, list[Fraction]] = {}
    for p, project in enumerate(choices.election.projects):
        written = project.extra.get(column, "").split(",")
        values = sorted({value.strip() for value in written if value.strip()}) or [""]
        won = p in choices.winners
        numbers: tuple[Fraction | int, ...] = (
            1,
            won,
            project.cost,
            project.cost * won,
            choices.votes(p),
        )
        for value in values:
            held = sums.setdefault(value, [Fraction()] * len(numbers))
            for place, number in enumerate(numbers):
                held[place] += Fraction(number) / len(values)
    if not any(sums):
        return ()
    kinds = (Kind(value, *numbers) for value, numbers in sums.items())
    return tuple(sorted(kinds, key=lambda kind: (-kind.votes, kind.value)))
