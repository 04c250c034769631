"""Boundaries from GeoParquet 1.1: a table with one row for each area, its outline as WKB.

Needs the extra `geo` (pyarrow and shapely). It only unpacks: what it gives are GeoJSON features,
and boundaries.py looks at those as at any other.
"""

from __future__ import annotations

import io
import json
from typing import Any, Final

from .errors import NeedFileError

MAGIC: Final = b"PAR1"
MOST_ROWS: Final = 500_000


def features_of(file: str, data: bytes) -> list[Any]:
    """The rows as GeoJSON features. Raises NeedFileError; its row is the area's number, from 1."""
    try:
        import pyarrow
        import pyarrow.parquet
        import shapely
    except ImportError:
        raise NeedFileError(
            file, 0, "GeoParquet needs pyarrow and shapely: install the extra “geo”, or take the "
            "GeoJSON version.", "extra",
        ) from None  # fmt: skip
    try:
        parquet = pyarrow.parquet.ParquetFile(io.BytesIO(data))
        if parquet.metadata.num_rows > MOST_ROWS:
            raise NeedFileError(file, 0, f"there are over {MOST_ROWS:,} areas in it.")
        table = parquet.read()
        column = _outlines(file, table.schema.metadata or {}, table.column_names)
        outlines = table.column(column).to_pylist()
        names = table.drop_columns([column]).to_pylist()
    except NeedFileError:
        raise
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as problem:
        raise NeedFileError(file, 0, f"is no sound Parquet file ({str(problem)[:80]}).") from None
    features = []
    for number, (properties, packed) in enumerate(zip(names, outlines, strict=True), start=1):
        try:
            shape = shapely.from_wkb(packed)
        except (shapely.errors.ShapelyError, TypeError):
            raise NeedFileError(file, number, "its outline is not well-known binary.") from None
        geometry = None if shape is None else json.loads(shapely.to_geojson(shape))
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    if not features:
        raise NeedFileError(file, 0, "holds no features.")
    return features


def _outlines(file: str, metadata: dict[bytes, bytes], columns: list[str]) -> str:
    """The column with the outlines, as the file's own description names it."""
    try:
        told = json.loads(metadata[b"geo"])
        column = str(told["primary_column"])
        described = told["columns"][column]
        encoding, system = described["encoding"], described.get("crs", "OGC:CRS84")
    except (KeyError, ValueError, TypeError, AttributeError):
        raise NeedFileError(
            file, 0, "is not GeoParquet: it does not say where outlines stand."
        ) from None
    if column not in columns or encoding != "WKB":
        raise NeedFileError(file, 0, "its outlines are not well-known binary (WKB).")
    if not _is_degrees(system):
        raise NeedFileError(
            file, 0, "is not in longitude and latitude: download the WGS84 version.", "grid"
        )
    return column


def _is_degrees(system: Any) -> bool:
    """CRS84 or EPSG 4326, which GeoParquet writes with longitude first, too."""
    if isinstance(system, dict):
        system = f"{system.get('id', {})} {system.get('name', '')}"
    return any(mark in str(system) for mark in ("CRS84", "4326", "WGS 84"))
