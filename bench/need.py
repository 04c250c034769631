"""England whole: three indices from ranks, summed up for wards and councils, selection, shares.

One fresh process, so that its memory is its own. The bar counts what comes after import; a plain
NumPy pass over the same arrays, without one check, a name or a source, shows how far that is from
the arithmetic alone. Figures are read from ../shared/data and never copied.
"""

import csv
import gzip
import io
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("DOORSTEP_SHARED_DATA", ROOT.parent / "shared" / "data")) / "need"
RUNS = 5
BARS = "Bars: 1 s and 500 MB after import; File 7 in 5 s."
DOMAINS_2025 = ("Income", "Employment", "Education", "Health", "Crime", "Housing_and_Services",
                "Environment")  # fmt: skip
DOMAINS_2019 = ("Income", "Employment", "Education", "Health", "Crime", "Housing_and_Access",
                "Environment")  # fmt: skip
CNI = ("Civic Assets Domain", "Connectedness Domain", "Active and Engaged Community Domain")

Table = dict[str, list[str]]


def run() -> None:
    if not (SHARED / "imd2025_england_lsoa21.csv.gz").exists():
        print(f"\nNeed: skipped, {SHARED} is not there (set DOORSTEP_SHARED_DATA).")
        return
    print(f"\nNeed, one process, best of {RUNS}. {BARS}", flush=True)
    subprocess.run([sys.executable, "-m", "bench.need"], cwd=ROOT, check=True)


def main() -> None:
    print(f"{'step':<54} {'CPU s':>7} {'wall s':>7} {'MB':>6}")
    _row("read a File 7 of 33,755 rows and 56 columns", *_timed(_read_file_7(), 1))
    england, plain = _prepared()
    whole = _timed(england, RUNS)
    bare = _timed(plain, RUNS)
    _row("England whole: indices, roll-ups, selection, shares", *whole)
    _row("the same arithmetic as a plain NumPy pass", *bare)
    print(f"{'distance to the plain pass':<54} {whole[0] / bare[0]:>6.1f}x")


def _row(step: str, processor: float, wall: float, megabytes: float) -> None:
    print(f"{step:<54} {processor:>7.3f} {wall:>7.3f} {megabytes:>6.0f}", flush=True)


def _timed(act: Callable[[], Any], runs: int) -> tuple[float, float, float]:
    """The best processor time and time on the clock, and the most memory held so far."""
    processor, wall = [], []
    for _ in range(runs):
        began, busy = time.perf_counter(), time.process_time()
        act()
        processor.append(time.process_time() - busy)
        wall.append(time.perf_counter() - began)
    return min(processor), min(wall), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _table(name: str) -> Table:
    with gzip.open(SHARED / f"{name}.csv.gz", "rt", encoding="utf-8-sig") as stream:
        heading, *rows = csv.reader(stream)
    return dict(zip(heading, map(list, zip(*rows, strict=True)), strict=True))


def _read_file_7() -> Callable[[], object]:
    """The official layout with the shared copy's figures; what that lacks repeats the IMD."""
    from doorstep.engine.need import read_index
    from doorstep.engine.need.official import IOD_2025

    with gzip.open(SHARED / "iod2025_file7_official_header_sample8.csv.gz", "rt") as stream:
        heading = next(csv.reader(stream))
    table = _table("imd2025_england_lsoa21")
    census = _table("population_census2021_lsoa21")
    look = _table("lookup_lsoa21_ward24_ltla24")
    people = dict(zip(census["lsoa21_code"], census["census2021_residents"], strict=True))
    council = dict(zip(look["lsoa21_code"], look["ltla24_code"], strict=True))
    codes = table["lsoa21_code"]
    known = {IOD_2025.code: codes, IOD_2025.name: codes, IOD_2025.score: table["IMD_score"]}
    known["Local Authority District code (2024)"] = [council[code] for code in codes]
    for domain, called in zip(IOD_2025.domain_ranks, DOMAINS_2025, strict=True):
        known[IOD_2025.domain_ranks[domain]] = table[f"{called}_rank"]
        known[IOD_2025.domain_scores[domain]] = table[f"{called}_score"]
    residents = [people[code] for code in codes]
    known |= dict.fromkeys(IOD_2025.residents.values(), residents)
    columns = [known.get(one, table["IMD_rank"]) for one in heading]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([heading, *zip(*columns, strict=True)])
    data = text.getvalue().encode()
    return lambda: read_index(data, expect="IMD 2025")


def _prepared() -> tuple[Callable[[], object], Callable[[], object]]:
    """Everything as figures, as an import leaves it: then what the bar counts, twice."""
    from doorstep.engine.need import (
        CNI_2023,
        IMD_2019,
        IMD_2025,
        LSOA_2011,
        LSOA_2021,
        Figure,
        Geography,
        LookUp,
    )

    def figures(file: str, code: str, place: Geography, index: Any, called: Any, end: str) -> Any:
        table = _table(file)
        return {
            domain: Figure.of(
                domain, place, table[code], np.array(table[f"{name}{end}"], dtype=int)
            )
            for domain, name in zip(index.weights, called, strict=True)
        }

    raw = {
        IMD_2025.name: figures("imd2025_england_lsoa21", "lsoa21_code", LSOA_2021, IMD_2025,
                          DOMAINS_2025, "_rank"),
        IMD_2019.name: figures("imd2019_england_lsoa11_file7_rebuilt", "lsoa11_code", LSOA_2011,
                          IMD_2019, DOMAINS_2019, "_rank"),
        CNI_2023.name: figures("cni2023_england_lsoa21", "lsoa21_code", LSOA_2021, CNI_2023, CNI,
                          " Rank"),
    }  # fmt: skip
    census = _table("population_census2021_lsoa21")
    old = _table("imd2019_england_lsoa11_file7_rebuilt")
    residents = Figure.of("residents", LSOA_2021, census["lsoa21_code"],
                          np.array(census["census2021_residents"], dtype=int))  # fmt: skip
    before = Figure.of("residents", LSOA_2011, old["lsoa11_code"],
                       np.array(old["pop_total_mid2015"], dtype=int))  # fmt: skip
    look = _table("lookup_lsoa21_ward24_ltla24")
    msoas = _table("lookup_lsoa21_msoa21_lad22_rgn22")
    then = _table("lookup_lsoa11_ltla19")

    def look_up(small: Geography, to: Geography, table: Table, columns: tuple[str, str]) -> LookUp:
        return LookUp.of(small, to, list(zip(table[columns[0]], table[columns[1]], strict=True)))

    wards = look_up(LSOA_2021, Geography("ward", 2024), look, ("lsoa21_code", "ward24_code"))
    councils = look_up(LSOA_2021, Geography("council", 2024), look, ("lsoa21_code", "ltla24_code"))
    places = look_up(LSOA_2021, Geography("MSOA", 2021), msoas, ("lsoa21cd", "msoa21cd"))
    old_councils = look_up(LSOA_2011, Geography("council", 2019), then,
                           ("lsoa11_code", "ltla19_code"))  # fmt: skip
    everything = _england(raw, residents, before, wards, councils, places, old_councils)
    return everything, _plain(raw, residents, wards, councils, places, before, old_councils)


def _england(
    raw: Any, residents: Any, before: Any, wards: Any, councils: Any, places: Any, old_councils: Any
) -> Callable[[], object]:
    from datetime import date

    from doorstep.engine.need import (
        CNI_2023,
        IMD_2019,
        IMD_2025,
        INDICES,
        Sharer,
        ShareRule,
        programme,
        roll_up,
        select,
        share_out,
    )

    def act() -> object:
        scored = {name: INDICES[name].figures(ranks) for name, ranks in raw.items()}
        rolled = {}
        for index, people, targets in (
            (IMD_2025, residents, (wards, councils, places)),
            (CNI_2023, residents, (wards, councils, places)),
            (IMD_2019, before, (old_councils,)),
        ):
            score, rank = scored[index.name].score, scored[index.name].rank
            for target in targets:
                rolled[index.name, target.to] = roll_up(score, rank, people, target, index.areas)
        unit = places.to
        ranks = {
            name: rolled[name, unit].figure("average_score").ranked()
            for name in ("IMD 2025", "CNI 2023")
        }
        people_there = rolled["IMD 2025", unit].figure("residents")
        outcome = select(programme("cwf", date(2026, 11, 28)), ranks, people_there)
        need = rolled["IMD 2025", unit].figure("average_score")
        sharers = [
            Sharer(code, round(people_there.at(code)), need.at(code)) for code in outcome.codes
        ]
        return share_out(17_500_000_000, sharers, ShareRule(kind="need_weighted"))

    return act


def _plain(raw: Any, residents: Any, wards: Any, councils: Any, places: Any, before: Any,
           old_councils: Any) -> Callable[[], object]:  # fmt: skip
    """The same sums on arrays that are already in order: what nobody could do without."""
    from doorstep.engine.need import CNI_2023, IMD_2019, IMD_2025

    given = []
    for index, people, targets in (
        (IMD_2025, residents, (wards, councils, places)),
        (CNI_2023, residents, (wards, councils, places)),
        (IMD_2019, before, (old_councils,)),
    ):
        figures = raw[index.name]
        areas = next(iter(figures.values())).areas
        groups = [(one.groups(areas).group, len(one.groups(areas))) for one in targets]
        ranks = [(weight, figures[domain].values) for domain, weight in index.weights.items()]
        given.append((ranks, people.on(areas).astype(float), groups))

    def act() -> object:
        total = 0.0
        for ranks, people, groups in given:
            of = len(people)
            score = sum(
                weight * -23 * np.log1p((of + 1 - rank) / of * np.expm1(-100 / 23))
                for weight, rank in ranks
            )
            order = np.searchsorted(np.sort(-score), -score) + 1
            percentile = -(-order * 100 // of)
            extent = np.where(percentile <= 10, 1.0, np.where(percentile <= 30, 0.5, 0.0))
            for group, count in groups:
                worst = np.lexsort((order, group))
                np.cumsum(people[worst])
                for values in (score, order, extent, percentile <= 10):
                    sums = np.bincount(group, weights=values * people, minlength=count)
                    total += (sums / np.bincount(group, weights=people, minlength=count)).sum()
        return total

    return act


if __name__ == "__main__":
    main()
