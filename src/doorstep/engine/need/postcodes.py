"""Postcodes to small areas, from a file in the ONS Postcode Directory's layout.

Live postcodes only, and none of Northern Ireland, whose postcodes are under another licence. The
official file was not at hand: this is tested on a derived sample and on made-up rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
# "" and pseudo codes such as E99999999: no small area is given.
_NOWHERE = re.compile(r"|[A-Z]99999999", re.ASCII)


def postcode_key(text: str) -> str:
    """A full postcode without spaces, in capitals: "al7 1ab" is "AL71AB"; otherwise empty."""
    joined = "".join(text.split()).upper()
    return joined if _POSTCODE.fullmatch(joined) else ""


@dataclass(frozen=True, eq=False)
class Postcodes:
    """Live postcodes in order, the small area of each, and how many rows were left out and why."""

    geography: Geography
    keys: Codes
    codes: Codes
    source: Source
    ended: int
    without_area: int
    northern_ireland: int

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
    left = {"ended": 0, "without_area": 0, "northern_ireland": 0}
    for number, row in table.rows():
        key, code = postcode_key(row[at]), row[area_at].strip()
        if not key:
            raise NeedFileError(table.file, number, f"{row[at][:20]!r} is not a postcode.")
        if ends_at is not None and row[ends_at].strip():
            left["ended"] += 1
        elif key.startswith("BT"):
            left["northern_ireland"] += 1
        elif _NOWHERE.fullmatch(code):
            left["without_area"] += 1
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
    return Postcodes(geography, as_codes(keys), codes, said, **left)


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
