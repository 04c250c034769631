"""Carrying over from earlier rounds of a place: off unless asked for, then told with the result.

What is carried over is set aside of this round's pot first; the rest is shared equally. So nobody
spends money that is not in the pot, and an equal share is smaller by what others bring. Under add1
everybody's share is raised by the same step, whatever they brought.

Amounts come from one of two places. *By voter*: each voter's part of what was left of the last pot,
in proportion to the part of their share that no group could spend (`left_by_voter`). It only joins
rounds whose files name the same voter by the same id. *By kind of idea*: what past rounds spent on
a kind short of its part of the votes (`owed_by_kind`), divided equally between those who support an
idea of that kind now. Lackner, Maly & Rey, "Fairness in Long-Term Participatory Budgeting" (IJCAI
2021), compare over many rounds what types of voters got; here a type is what a ballot supports,
because published ballots say nothing else of a voter. Theirs are measures of fairness, not a way to
carry anything over: that is ours. All amounts are rounded down to whole hundredths (pence); what
that leaves stays in the pot.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

from .bringing import BY_VOTER, along, fair_part, kept_by_class, whole_hundredths
from .choices import Choices
from .election import Carried, Election, Shared
from .fairness import COLUMNS, what_voters_got
from .outcome import Outcome
from .pabulib import read_pabulib
from .profile import Understood, profile_in_order
from .reader import PabulibError, Reader
from .rule import RuleError
from .words import decimal

# Not all that Fraction reads: 1e999999999 is short to write and has a billion digits.
AMOUNT = re.compile(r"[0-9]{1,40}(\.[0-9]{1,40}|/0*[1-9][0-9]{0,39})?", re.ASCII)
Amounts = Mapping[str, Fraction]


# Putting it into an election ----------------------------------------------------------------------


def carry_by_voter(source: str | os.PathLike[str] | bytes, amounts: Amounts, name: str) -> Election:
    """The election of a file, each voter with what is carried over for their voter_id.

    Whoever is not named carries nothing; amounts for voters who did not vote stay in the pot.
    Raises as read_pabulib does, and RuleError for an amount below zero.
    """
    _check(amounts)
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    read_pabulib(data, name=name)  # whatever is wrong with the file is said in its words
    reader = Reader(name, data)
    reader.voted = {}
    election = reader.election()
    voted = reader.voted
    weights: dict[tuple[Understood, Fraction], int] = {}
    for voter, written in voted.items():
        key = reader.understood[written], amounts.get(voter, Fraction())
        weights[key] = weights.get(key, 0) + 1
    return _split(election, weights, BY_VOTER, len(amounts.keys() - voted.keys()))


def carry_by_kind(election: Election, column: str, amounts: Amounts) -> Election:
    """The election, each amount divided equally between the voters who support an idea with that
    value in that column of its projects. Where nobody does, it stays in the pot."""
    _check(amounts)
    kinds = [
        {value.strip() for value in project.extra.get(column, "").split(",")}
        for project in election.projects
    ]
    named = [set().union(*(kinds[p] for p in ballot.choices)) for ballot in election.ballots]
    sharing = dict.fromkeys(amounts, 0)
    for values, ballot in zip(named, election.ballots, strict=True):
        for value in values & amounts.keys():
            sharing[value] += ballot.weight
    weights = {}
    for values, ballot in zip(named, election.ballots, strict=True):
        brings = sum(
            (
                whole_hundredths(amounts[value] / sharing[value])
                for value in values & amounts.keys()
            ),
            Fraction(),
        )
        weights[(ballot.choices, ballot.points), brings] = ballot.weight
    absent = sum(not people for people in sharing.values())
    shared = (Shared(value, amounts[value], people) for value, people in sorted(sharing.items()))
    return _split(election, weights, column, absent, tuple(shared))


def _check(amounts: Amounts) -> None:
    for one, amount in amounts.items():
        if amount < 0:
            raise RuleError(f"{one!r} cannot carry over less than nothing.")


def _split(
    election: Election,
    weights: Mapping[tuple[Understood, Fraction], int],
    by: str,
    absent: int,
    kinds: tuple[Shared, ...] = (),
) -> Election:
    """One class for each vote and amount, in one order whatever the order of rows."""
    ordered = sorted(weights.items())
    return replace(
        election,
        profile=profile_in_order([(vote, weight) for (vote, _), weight in ordered]),
        carried=Carried(
            tuple(amount for (_, amount), _ in ordered), by, absent=absent, kinds=kinds
        ),
    )


def carried_over(election_file: str | os.PathLike[str], carry_file: Path) -> Election:
    """The election of a .pb file with what a carry-over file gives (docs/count.md has its form).

    Raises PabulibError naming the line of whatever is wrong in either, OSError for a missing file.
    """
    data = carry_file.read_bytes()
    by, amounts = amounts_of(data, carry_file.name)
    name = Path(election_file).name
    if by == BY_VOTER:
        read_pabulib(election_file)
        election = carry_by_voter(election_file, amounts, name)
    else:
        election = carry_by_kind(read_pabulib(election_file), by, amounts)
    assert election.carried is not None
    told = replace(election.carried, sha256=sha256(data).hexdigest(), file=carry_file.name)
    return replace(election, carried=told)


def amounts_of(data: bytes, name: str) -> tuple[str, dict[str, Fraction]]:
    """What a carry-over file is by, and its amounts. Raises PabulibError."""
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise PabulibError(name, 1, "the file is not UTF-8 text: save it as UTF-8") from None
    by, _, title = (lines[0] if lines else "").partition(";")
    by = by.strip().lower()
    if by not in (BY_VOTER, *COLUMNS) or title.strip().lower() != "carried":
        wanted = ", ".join((BY_VOTER, *COLUMNS))
        raise PabulibError(
            name, 1, f"the first line must be one of {wanted}, then ;carried: write it so"
        )
    amounts: dict[str, Fraction] = {}
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        one, _, written = line.rpartition(";")
        if not AMOUNT.fullmatch(written.strip()):
            raise PabulibError(
                name, number, f"{written.strip()[:40]!r} is no amount: write 12.5 or 25/2"
            )
        if not one.strip() or one.strip() in amounts:
            raise PabulibError(name, number, "a line needs a name of its own: name each once")
        amounts[one.strip()] = Fraction(written.strip())
    return by, amounts


def written_amounts(by: str, amounts: Amounts) -> str:
    """A carry-over file, sorted; those with nothing are left out."""
    lines = [f"{by};carried"]
    lines += [f"{one};{decimal(amount)}" for one, amount in sorted(amounts.items()) if amount]
    return "\n".join(lines) + "\n"


# Working it out from past rounds ------------------------------------------------------------------


def left_by_voter(
    data: bytes, outcome: Outcome, name: str, brought: Amounts | None = None
) -> dict[str, Fraction]:
    """Each voter's part of what a count left of its pot, in proportion to what they kept.

    brought: what voters had carried over into that count. Raises RuleError where voters had no
    shares.
    """
    reader = Reader(name, data)
    reader.voted = {}
    election = reader.election()
    if outcome.shares is None:
        raise RuleError("voters had no shares in that round, so nothing of them is left.")
    if brought:
        election = carry_by_voter(data, brought, name)
    each = election.carried.each if election.carried else [Fraction()] * len(election.ballots)
    kept = {
        (ballot.choices, ballot.points, more): along(outcome, left)
        for ballot, more, left in zip(
            election.ballots, each, kept_by_class(election, outcome), strict=True
        )
    }
    return {
        voter: kept[*reader.understood[written], (brought or {}).get(voter, Fraction())]
        for voter, written in reader.voted.items()
    }


def owed_by_kind(
    rounds: Iterable[tuple[Election, Outcome]], column: str, most: Fraction | None = None
) -> dict[str, Fraction]:
    """For each kind of idea, what past rounds spent on it short of its part of the votes.

    In each round the fair part of a kind is what was spent, times its part of all votes. Shortfalls
    and surpluses add up over the rounds, and a kind that got more than its part is owed nothing. If
    all together are owed more than `most`, each is owed the same fraction of it. Where a round
    was counted with amounts carried over for this column, those are what was owed before it.
    """
    owed: dict[str, Fraction] = {}
    for election, outcome in rounds:
        kinds = what_voters_got(Choices.of(election, outcome), outcome).by_column.get(column, ())
        votes = sum((kind.votes for kind in kinds), Fraction())
        if election.carried and election.carried.by == column:
            owed = {one.value: one.amount for one in election.carried.kinds}
        for kind in kinds if votes else ():
            short = fair_part(outcome, kind, votes) - kind.spent
            owed[kind.value] = owed.get(kind.value, Fraction()) + short
    lacking = {value: max(amount, Fraction()) for value, amount in owed.items() if value}
    total = sum(lacking.values(), Fraction())
    part = min(Fraction(1), most / total) if most is not None and total else Fraction(1)
    return {value: whole_hundredths(amount * part) for value, amount in lacking.items()}
