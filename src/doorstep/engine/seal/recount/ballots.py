"""A small strict reader of Pabulib's .pb files: standard library, nothing of engine/count.

It reads every file that docs/count.md says is read, and as it says there. What it would refuse
with many words there, it refuses with one here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

Vote = tuple[tuple[int, ...], tuple[Fraction, ...]]  # projects by position, the points of each

NUMBER = re.compile(r"[0-9]{1,18}(?:[.,][0-9]{1,9})?", re.ASCII)
KINDS = ("approval", "choose-1", "cumulative", "ordinal", "scoring")
POINTED = ("cumulative", "scoring")


class UnreadableError(ValueError):
    """A file that holds no ballots, or no certificate, as a sentence."""


class Project(NamedTuple):
    """A row of PROJECTS; columns: all of its cells, by the names in the header."""

    id: str
    name: str
    cost: Fraction
    withdrawn: bool
    columns: Mapping[str, str] = MappingProxyType({})


class Carried(NamedTuple):
    """What voters carried over from earlier rounds (carried.py); groups: how many voted exactly
    so and carried exactly so much; absent: lines of the file that nobody here answers to."""

    by: str
    sha256: str
    groups: dict[tuple[Vote, Fraction], int]
    absent: int


class Ballots(NamedTuple):
    """What a .pb file says; votes: how many voted exactly so; cast: who, by voter_id."""

    sha256: str
    meta: dict[str, str]
    kind: str
    pot: Fraction
    projects: list[Project]
    votes: dict[Vote, int]
    cast: Mapping[str, Vote] = MappingProxyType({})
    carried: Carried | None = None

    @property
    def groups(self) -> dict[tuple[Vote, Fraction], int]:
        """How many voted exactly so and began with exactly so much beside the equal share."""
        if self.carried:
            return self.carried.groups
        return {(vote, Fraction()): people for vote, people in self.votes.items()}


def read_ballots(data: bytes) -> Ballots:
    """The ballots in a .pb file's bytes. Raises UnreadableError where a count could not be sure."""
    try:
        sections = _sections(data)
        meta = {row[0].lower(): ";".join(row[1:]).rstrip(";") for row in sections["META"][1:]}
        kind, pot = meta["vote_type"].lower(), _number(meta["budget"])
        projects = [
            Project(
                row["project_id"],
                row.get("name") or row["project_id"],
                _number(row["cost"]),
                bool(row.get("withdrawn")),
                row,
            )
            for row in _named_rows(sections["PROJECTS"])
        ]
        place = {one.id: at for at, one in enumerate(projects)}
        if kind not in KINDS or not pot or len(place) != len(projects):
            raise ValueError("its kind of vote, its pot or an id of a project means nothing")
        votes: dict[Vote, int] = {}
        cast: dict[str, Vote] = {}
        for row in _named_rows(sections["VOTES"]):
            vote = _vote(row["vote"], row["points"] if kind in POINTED else None, place)
            if kind not in (*POINTED, "ordinal"):
                vote = tuple(sorted(vote[0])), ()
            if (kind == "choose-1" and len(vote[0]) > 1) or row["voter_id"] in cast:
                raise ValueError(f"voter {row['voter_id']} votes twice")
            cast[row["voter_id"]] = vote
            votes[vote] = votes.get(vote, 0) + 1
    except (KeyError, IndexError, ValueError, csv.Error) as error:
        raise UnreadableError(f"The ballots cannot be read as a .pb file: {error}.") from None
    return Ballots(sha256(data).hexdigest(), meta, kind, pot, projects, votes, cast)


def _sections(data: bytes) -> dict[str, list[list[str]]]:
    """The rows under each title that are not blank, their cells without spaces around them."""
    sections: dict[str, list[list[str]]] = {}
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
    for row in rows:
        cells = [one.strip().replace("\r\n", "\n").replace("\r", "\n") for one in row]
        if not any(cells):
            continue
        if cells[0].upper() in ("META", "PROJECTS", "VOTES") and not any(cells[1:]):
            title = cells[0].upper()
            if title in sections:
                raise ValueError(f"{title} comes twice")
            sections[title] = []
        else:
            sections[title].append(cells)
    return sections


def _named_rows(rows: list[list[str]]) -> Iterator[dict[str, str]]:
    header = [one.lower() for one in rows[0]]
    for row in rows[1:]:
        yield dict(zip(header, row + [""] * (len(header) - len(row)), strict=False))


def _vote(vote: str, points: str | None, place: dict[str, int]) -> Vote:
    named = [place[one.strip()] for one in vote.split(",") if one.strip()]
    if points is None:
        return tuple(dict.fromkeys(named)), ()
    given = [_number(one.strip()) for one in points.split(",")] if points else []
    pairs = sorted((p, one) for p, one in zip(named, given, strict=True) if one)
    return tuple(p for p, _ in pairs), tuple(one for _, one in pairs)


def _number(text: str) -> Fraction:
    if not NUMBER.fullmatch(text) or re.fullmatch("[0-9]{1,3},[0-9]{3}", text, re.ASCII):
        raise ValueError(f"{text!r} is not a plain number")
    return Fraction(text.replace(",", "."))
