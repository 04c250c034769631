"""Official layouts are read as published, with source, licence, year and checksum; anything else is
refused with its row. Official files are rebuilt here from the shared copies of their figures."""

import csv
import gzip
import hashlib
import io
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from doorstep.engine.need import (
    LSOA_2011,
    LSOA_2021,
    MSOA_2021,
    Geography,
    How,
    IndexFile,
    NeedError,
    NeedFileError,
    read_boundaries,
    read_changes,
    read_index,
    read_look_up,
    read_postcodes,
    read_residents,
)
from doorstep.engine.need.official import IOD_2019, Layout

from .conftest import Real

COUNCIL_2024 = Geography("council", 2024)


def written(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def sample(real: Real) -> list[list[str]]:
    path = real.folder / "iod2025_file7_official_header_sample8.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig") as stream:
        return list(csv.reader(stream))


def official(
    real: Real, layout: Layout, table: dict[str, list[str]], called: dict[str, str]
) -> bytes:
    """A file under the official headings from a shared copy's columns."""
    columns = {layout.code: table[called["code"]], layout.name: table[called["name"]]}
    if layout.council:
        columns[layout.council[0]] = table[called["council"]]
    columns[layout.score], columns[layout.rank] = table["IMD_score"], table["IMD_rank"]
    for domain in layout.domain_ranks:
        columns[layout.domain_ranks[domain]] = table[f"{called[domain]}_rank"]
        columns[layout.domain_scores[domain]] = table[f"{called[domain]}_score"]
    for group, heading in layout.residents.items():
        columns[heading] = table[called[group]]
    return written([list(columns), *map(list, zip(*columns.values(), strict=True))])


CALLED = {
    "Income": "Income", "Employment": "Employment", "Education": "Education", "Health": "Health",
    "Crime": "Crime", "Living environment": "Environment",
}  # fmt: skip


def file7_2019(real: Real) -> bytes:
    called = CALLED | {
        "code": "lsoa11_code", "name": "lsoa11_name", "council": "ltla19_code",
        "Barriers": "Housing_and_Access", "all": "pop_total_mid2015", "children": "pop_0_15",
        "older": "pop_60plus", "working age": "pop_working_age",
    }  # fmt: skip
    return official(real, IOD_2019, real.table(real.imd19), called)


def test_the_official_sample_of_2025(real: Real) -> None:
    path = real.folder / "iod2025_file7_official_header_sample8.csv.gz"
    found = read_index(path, partial=True, expect="IMD 2025")
    assert found.index.name == "IMD 2025"
    assert len(found.areas) == 8
    assert found.areas.geography == LSOA_2021
    assert found.names["E01000001"] == "City of London 001A"
    assert found.residents["all"].at("E01000001") == 1795
    assert found.residents["working age"].at("E01000001") == 1248
    assert found.domain_scores["Health"].at("E01000001") == -1.771
    assert found.councils is not None
    assert found.councils.to == COUNCIL_2024
    source = found.score.source
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert source.line == (
        "English Indices of Deprivation 2025, File 7. Ministry of Housing, Communities and Local "
        "Government. Open Government Licence v3.0"
    )
    assert (source.year, source.file) == (2025, path.name)
    assert not found.whole


def test_file_7_of_2019_whole(real: Real, tmp_path: Path) -> None:
    path = tmp_path / "File_7.csv"
    path.write_bytes(b"\xef\xbb\xbf" + file7_2019(real))
    seen: list[int] = []
    found = read_index(path, progress=seen.append)
    assert found.whole
    assert len(found.areas) == 32_844
    assert found.residents["all"].values.sum() == 54_728_204
    assert np.array_equal(found.rank.values, real.numbers(real.imd19, "IMD_rank"))
    assert seen[-1] == 32_845
    assert seen == sorted(seen)
    # Read again, it is the same figures under the same checksum.
    again = read_index(path)
    assert again.source == found.source
    assert np.array_equal(again.score.values, found.score.values)


def test_community_need_files(real: Real) -> None:
    for name, index, areas in (
        ("cni2019_england_ward17", "CNI 2019", 7_433),
        ("cni2023_england_lsoa21", "CNI 2023", 33_755),
    ):
        found = read_index(real.folder / f"{name}.csv.gz", expect=index)
        assert (found.index.name, len(found.areas)) == (index, areas)
        assert "no open licence" in found.source.licence


@pytest.fixture
def eight(real: Real) -> Callable[..., IndexFile]:
    """Read the sample with one cell, or the whole list of rows, changed."""

    def read(change: Callable[[list[list[str]]], None], **asked: object) -> IndexFile:
        rows = sample(real)
        change(rows)
        return read_index(written(rows), name="File_7.csv", **{"partial": True, **asked})  # type: ignore[arg-type]

    return read


def put(row: int, column: int, value: str) -> Callable[[list[list[str]]], None]:
    def change(rows: list[list[str]]) -> None:
        rows[row][column] = value

    return change


def swap(first: int, second: int) -> Callable[[list[list[str]]], None]:
    def change(rows: list[list[str]]) -> None:
        for row in rows[1:]:
            row[first], row[second] = row[second], row[first]

    return change


# Columns of the official file: 0 code, 2 council, 4 score, 5 rank, 8 income rank, 52 population.
@pytest.mark.parametrize(
    ("change", "row", "why"),
    [
        (put(3, 0, "E01000001"), 4, "E01000001 stands in row 2 already"),
        (put(3, 0, ""), 4, "“LSOA code (2021)” is empty"),
        (put(3, 0, "E02000001"), 4, "'E02000001', which is not a code of LSOA 2021"),
        (put(2, 2, "Hull"), 3, "'Hull', which is not a code of council 2024"),
        (put(2, 8, "33,730"), 3, "'33,730', which is not a whole number"),
        (put(2, 8, "0"), 3, "is 0: a rank runs from 1 to 33,755"),
        (put(2, 8, "33756"), 3, "is 33,756: a rank runs from"),
        (put(2, 8, ""), 3, "is empty"),
        (put(4, 4, "n/a"), 5, "'n/a', which is not a number"),
        (put(4, 4, "nan"), 5, "'nan', which is not a number"),
        (put(4, 4, "1e3"), 5, "'1e3', which is not a number"),
        (put(5, 52, "0"), 6, "“Total population: mid 2022” is 0: no area is without people"),
        (put(5, 52, "-5"), 6, "'-5', which is not a number of people"),
        (put(0, 5, "Rank"), 1, "there is no column “Index of Multiple Deprivation (IMD) Rank"),
        (put(0, 52, "Total population: mid 2021"), 1, "no column “Total population: mid 2022”"),
        (put(0, 9, "Income Rank (where 1 is most deprived)"), 1, "stands twice"),
        (put(0, 0, "Area"), 1, "not the headings of a file known here"),
        # Income and employment weigh the same: only the scores beside the ranks give it away.
        (swap(8, 11), 6, "are two columns mixed up?"),
        (swap(8, 14), 6, "are two columns mixed up?"),
        (swap(5, 8), 6, "are two columns mixed up?"),
        (lambda rows: rows[4].pop(), 5, "has 55 cells under 56 headings"),
        (lambda rows: rows.insert(4, []), 5, "is blank, and rows follow it"),
        (lambda rows: rows.__delitem__(slice(1, None)), 2, "no rows under them"),
        (lambda rows: rows.clear(), 1, "is empty: it has no headings"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_with_its_number(
    eight: Callable[..., IndexFile], change: Callable[[list[list[str]]], None], row: int, why: str
) -> None:
    with pytest.raises(NeedFileError) as refused:
        eight(change)
    assert why in str(refused.value)
    assert str(refused.value).startswith(f"File_7.csv:{refused.value.row}: ")
    if "mixed up" not in why:
        assert refused.value.row == row


def test_the_wrong_edition_and_a_part_of_a_country(eight: Callable[..., IndexFile]) -> None:
    with pytest.raises(NeedFileError, match="this is IMD 2025, and IMD 2019 was asked for"):
        eight(lambda rows: None, expect="IMD 2019")
    with pytest.raises(NeedFileError, match="there are 8 areas, and IMD 2025 has 33,755"):
        eight(lambda rows: None, partial=False)


def test_ranks_of_a_whole_country_with_a_gap(real: Real) -> None:
    rows = list(csv.reader(io.StringIO(file7_2019(real).decode())))
    at = rows[0].index(IOD_2019.domain_ranks["Crime"])
    rows[500][at] = rows[501][at]
    with pytest.raises(NeedFileError, match=r"IMD 2019, Crime, rank .* stands where rank"):
        read_index(written(rows))


def test_what_is_no_csv_is_refused(tmp_path: Path) -> None:
    cases = {
        b"PK\x03\x04 and so on": "a spreadsheet or a zip",
        b"\x1f\x8b broken": "cannot be unpacked",
        b"LSOA code (2021),\xff\xfe\n": "not UTF-8 text",
        b"a,b\x00\n1,2\n": "zero byte",
        b'a,"b\n1,2\n': "unexpected end of data",
        b"a" * 300_000: "longer than any file",
        b",".join([b"c"] * 600) + b"\n": "over 500 columns",
        b"": "the file is empty",
    }
    for data, why in cases.items():
        with pytest.raises(NeedFileError, match=why):
            read_index(data)
    with pytest.raises(NeedFileError, match=r"nowhere\.csv:0: cannot be opened"):
        read_index(tmp_path / "nowhere.csv")
    with pytest.raises(NeedFileError, match="cannot be opened"):
        read_index(tmp_path)


def test_look_ups_of_the_ons(real: Real) -> None:
    wards = read_look_up(
        real.folder / "lookup_lsoa21_ward24_ltla24.csv.gz", LSOA_2021, Geography("ward", 2024)
    )
    assert wards.inside[wards.areas.positions(np.array(["E01012049"]), "it")[0]] == "E05009861"
    assert wards.source.publisher == "Office for National Statistics"
    path = real.folder / "lookup_lsoa21_msoa21_lad22_rgn22.csv.gz"
    assert len(read_look_up(path, LSOA_2021, Geography("region", 2022)).areas) == 35_672
    # The same pair twice says nothing new: an MSOA lies in one council, said once for each LSOA.
    councils = read_look_up(path, MSOA_2021, Geography("council", 2022))
    assert len(councils.areas) == 7_264
    assert "rows say what another row says" in councils.source.note
    with pytest.raises(NeedFileError, match="no codes of ward 2024; those found: LSOA 2021, MSOA"):
        read_look_up(path, LSOA_2021, Geography("ward", 2024))


def test_a_look_up_that_maps_an_area_twice_is_refused_with_its_row() -> None:
    data = b"LSOA21CD,WD24CD\nE01000001,E05000001\nE01000002,E05000001\nE01000001,E05000002\n"
    with pytest.raises(NeedFileError, match="into E05000001 and again into E05000002") as refused:
        read_look_up(data, LSOA_2021, Geography("ward", 2024))
    assert refused.value.row == 4


def test_the_list_of_changes(real: Real) -> None:
    changes = read_changes(real.folder / "lookup_lsoa11_lsoa21_ltla22.csv.gz")
    carried = changes.carry(real.of_imd19("IMD_score"), real.of_imd19("pop_total_mid2015"))
    assert carried.loss.areas[How.UNCHANGED] == 31_810
    with pytest.raises(NeedFileError, match="no column “CHNGIND”"):
        read_changes(b"LSOA11CD,LSOA21CD\nE01000001,E01000001\n")
    with pytest.raises(NeedFileError, match="2: a change is U, S, M or X, not 'Q'"):
        read_changes(b"LSOA11CD,LSOA21CD,CHNGIND\nE01000001,E01000001,Q\n")
    with pytest.raises(NeedFileError, match="listed as U and has more than one newer"):
        read_changes(b"LSOA11CD,LSOA21CD,CHGIND\nE01000001,E01000001,U\nE01000001,E01000002,U\n")


def test_residents_from_a_chosen_column(real: Real) -> None:
    path = real.folder / "population_census2021_lsoa21.csv.gz"
    found = read_residents(path, LSOA_2021, "census2021_residents", year=2021)
    assert found.at("E01000001") == 1474
    assert found.source.year == 2021
    old = real.folder / "population_mid2019_mid2020_lsoa11.csv.gz"
    assert read_residents(old, LSOA_2011, "pop2020", year=2020).at("E01000001") == 1749
    with pytest.raises(NeedFileError, match="no codes of LSOA 2021; those found: LSOA 2011"):
        read_residents(old, LSOA_2021, "pop2020", year=2020)
    commas = b'LSOA21CD,Total\nE01000001,"1,474"\nE01000002,999\n'
    assert read_residents(commas, LSOA_2021, "total", year=2021).values.tolist() == [1474, 999]
    with pytest.raises(
        NeedFileError, match="3: “Total” is '14,74', which is not a number of people"
    ):
        read_residents(
            b'LSOA21CD,Total\nE01000001,1\nE01000002,"14,74"\n', LSOA_2021, "Total", year=2021
        )


def test_postcodes_in_the_directory_s_layout(real: Real) -> None:
    found = read_postcodes(real.folder / "postcode_sample_3000.csv.gz", LSOA_2011, year=2022)
    assert len(found.keys) == 2_949
    assert found.area_of("al1 1ag") == "E01023741"
    assert found.area_of("ZZ1 1ZZ") is None
    assert "Royal Mail" in found.source.licence
    data = (
        b"pcd,pcds,dointr,doterm,lsoa11,lsoa21\n"
        b"ZA1 1AA,ZA1 1AA,198001,,E01000009,E01000001\n"
        b"ZA1 1AB,ZA1 1AB,198001,200512,E01000009,E01000001\n"
        b"BT1 1AA,BT1 1AA,198001,,95GG01S1,95GG01S1\n"
        b"GY1 1AA,GY1 1AA,198001,,L99999999,L99999999\n"
    )
    made_up = read_postcodes(data, LSOA_2021, year=2026)
    assert made_up.area_of("ZA11AA") == "E01000001"
    assert (made_up.ended, made_up.northern_ireland, made_up.without_area) == (1, 1, 1)
    for typed in ("ZA1", "", "Mill Lane", "ZA1 1A"):
        with pytest.raises(NeedError, match="is not a full postcode"):
            made_up.area_of(typed)
    for change, why in (
        (
            (b"E01000009,E01000001\nZA1 1AB", b"E01000009,E0100\nZA1 1AB"),
            "2: 'E0100' is not a code",
        ),
        ((b",198001,200512", b",198001,"), "3 codes"),
        ((b"ZA1 1AB,ZA1 1AB,198001,200512", b"ZA1 1AA,ZA1 1AA,198001,"), "3: ZA1 1AA stands twice"),
        ((b"ZA1 1AA,ZA1 1AA", b"ZA1 1AA,ZA1"), "2: 'ZA1' is not a postcode"),
        ((b"pcd,pcds", b"a,b"), "no column for a postcode"),
        ((b"lsoa21", b"lsoa31"), "no column for a code of LSOA 2021"),
    ):
        if why == "3 codes":
            assert len(read_postcodes(data.replace(*change), LSOA_2021, year=2026).keys) == 2
            continue
        with pytest.raises(NeedFileError, match=why):
            read_postcodes(data.replace(*change), LSOA_2021, year=2026)


def test_boundaries_of_the_296_councils(real: Real) -> None:
    path = real.folder / "boundaries_ltla24_england.geojson"
    found = read_boundaries(path, COUNCIL_2024)
    assert len(found.areas) == 296
    assert found.names[0] == "Hartlepool"
    assert "Crown copyright" in found.source.licence
    # Manchester town hall, Truro cathedral, the Irish Sea.
    assert found.area_at(-2.2446, 53.4795) == "E08000003"
    assert found.area_at(-5.0510, 50.2641) == "E06000052"
    assert found.area_at(-4.5, 53.9) is None
    left_behind = read_boundaries(
        real.folder / "leftbehind225_ward17_dissolved_lsoa11.geojson", Geography("ward", 2017)
    )
    assert len(left_behind.areas) == 225


SQUARE = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
    '{"WD24CD":"E05000001","WD24NM":"Made up"},"geometry":{"type":"Polygon","coordinates":'
    "[[[0,51],[1,51],[1,52],[0,52],[0,51]],[[0.4,51.4],[0.6,51.4],[0.6,51.6],[0.4,51.6],"
    "[0.4,51.4]]]}}]}"
)
WARD = Geography("ward", 2024)


def test_a_hole_is_no_part_of_its_area() -> None:
    found = read_boundaries(SQUARE.encode(), WARD)
    assert found.names == ("Made up",)
    assert found.area_at(0.2, 51.5) == "E05000001"
    assert found.area_at(0.5, 51.5) is None
    assert found.area_at(1.2, 51.5) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("{", "["), "is not JSON"),
        (("FeatureCollection", "Feature"), "not a GeoJSON FeatureCollection"),
        (("E05000001", "Made up"), "which property is the code"),
        (('"Polygon"', '"Point"'), "not 'Point'"),
        (("[0,51]]", "[0,50]]"), "does not close"),
        (("[1,52]", "[1,null]"), "is not two numbers"),
        (("[1,52]", '["1",52]'), "is not two numbers"),
        (("[1,52]", "[1]"), "is not two numbers"),
        (("[1,52]", "[530000,180000]"), "longitude comes first"),
        (("[0,51],[1,51],[1,52],[0,52],[0,51]", "[51,0],[51,1],[52,1],[51,0]"),
         "outside the United"),
        (('"features"', '"crs":{"properties":{"name":"EPSG:27700"}},"features"'), "WGS84 version"),
        (('"features":[', '"features":[7,'), "no properties"),
        (("[1,52]", "[1,1e999]"), "is endless"),
    ],
)  # fmt: skip
def test_outlines_that_are_none_are_refused(change: tuple[str, str], why: str) -> None:
    assert change[0] in SQUARE
    with pytest.raises(NeedFileError, match=why):
        read_boundaries(SQUARE.replace(*change, 1).encode(), WARD)


def test_a_file_changed_at_random_is_read_or_refused_and_nothing_else(real: Real) -> None:
    """Every mutation ends as figures or as one line with a row; the seed is fixed."""
    chance = random.Random(20261128)
    readers: list[tuple[bytes, Callable[[bytes], object]]] = [
        (written(sample(real)), lambda data: read_index(data, partial=True)),
        (SQUARE.encode(), lambda data: read_boundaries(data, WARD)),
        (
            b"LSOA11CD,LSOA21CD,CHNGIND\nE01000001,E01000001,U\nE01000002,E01000003,S\n",
            read_changes,
        ),
        (
            b"pcds,doterm,lsoa21\nZA1 1AA,,E01000001\nZA1 1AB,202001,E01000001\n",
            lambda data: read_postcodes(data, LSOA_2021, year=2026),
        ),
    ]
    bits = [b"", b'"', b",", b"\n", b"\r", b"\x00", b"\xff", b"-1", b"9" * 40, b"[", b"{", b"nan"]
    refused: list[str] = []
    for data, read in readers:
        for _ in range(400):
            at = chance.randrange(len(data))
            cut = at + chance.choice((0, 1, 2, 9, 200))
            changed = data[:at] + chance.choice(bits) + data[cut:]
            try:
                read(changed)
            except NeedFileError as refusal:
                refused.append(str(refusal))
    assert len(refused) > 400
    assert all("\n" not in said and len(said) <= 500 for said in refused)
