"""One CSV file as its publisher wrote it: headings found by name, cells read one way, or a refusal
that names the row. What a heading means is said in official.py; this module only reads.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Final, cast

import numpy as np

from .errors import NeedFileError, some
from .geography import Areas, Codes, Geography
from .transform import Floats, Whole

MOST_BYTES: Final = 256 << 20  # of a file that is read at once; File 7 has 9 MB
MOST_STREAMED: Final = 4 << 30  # of one that is read row by row: the whole ONSPD has about 1.2 GB
MOST_IN_A_LINE: Final = 200_000
MOST_ROWS: Final = 4_000_000
MOST_COLUMNS: Final = 500
MOST_IN_A_CELL: Final = 20_000
EVERY: Final = 5_000  # rows between two reports of progress

PACKED: Final = "is a spreadsheet or a zip: unpack it, or save the sheet as CSV."

Input = str | os.PathLike[str] | bytes
Progress = Callable[[int], None]

_WHOLE = re.compile(r"[0-9]{1,12}", re.ASCII)
_PEOPLE = re.compile(r"[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3}", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,15})?", re.ASCII)
# How the Office for National Statistics begins the codes of its areas in England and Wales.
_CODE = {"LSOA": "[EW]01", "MSOA": "[EW]02", "ward": "[EW]05", "council": "[EW]0[6-9]"}


def plain(heading: str) -> str:
    """A heading for comparing: small letters, single spaces."""
    return " ".join(heading.replace("﻿", "").casefold().split())


def bytes_of(source: Input, name: str | None) -> tuple[str, bytes]:
    """The file's name for messages and its bytes as they were handed in."""
    if isinstance(source, bytes):
        return name or "figures.csv", source
    path = Path(source)
    shown = name or path.name
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as problem:
        why = problem.strerror if isinstance(problem, OSError) and problem.strerror else problem
        raise NeedFileError(shown, 0, f"cannot be opened ({why}): check the path.") from None
    if len(data) > MOST_BYTES:
        raise NeedFileError(shown, 0, f"is over {MOST_BYTES >> 20} MB: it is no file of this kind.")
    return shown, data


def unpacked(file: str, data: bytes) -> bytes:
    """The bytes themselves, or those inside a .gz; other packings are named and refused."""
    if data[:2] == b"PK":
        raise NeedFileError(file, 0, PACKED)
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            inside = stream.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as problem:
        raise NeedFileError(file, 0, f"cannot be unpacked ({problem}).") from None
    if len(inside) > MOST_BYTES:
        raise NeedFileError(file, 0, f"is over {MOST_BYTES >> 20} MB once unpacked.")
    return inside


def _opened(file: str, source: Input) -> tuple[str, io.TextIOWrapper]:
    """The checksum of the bytes handed in, and a stream of the text inside them."""
    digest, taken = hashlib.sha256(), 0
    parts: list[bytes] = []
    with _plain(source) as raw:
        while part := raw.read(1 << 20):
            digest.update(part)
            taken += len(part)
            if taken > MOST_STREAMED:
                raise NeedFileError(file, 0, "is longer than any file of this kind.")
            if taken <= MOST_BYTES or not parts:
                parts.append(part)
    if parts and parts[0][:2] == b"PK":
        raise NeedFileError(file, 0, PACKED)
    # Read once and held, unless it is as large as the postcode directory.
    held = source if taken > MOST_BYTES else b"".join(parts)
    inside = _packed(held) if parts and parts[0][:2] == b"\x1f\x8b" else _plain(held)
    return digest.hexdigest(), io.TextIOWrapper(inside, encoding="utf-8-sig", newline="")


def _plain(source: Input) -> IO[bytes]:
    return io.BytesIO(source) if isinstance(source, bytes) else Path(source).open("rb")


def _packed(source: Input) -> IO[bytes]:
    held = io.BytesIO(source) if isinstance(source, bytes) else source
    return cast("IO[bytes]", gzip.open(held))


class Table:
    """One CSV file, its headings and its rows. `sha256` is of the bytes as they were handed in."""

    def __init__(
        self, source: Input, name: str | None = None, progress: Progress | None = None
    ) -> None:
        self.file = name or ("figures.csv" if isinstance(source, bytes) else Path(source).name)
        self._progress = progress
        try:
            self.sha256, stream = _opened(self.file, source)
        except (OSError, ValueError) as problem:
            if isinstance(problem, NeedFileError):
                raise
            why = problem.strerror if isinstance(problem, OSError) else ""
            raise NeedFileError(
                self.file, 0, f"cannot be opened ({why or problem}): check the path."
            ) from None
        rows = self._rows(stream)
        self.headings = next(rows, [])
        if not any(cell.strip() for cell in self.headings):
            raise NeedFileError(self.file, 1, "the file is empty: it has no headings.")
        if len(self.headings) > MOST_COLUMNS:
            raise NeedFileError(self.file, 1, f"there are over {MOST_COLUMNS} columns.")
        self._rest = rows
        self._at: dict[str, int] = {}
        for position, heading in enumerate(map(plain, self.headings)):
            # A heading that stands twice is found by neither: nobody could say which is meant.
            self._at[heading] = -1 if heading in self._at else position
        self._columns: list[tuple[str, ...]] | None = None

    def _lines(self, stream: io.TextIOWrapper) -> Iterator[str]:
        """Line by line, so that neither a long file nor an endless line fills the memory."""
        taken, number = 0, 0
        with stream:
            while line := stream.readline(MOST_IN_A_LINE + 1):
                taken, number = taken + len(line), number + 1
                if len(line) > MOST_IN_A_LINE or taken > MOST_STREAMED:
                    raise NeedFileError(self.file, number, "is longer than any file of this kind.")
                if "\x00" in line:
                    raise NeedFileError(self.file, number, "holds a zero byte.")
                yield line

    def _rows(self, stream: io.TextIOWrapper) -> Iterator[list[str]]:
        csv.field_size_limit(MOST_IN_A_CELL)
        reader = csv.reader(self._lines(stream), strict=True)
        try:
            yield from reader
        except UnicodeDecodeError:
            said = "is not UTF-8 text: save it as CSV UTF-8."
            raise NeedFileError(self.file, reader.line_num + 1, said) from None
        except csv.Error as problem:
            raise NeedFileError(self.file, reader.line_num, f"{problem}.") from None
        except (OSError, EOFError, zlib.error) as problem:
            said = f"cannot be unpacked ({problem})."
            raise NeedFileError(self.file, reader.line_num, said) from None

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row with its number, once. Blank lines may stand at the end only."""
        width, blank = len(self.headings), 0
        for number, row in enumerate(self._rest, start=2):
            if not any(row):
                blank = blank or number
                continue
            if blank:
                raise NeedFileError(self.file, blank, "is blank, and rows follow it: remove it.")
            if len(row) != width:
                raise NeedFileError(
                    self.file, number, f"has {len(row)} cells under {width} headings."
                )
            if number > MOST_ROWS:
                raise NeedFileError(self.file, number, f"there are over {MOST_ROWS:,} rows.")
            if self._progress and number % EVERY == 0:
                self._progress(number)
            yield number, row

    def has(self, *headings: str) -> bool:
        return all(self._at.get(plain(heading), -1) >= 0 for heading in headings)

    def find(self, heading: str) -> int:
        """Where a heading stands. NeedFileError when it does not, or stands twice."""
        at = self._at.get(plain(heading))
        if at is None:
            shown = some([cell for cell in self.headings if cell.strip()], 6)
            raise NeedFileError(
                self.file, 1, f"there is no column “{heading}”; there are {shown}.", "column"
            )
        if at < 0:
            raise NeedFileError(self.file, 1, f"the column “{heading}” stands twice.", "column")
        return at

    def text(self, heading: str) -> list[str]:
        """A column as it is, without spaces around the cells."""
        at = self.find(heading)
        if self._columns is None:
            rows = [row for _, row in self.rows()]
            if not rows:
                raise NeedFileError(self.file, 2, "there are headings, and no rows under them.")
            self._columns = list(zip(*rows, strict=True))
            if self._progress:
                self._progress(len(rows) + 1)
        return [cell.strip() for cell in self._columns[at]]

    def whole(self, heading: str) -> Whole:
        """A column of whole numbers of zero or more."""
        return np.array(self._checked(heading, _WHOLE, "a whole number"), dtype=np.int64)

    def people(self, heading: str) -> Whole:
        """A column of residents: whole numbers above zero, which may have commas at thousands."""
        cells = self._checked(heading, _PEOPLE, "a number of people")
        found = np.array([cell.replace(",", "") for cell in cells], dtype=np.int64)
        empty = np.flatnonzero(found == 0)
        if empty.size:
            raise NeedFileError(
                self.file,
                int(empty[0]) + 2,
                f"“{heading}” is 0: no area is without people. Check the column.",
                "no_people",
            )
        return found

    def numbers(self, heading: str) -> Floats:
        """A column of decimal numbers."""
        return np.array(self._checked(heading, _DECIMAL, "a number"), dtype=np.float64)

    def ranks(self, heading: str, of: int) -> Whole:
        """A column of ranks from 1 to `of`."""
        found = self.whole(heading)
        odd = np.flatnonzero((found < 1) | (found > of))
        if odd.size:
            row = int(odd[0])
            raise NeedFileError(
                self.file,
                row + 2,
                f"“{heading}” is {found[row]:,}: a rank runs from 1 to {of:,}.",
                "rank_range",
            )
        return found

    def codes(self, heading: str, geography: Geography) -> Areas:
        """A column of codes of one geography, each once."""
        cells = self.area_codes(heading, geography)
        seen: dict[str, int] = {}
        for row, code in enumerate(cells, start=2):
            first = seen.setdefault(code, row)
            if first != row:
                raise NeedFileError(
                    self.file, row, f"{code} stands in row {first} already.", "duplicate_code"
                )
        return Areas(geography, np.array(cells))

    def area_codes(self, heading: str, geography: Geography) -> list[str]:
        """A column of codes that look as codes of that kind of area do; they may repeat."""
        start = _CODE.get(geography.unit, "[EWNSKJ][0-9]{2}")
        form = re.compile(start + "[0-9]{6}", re.ASCII)
        return self._checked(heading, form, f"a code of {geography}", "code")

    def _checked(
        self, heading: str, form: re.Pattern[str], what: str, code: str = "cell"
    ) -> list[str]:
        cells = self.text(heading)
        for row, cell in enumerate(cells, start=2):
            if not form.fullmatch(cell):
                said = f"is {cell[:40]!r}, which is not {what}" if cell else "is empty"
                raise NeedFileError(self.file, row, f"“{heading}” {said}.", code)
        return cells


def as_codes(cells: Sequence[str]) -> Codes:
    return np.array(cells, dtype=np.str_)
