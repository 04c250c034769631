"""Reading a .pb file row by row, strictly.

A file that could be read in two ways is refused rather than guessed: somebody's project depends
on it. What is read how, and every limit, is listed in docs/count.md.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from .election import SCORED_TYPES, VOTE_TYPES, Election, Project
from .profile import Profile, Understood, profile_of

MOST_BYTES = 32 << 20  # the largest real election has 4 MB
MOST_LINES = 3_000_000
MOST_IN_A_FIELD = 100_000
MOST_COLUMNS = 200
MOST_META = 10_000
MOST_PROJECTS = 20_000
MOST_VOTERS = 2_000_000
MOST_IN_AN_ID = 200

COLUMNS = {
    "META": ("key", "value"),
    "PROJECTS": ("project_id", "cost"),
    "VOTES": ("voter_id", "vote"),
}
SECTIONS = tuple(COLUMNS)
_NUMBER = re.compile(r"[0-9]{1,18}(?:[.,][0-9]{1,9})?", re.ASCII)
_TOO_LONG = re.compile(r"[0-9]+(?:[.,][0-9]+)?", re.ASCII)
_LOOKS_LIKE_THOUSANDS = re.compile(r"[0-9]{1,3},[0-9]{3}", re.ASCII)

Row = tuple[int, list[str]]
Meta = dict[str, tuple[int, str]]  # key: the line it is on, its value


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the votes; columns are the names in the header of VOTES."""

    meta: Meta
    vote_type: str
    budget: Fraction
    projects: tuple[Project, ...]
    columns: list[str]


class PabulibError(ValueError):
    """A file that cannot be counted, said in one line: FILE:LINE: what is wrong, what to do."""

    def __init__(self, file: str, line: int, what: str) -> None:
        self.file, self.line, self.what = _one_line(file), line, _one_line(what)
        super().__init__(f"{self.file}:{self.line}: {self.what}")


def _one_line(text: str) -> str:
    shown = "".join(character if character.isprintable() else "?" for character in text)
    return shown if len(shown) <= 300 else shown[:299] + "…"


def unix_lines(text: str) -> str:
    """Line breaks inside a text as the one that we write."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def plain_number(text: str) -> Fraction | None:
    """A number as costs, pots and points are written; None for anything else."""
    if _LOOKS_LIKE_THOUSANDS.fullmatch(text) or not _NUMBER.fullmatch(text):
        return None
    return Fraction(text.replace(",", "."))


class Reader:
    """One pass over one file. Every check names the line that it fails on."""

    def __init__(self, file: str, data: bytes, *, sought: str | None = None) -> None:
        self.file, self.data, self.sought = file, data, sought
        self.found: tuple[str, str] | None = None  # the vote, as written, of the voter sought
        self.understood: dict[tuple[str, str], Understood] = {}
        self.voted: dict[str, tuple[str, str]] | None = None  # a dict: every vote, by voter
        self.last_line = self.header_line = 1
        self.title: Row | None = None  # the section title that the last section ended at

    def refuse(self, line: int, what: str) -> PabulibError:
        return PabulibError(self.file, line, what)

    def election(self) -> Election:
        """The election. Raises PabulibError, and nothing else."""
        head = self.head()
        rows = self._body(self.rows, "VOTES", MOST_VOTERS, len(head.columns))
        voters, profile = self._votes(head, rows)
        if self.title:
            name = self.title[1][0].upper()
            raise self.refuse(self.title[0], f"{name} comes after VOTES: each section comes once")
        return self.election_of(head, voters, profile, self.data)

    def head(self) -> Head:
        """Everything up to the header of VOTES, checked."""
        rows = self.rows = self._rows()
        self.title = next(rows, None)
        if self.title and not self._is_title(self.title[1]):
            raise self.refuse(self.title[0], "the file does not begin with META: is it a .pb file?")
        self._header(rows, "META")
        meta_rows = list(self._body(rows, "META", MOST_META))
        header = self._header(rows, "PROJECTS")
        project_rows = list(self._body(rows, "PROJECTS", MOST_PROJECTS, len(header)))
        columns = self._header(rows, "VOTES")
        meta = self._meta(meta_rows)
        line, written = self._required(meta, "vote_type", ", ".join(VOTE_TYPES))
        vote_type = written.lower()
        if vote_type not in VOTE_TYPES:
            raise self.refuse(line, f"vote_type is {vote_type!r}: use {', '.join(VOTE_TYPES)}")
        line, written = self._required(meta, "budget", "the pot")
        budget = self.number(line, "the budget", written)
        if not budget:
            raise self.refuse(line, "the budget is zero: write the pot that is being shared")
        projects = self._projects(header, project_rows)
        self._check_count(meta, "num_projects", len(projects), "projects")
        if vote_type in SCORED_TYPES and "points" not in columns:
            raise self.refuse(self.header_line, f"{vote_type} votes need a column of points")
        return Head(meta, vote_type, budget, projects, columns)

    def rest(self) -> bool:
        """Whether a row that is not blank comes after the head."""
        return next(self.rows, None) is not None

    def election_of(self, head: Head, voters: int, profile: Profile, data: bytes) -> Election:
        """Put together; data is the whole file."""
        self._check_count(head.meta, "num_votes", voters, "votes")
        return Election(
            name=self.file,
            sha256=hashlib.sha256(data).hexdigest(),
            vote_type=head.vote_type,
            budget=head.budget,
            voters=voters,
            projects=head.projects,
            profile=profile,
            meta={key: value for key, (_, value) in head.meta.items()},
        )

    # From bytes to rows ---------------------------------------------------------------------

    def _text(self) -> str:
        if self.data.count(b"\n") > MOST_LINES:
            raise self.refuse(1, f"over {MOST_LINES:,} lines: it is not one election")
        zero = self.data.find(b"\0")
        if zero >= 0:
            line = self.data.count(b"\n", 0, zero) + 1
            raise self.refuse(line, "a zero byte: this is not a text file; export it again")
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.data.count(b"\n", 0, error.start) + 1
            raise self.refuse(
                line, f"byte 0x{self.data[error.start]:02x} is not UTF-8: save the file as UTF-8"
            ) from None

    def _rows(self) -> Iterator[Row]:
        """Rows that are not blank, each with the line it starts on."""
        rows = csv.reader(io.StringIO(self._text(), newline=""), delimiter=";")
        starts = 1
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                raise self.refuse(
                    starts,
                    f"cannot be read as a row ({error}): look for an unclosed quotation mark",
                ) from None
            if len(row) > MOST_COLUMNS or any(len(cell) > MOST_IN_A_FIELD for cell in row):
                raise self.refuse(
                    starts,
                    f"more than {MOST_COLUMNS} fields, or one of over {MOST_IN_A_FIELD} characters:"
                    " look for an unclosed quotation mark",
                )
            if any(cell.strip() for cell in row):
                yield starts, [unix_lines(cell.strip()) for cell in row]
            self.last_line = starts
            starts = rows.line_num + 1

    @staticmethod
    def _is_title(row: list[str]) -> bool:
        return row[0].upper() in SECTIONS and not any(row[1:])

    def _header(self, rows: Iterator[Row], section: str) -> list[str]:
        """The column names of a section, whose title must be the one that came last."""
        if self.title and self.title[1][0].upper() != section:
            raise self.refuse(
                self.title[0],
                f"{self.title[1][0].upper()} comes here: expected {section}; the order is "
                "META, PROJECTS, VOTES, each once",
            )
        line, row = next(rows, (0, [])) if self.title else (0, [])
        if not row:
            raise self.refuse(
                self.last_line,
                f"the section {section} is missing: the file ends here; look for a lost part or "
                "an unclosed quotation mark",
            )
        header = [cell.lower() for cell in row]
        while header and not header[-1]:
            header.pop()
        if len(set(header)) != len(header):
            raise self.refuse(line, "two columns have the same name: rename or remove one")
        for column in COLUMNS[section]:
            if column not in header:
                raise self.refuse(line, f"the header of {section} has no {column}: add the column")
        self.header_line = line
        return header

    def _body(
        self, rows: Iterator[Row], section: str, most: int, columns: int = MOST_COLUMNS
    ) -> Iterator[Row]:
        """The rows of a section, up to the next section title, which is kept in self.title."""
        self.title = None
        for number, (line, row) in enumerate(rows):
            if self._is_title(row):
                self.title = line, row
                return
            if number == most:
                raise self.refuse(line, f"{section} has over {most:,} rows: it is not one election")
            if len(row) > columns and any(row[columns:]):
                raise self.refuse(
                    line,
                    f"{len(row)} fields, but the header has {columns}: put quotation marks around "
                    "a text with a ;",
                )
            yield line, row

    # From rows to values --------------------------------------------------------------------

    def number(self, line: int, what: str, text: str) -> Fraction:
        number = plain_number(text)
        if number is not None:
            return number
        if _LOOKS_LIKE_THOUSANDS.fullmatch(text):
            raise self.refuse(
                line,
                f"{what} is {text!r}, thousands or decimals? Write"
                f" {text.replace(',', '')} or {text.replace(',', '.')}",
            )
        why = "below zero" if text.startswith("-") else "not a plain number"
        if _TOO_LONG.fullmatch(text):
            text = text if len(text) <= 40 else text[:37] + "..."
            why = "more than 18 digits before the point or 9 after it"
        raise self.refuse(
            line, f"{what} is {text!r}, {why}: write digits, such as 12000 or 12000.50"
        )

    def _meta(self, rows: list[Row]) -> Meta:
        meta: Meta = {}
        for line, row in rows:
            key, value = row[0].lower(), ";".join(row[1:]).rstrip(";")
            if key in meta:
                raise self.refuse(line, f"{key} is written twice in META: keep one")
            meta[key] = (line, value)
        return meta

    def _required(self, meta: Meta, key: str, what: str) -> tuple[int, str]:
        if not meta.get(key, (0, ""))[1]:
            line = meta[key][0] if key in meta else 1
            raise self.refuse(line, f"META has no {key}: add it ({what})")
        return meta[key]

    def _check_count(self, meta: Meta, key: str, found: int, what: str) -> None:
        line, text = meta.get(key, (0, ""))
        if text and self.number(line, key, text) != found:
            raise self.refuse(
                line,
                f"{key} says {text}, but the file has {found} {what}:"
                " look for a lost part, or correct the number",
            )

    def _projects(self, header: list[str], rows: list[Row]) -> tuple[Project, ...]:
        projects: dict[str, Project] = {}
        for line, row in rows:
            cells = dict(zip(header, row + [""] * (len(header) - len(row)), strict=False))
            key = cells.pop("project_id")
            if not key or len(key) > MOST_IN_AN_ID or "," in key:
                raise self.refuse(
                    line,
                    f"the project id {key[:40]!r} is empty, has a comma, or is"
                    f" over {MOST_IN_AN_ID} characters: give it a short id",
                )
            if key in projects:
                raise self.refuse(line, f"project {key} appears twice: give each its own id")
            cost = self.number(line, f"the cost of project {key}", cells.pop("cost"))
            name = cells.pop("name", "") or key
            projects[key] = Project(key, name, cost, cells)
        if not projects:
            raise self.refuse(self.last_line, "there is no project: a count needs at least one")
        return tuple(projects.values())

    def _votes(self, head: Head, rows: Iterator[Row]) -> tuple[int, Profile]:
        """Number of voters, and their ballots: grouped as written first, then as understood."""
        header = head.columns
        voter_at, vote_at = header.index("voter_id"), header.index("vote")
        points_at = header.index("points") if head.vote_type in SCORED_TYPES else None
        voters: dict[str, int] = {}
        written: dict[tuple[str, str], list[int]] = {}
        for line, row in rows:
            row = row + [""] * (len(header) - len(row))
            voter = row[voter_at]
            if not voter or voter in voters:
                what = (
                    f"voter {voter} already voted on line {voters[voter]}"
                    if voter
                    else ("the voter has no id")
                )
                raise self.refuse(line, f"{what}: each voter has one row and an id")
            voters[voter] = line
            key = (row[vote_at], row[points_at] if points_at is not None else "")
            if self.voted is not None:
                self.voted[voter] = key
            if voter == self.sought:
                self.found = key
            written.setdefault(key, [0, line])[0] += 1
        place = {project.id: index for index, project in enumerate(head.projects)}
        weights: dict[Understood, int] = {}
        for (vote, points), (weight, line) in written.items():
            understood: Understood
            if points_at is None:
                understood = self._choices(line, vote, place, head.vote_type), ()
            else:
                understood = self._scores(line, vote, points, place)
            self.understood[vote, points] = understood
            weights[understood] = weights.get(understood, 0) + weight
        return len(voters), profile_of(weights)

    def _named(self, line: int, vote: str, place: Mapping[str, int]) -> list[int]:
        named = [one.strip() for one in vote.split(",")] if vote else []
        for one in named:
            if one and one not in place:
                raise self.refuse(line, f"the vote names {one!r}, which is no project of this file")
        return [place.get(one, -1) for one in named]

    def _choices(
        self, line: int, vote: str, place: Mapping[str, int], vote_type: str
    ) -> tuple[int, ...]:
        named = list(dict.fromkeys(one for one in self._named(line, vote, place) if one >= 0))
        if vote_type == "choose-1" and len(named) > 1:
            raise self.refuse(line, "a choose-1 vote names more than one project")
        return tuple(named if vote_type == "ordinal" else sorted(named))

    def _scores(self, line: int, vote: str, points: str, place: Mapping[str, int]) -> Understood:
        named = self._named(line, vote, place)
        given = [one.strip() for one in points.split(",")] if points else []
        if len(named) != len(given) or -1 in named:
            raise self.refuse(
                line,
                f"{len(named)} projects but {len(given)} points: give one number"
                " to each project named",
            )
        if len(set(named)) != len(named):
            raise self.refuse(line, "the vote gives points to one project twice: which counts?")
        scores = {
            one: self.number(line, "the points", text)
            for one, text in sorted(zip(named, given, strict=True))
        }
        kept = {one: score for one, score in scores.items() if score}
        return tuple(kept), tuple(kept.values())
