"""What voters carried over from earlier rounds, read again from the file that says it.

docs/count.md has the form of that file and the rule; nothing here comes from engine/count.
"""

from __future__ import annotations

import re
from fractions import Fraction
from hashlib import sha256

from .ballots import Ballots, Carried, UnreadableError, Vote

AMOUNT = re.compile(r"[0-9]{1,40}(\.[0-9]{1,40}|/0*[1-9][0-9]{0,39})?", re.ASCII)
BY_VOTER = "voter_id"
BY_KIND = ("category", "target", "beneficiaries", "district", "neighborhood", "subunit")


def with_carried(ballots: Ballots, data: bytes) -> Ballots:
    """The ballots with what a carry-over file gives their voters. Raises UnreadableError."""
    try:
        by, amounts = _amounts(data.decode("utf-8-sig"))
    except ValueError as error:
        raise UnreadableError(f"What is carried over cannot be read: {error}.") from None
    groups, absent = (_by_voter if by == BY_VOTER else _by_kind)(ballots, by, amounts)
    carried = Carried(by, sha256(data).hexdigest(), groups, absent)
    return ballots._replace(carried=carried)


def _amounts(text: str) -> tuple[str, dict[str, Fraction]]:
    by, _, title = text.splitlines()[0].partition(";") if text else ("", "", "")
    by = by.strip().lower()
    if by not in (BY_VOTER, *BY_KIND) or title.strip().lower() != "carried":
        raise ValueError("its first line is not a column and ;carried")
    amounts: dict[str, Fraction] = {}
    for line in text.splitlines()[1:]:
        one, _, amount = (part.strip() for part in line.rpartition(";"))
        if not line.strip():
            continue
        if not one or one in amounts or not AMOUNT.fullmatch(amount):
            raise ValueError(f"the line {line[:80]!r} is not a name and an amount, each once")
        amounts[one] = Fraction(amount)
    return by, amounts


Grouped = tuple[dict[tuple[Vote, Fraction], int], int]


def _by_voter(ballots: Ballots, by: str, amounts: dict[str, Fraction]) -> Grouped:
    groups: dict[tuple[Vote, Fraction], int] = {}
    for voter, vote in ballots.cast.items():
        key = vote, amounts.get(voter, Fraction())
        groups[key] = groups.get(key, 0) + 1
    return groups, len(amounts.keys() - ballots.cast.keys())


def _by_kind(ballots: Ballots, by: str, amounts: dict[str, Fraction]) -> Grouped:
    """Each amount is divided equally between those who support an idea of the kind, rounded down
    to hundredths."""
    kinds = [
        {one.strip() for one in project.columns.get(by, "").split(",")} & amounts.keys()
        for project in ballots.projects
    ]
    named = {vote: set[str]().union(*(kinds[p] for p in vote[0])) for vote in ballots.votes}
    sharing = dict.fromkeys(amounts, 0)
    for vote, people in ballots.votes.items():
        for one in named[vote]:
            sharing[one] += people
    groups = {}
    for vote, people in ballots.votes.items():
        hundredths = sum(amounts[one] * 100 // sharing[one] for one in named[vote])
        groups[vote, Fraction(hundredths, 100)] = people
    return groups, sum(not people for people in sharing.values())
