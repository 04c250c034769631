"""GeoParquet is read like GeoJSON; what is wrong in it is refused with the number of the area."""

import io
import json
from contextlib import suppress

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as some

from doorstep.engine.need import MSOA_2021, NeedFileError, read_boundaries

SQUARE = shapely.Polygon([(-1.5, 53.0), (-1.4, 53.0), (-1.4, 53.1), (-1.5, 53.0)])
GEO = {"primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}


def packed(outlines: list[object], geo: object = GEO, **columns: list[str]) -> bytes:
    written = [one.wkb if isinstance(one, shapely.Geometry) else one for one in outlines]
    codes = [f"E0200000{number}" for number in range(1, len(written) + 1)]
    table = pyarrow.table(
        {"MSOA21CD": codes, "MSOA21NM": ["North"] * len(codes), "geometry": written} | columns
    )
    told = table.replace_schema_metadata({"geo": json.dumps(geo)} if geo else None)
    out = io.BytesIO()
    pyarrow.parquet.write_table(told, out)
    return out.getvalue()


def test_an_outline_is_the_same_from_either_form():
    found = read_boundaries(packed([SQUARE]), MSOA_2021)
    feature = {
        "type": "Feature",
        "properties": {"MSOA21CD": "E02000001", "MSOA21NM": "North"},
        "geometry": json.loads(shapely.to_geojson(SQUARE)),
    }
    same = read_boundaries(
        json.dumps({"type": "FeatureCollection", "features": [feature]}).encode(), MSOA_2021
    )
    assert found.names == same.names == ("North",)
    assert np.array_equal(found.shapes[0][0][0], same.shapes[0][0][0])
    assert found.area_at(-1.41, 53.01) == "E02000001"


def test_the_real_file_of_6_856_areas(real):
    found = read_boundaries(real.folder / "boundaries_msoa21_england.parquet", MSOA_2021)
    assert len(found.areas) == 6_856
    assert found.area_at(-1.4659, 53.3811) is not None  # the middle of Sheffield


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (packed([SQUARE], geo=None), ":0: is not GeoParquet"),
        (packed([SQUARE], geo={"primary_column": "geometry"}), ":0: is not GeoParquet"),
        (packed([SQUARE], geo=GEO | {"primary_column": "other"}), ":0: is not GeoParquet"),
        (packed([SQUARE, b"no outline"]), ":2: its outline is not well-known binary"),
        (packed([SQUARE, None]), ":2: an area is a Polygon or MultiPolygon"),
        (packed([shapely.Point(-1.5, 53.0)]), ":1: an area is a Polygon or MultiPolygon"),
        (packed([shapely.box(4e5, 4e5, 5e5, 5e5)]), ":1: a point at .* is outside"),
        (packed([SQUARE], MSOA21CD=["North"]), "which property is the code"),
        (packed([]), ":0: holds no features"),
        (
            packed(
                [SQUARE],
                geo={
                    "primary_column": "geometry",
                    "columns": {"geometry": {"encoding": "WKB", "crs": {"id": {"code": 27700}}}},
                },
            ),
            ":0: is not in longitude and latitude",
        ),
        (packed([SQUARE])[:-20], ":0: is no sound Parquet file"),
        (b"PAR1", ":0: is no sound Parquet file"),
    ],
)
def test_what_is_wrong_is_named(data, why):
    with pytest.raises(NeedFileError, match=why):
        read_boundaries(data, MSOA_2021, name="wards.parquet")


@given(at=some.integers(0, 2_000), byte=some.integers(0, 255))
def test_any_changed_byte_is_read_or_refused(at, byte):
    whole = bytearray(packed([SQUARE]))
    whole[at % len(whole)] = byte
    with suppress(NeedFileError):
        assert len(read_boundaries(bytes(whole), MSOA_2021).areas) == 1
