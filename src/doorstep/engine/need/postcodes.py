"""Postcodes to small areas, from a file in the ONS Postcode Directory's layout.

Live postcodes, and beside them those that ended and those without an area, because people ask
about them too. None of Northern Ireland, whose postcodes are under another licence. The official
file was not at hand: this is tested on a derived sample and on made-up rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .errors import NeedError, NeedFileError
from .geography import Codes, Geography, Source
from .table import Input, Progress, Table, as_codes, plain

_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][A-Z]{2})", re.ASCII)
_ATTRIBUTION = (
    "Open Government Licence v3.0. Contains OS data © Crown copyright and database right; contains "
    "Royal Mail data © Royal Mail copyright and database right"
)
_HEADINGS = ("pcds", "pcd", "pcd7", "pcd8", "pcd2")
_MONTH = re.compile(r"[12][0-9]{3}(0[1-9]|1[0-2])", re.ASCII)
# "" and pseudo codes such as E99999999: no small area is given.
_NOWHERE = re.compile(r"|[A-Z]99999999", re.ASCII)


def postcode_key(text: str) -> str:
    """A full postcode without spaces, in capitals: "al7 1ab" is "AL71AB"; otherwise empty."""
    joined = "".join(text.split()).upper()
    return joined if _POSTCODE.fullmatch(joined) else ""


@dataclass(frozen=True, eq=False)
class Postcodes:
    """Live postcodes in order, the small area of each, and how many rows were left out and why.

    `past` maps each ended postcode that nobody uses again to its area ("" where none is given) and
    the month it ended, as YYYYMM; `nowhere` are live ones without an area.
    """

    geography: Geography
    keys: Codes
    codes: Codes
    source: Source
    ended: int
    without_area: int
    northern_ireland: int
    past: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    nowhere: tuple[str, ...] = ()

    def area_of(self, postcode: str) -> str | None:
        """The code of the small area a postcode lies in; None when it is not on the list.

        Raises NeedError for what is no full postcode.
        """
        key = postcode_key(postcode)
        if not key:
            raise NeedError(
                "postcode", f"{postcode[:20]!r} is not a full postcode: write it like AL7 1AB."
            )
        at = int(np.searchsorted(self.keys, key))
        return str(self.codes[at]) if at < len(self.keys) and self.keys[at] == key else None


def read_postcodes(
    source: Input,
    geography: Geography,
    *,
    year: int,
    name: str | None = None,
    progress: Progress | None = None,
) -> Postcodes:
    """Read a postcode directory: each live postcode and its area of `geography` (LSOA 2021).

    Headings: pcds (or pcd, pcd7, pcd8), lsoa21 or lsoa21cd, and doterm where there are ended
    postcodes. Raises NeedFileError for a postcode or code that is none, and one that stands twice.
    """
    table = Table(source, name, progress)
    at = _heading(table, _HEADINGS, "a postcode (pcds)")
    area_at = _heading(table, _area_headings(geography), f"a code of {geography}")
    ends_at = table.find("doterm") if table.has("doterm") else None
    form = re.compile("[A-Z][0-9]{8}", re.ASCII)
    found: dict[str, str] = {}
    past: dict[str, tuple[str, str]] = {}
    nowhere: list[str] = []
    left = {"ended": 0, "without_area": 0, "northern_ireland": 0}
    for number, row in table.rows():
        key, code = postcode_key(row[at]), row[area_at].strip()
        if not key:
            raise NeedFileError(table.file, number, f"{row[at][:20]!r} is not a postcode.")
        if ended := _ended(table.file, number, row, ends_at):
            left["ended"] += 1
            past[key] = (code if form.fullmatch(code) else "", ended)
        elif key.startswith("BT"):
            left["northern_ireland"] += 1
        elif _NOWHERE.fullmatch(code):
            left["without_area"] += 1
            nowhere.append(key)
        elif not form.fullmatch(code):
            raise NeedFileError(
                table.file, number, f"{code[:20]!r} is not a code of {geography}.", "code"
            )
        elif key in found:
            raise NeedFileError(table.file, number, f"{row[at]} stands twice.", "duplicate_code")
        else:
            found[key] = code
    if not found:
        raise NeedFileError(table.file, 2, "there is no live postcode in it.")
    _forget_returned(past, found, nowhere)
    keys = sorted(found)
    said = Source(
        title="ONS Postcode Directory",
        publisher="Office for National Statistics",
        licence=_ATTRIBUTION,
        year=year,
        file=table.file,
        sha256=table.sha256,
    )
    codes = as_codes([found[key] for key in keys])
    alone = tuple(dict.fromkeys(key for key in nowhere if key not in found))
    return Postcodes(geography, as_codes(keys), codes, said, **left, past=past, nowhere=alone)


def _ended(file: str, number: int, row: Sequence[str], at: int | None) -> str:
    """The month in which a postcode ended, as YYYYMM; empty for a live one."""
    ended = row[at].strip() if at is not None else ""
    if ended and not _MONTH.fullmatch(ended):
        raise NeedFileError(file, number, f"{ended[:20]!r} is no month like 202401 (doterm).")
    return ended


def _forget_returned(
    past: dict[str, tuple[str, str]], found: Mapping[str, str], nowhere: list[str]
) -> None:
    """Leave out of what ended whatever came back into use, and Northern Ireland."""
    for key in [key for key in past if key.startswith("BT")] + [*found, *nowhere]:
        past.pop(key, None)


def _area_headings(geography: Geography) -> tuple[str, ...]:
    start = f"{geography.unit}{geography.year % 100:02}"
    return (start, f"{start}cd", f"{start}_code")


def _heading(table: Table, known: tuple[str, ...], what: str) -> int:
    for heading in known:
        if table.has(plain(heading)):
            return table.find(heading)
    raise NeedFileError(
        table.file, 1, f"there is no column for {what}: {', '.join(known)}.", "column"
    )
