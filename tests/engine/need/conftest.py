"""The real indices, look-ups and populations of ../shared/data, read in place, never copied."""

import csv
import gzip
import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from doorstep.engine.need import (
    CNI_2019,
    CNI_2023,
    IMD_2019,
    IMD_2025,
    LSOA_2011,
    LSOA_2021,
    WARD_2017,
    Figure,
    Geography,
    LookUp,
    Succession,
)

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("DOORSTEP_SHARED_DATA", ROOT.parent / "shared" / "data")) / "need"

# What the shared copies call each domain of the formulae.
DOMAINS = {
    IMD_2019.name: ("Income", "Employment", "Education", "Health", "Crime", "Housing_and_Access",
                    "Environment"),
    IMD_2025.name: ("Income", "Employment", "Education", "Health", "Crime",
                    "Housing_and_Services", "Environment"),
    CNI_2019.name: ("Civic Assets", "Connectedness", "Engaged community"),
    CNI_2023.name: ("Civic Assets Domain", "Connectedness Domain",
                    "Active and Engaged Community Domain"),
}  # fmt: skip

Columns = dict[str, list[str]]


class Real:
    """Columns of the shared files by name, and the few shapes that several tests need."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.table = cache(self._table)

    def _table(self, name: str) -> Columns:
        with gzip.open(self.folder / f"{name}.csv.gz", "rt", encoding="utf-8-sig") as stream:
            heading, *rows = csv.reader(stream)
        return {
            column: list(cells)
            for column, cells in zip(heading, zip(*rows, strict=True), strict=True)
        }

    def numbers(self, name: str, column: str) -> NDArray[np.float64]:
        return np.array(self.table(name)[column], dtype=np.float64)

    def figure(self, name: str, column: str, geography: Geography, code: str) -> Figure:
        return Figure.of(column, geography, self.table(name)[code], self.numbers(name, column))

    def look_up(
        self, name: str, small: Geography, to: Geography, columns: tuple[str, str]
    ) -> LookUp:
        table = self.table(name)
        return LookUp.of(small, to, list(zip(table[columns[0]], table[columns[1]], strict=True)))

    @property
    def imd25(self) -> str:
        return "imd2025_england_lsoa21"

    @property
    def imd19(self) -> str:
        return "imd2019_england_lsoa11_file7_rebuilt"

    def of_imd25(self, column: str) -> Figure:
        return self.figure(self.imd25, column, LSOA_2021, "lsoa21_code")

    def of_imd19(self, column: str) -> Figure:
        return self.figure(self.imd19, column, LSOA_2011, "lsoa11_code")

    def of_cni23(self, column: str) -> Figure:
        return self.figure("cni2023_england_lsoa21", column, LSOA_2021, "lsoa21_code")

    def of_cni19(self, column: str) -> Figure:
        return self.figure("cni2019_england_ward17", column, WARD_2017, "ward17_code")

    def census21(self) -> Figure:
        return self.figure(
            "population_census2021_lsoa21", "census2021_residents", LSOA_2021, "lsoa21_code"
        )

    def succession(self) -> Succession:
        table = self.table("lookup_lsoa11_lsoa21_ltla22")
        return Succession(
            LSOA_2011,
            LSOA_2021,
            np.array(table["lsoa11_code"]),
            np.array(table["lsoa21_code"]),
            np.array(table["change_code"]),
        )


@pytest.fixture(scope="session")
def real() -> Real:
    if not (SHARED / "imd2025_england_lsoa21.csv.gz").exists():
        why = f"the real indices are not there: {SHARED} (set DOORSTEP_SHARED_DATA)"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return Real(SHARED)
