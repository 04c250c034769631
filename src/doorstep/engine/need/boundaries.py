"""Boundaries from GeoJSON (RFC 7946) or GeoParquet: longitude and latitude, one feature an area."""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from . import geoparquet
from .errors import NeedError, NeedFileError
from .geography import Areas, Geography, Source
from .ons import OGL
from .table import Input, as_codes, bytes_of, unpacked
from .transform import Floats

# Well around the United Kingdom: grid metres, or latitude before longitude, fall outside.
WEST, SOUTH, EAST, NORTH = -9.5, 49.0, 2.5, 61.5
MOST_POINTS: Final = 20_000_000
LICENCE: Final = f"{OGL}. Contains OS data © Crown copyright and database right"
_CODE = re.compile(r"[EWSNKJ][0-9]{8}", re.ASCII)

Ring = NDArray[
    np.float64
]  # shape (points, 2): longitude, latitude; the first point again at the end
Polygon = tuple[Ring, ...]  # the outline, then its holes


@dataclass(frozen=True, eq=False)
class Boundaries:
    """The polygons of each of `areas`, in their order, and the box around each."""

    areas: Areas
    names: tuple[str, ...]
    shapes: tuple[tuple[Polygon, ...], ...]
    boxes: Floats  # shape (areas, 4): west, south, east, north
    source: Source

    def area_at(self, longitude: float, latitude: float) -> str | None:
        """The code of the area a point lies in, or None. On a line, either side may answer."""
        box = self.boxes
        near = (
            (box[:, 0] <= longitude)
            & (box[:, 1] <= latitude)
            & (longitude <= box[:, 2])
            & (latitude <= box[:, 3])
        )
        for place in np.flatnonzero(near):
            rings = (ring for polygon in self.shapes[place] for ring in polygon)
            # Even-odd over all rings: a hole takes away what its outline gave.
            if sum(_crossings(ring, longitude, latitude) for ring in rings) % 2:
                return str(self.areas.codes[place])
        return None


def _crossings(ring: Ring, longitude: float, latitude: float) -> int:
    """How often a line from the point to the east crosses the ring."""
    x, y = ring[:-1, 0], ring[:-1, 1]
    next_x, next_y = ring[1:, 0], ring[1:, 1]
    crosses = (y > latitude) != (next_y > latitude)
    x, y, next_x, next_y = x[crosses], y[crosses], next_x[crosses], next_y[crosses]
    return int((longitude < x + (latitude - y) / (next_y - y) * (next_x - x)).sum())


def read_boundaries(
    source: Input,
    geography: Geography,
    *,
    code: str | None = None,
    name: str | None = None,
) -> Boundaries:
    """Read a GeoJSON or GeoParquet file of areas, such as the ONS's generalised ones in WGS84.

    `code` is the property with the area's code; by default the one property whose values all look
    like codes. Raises NeedFileError (its row is the feature's number, from 1) for grid
    coordinates, a ring that does not close, an area twice, or anything else than polygons.
    """
    file, data = bytes_of(source, name)
    packed = data.startswith(geoparquet.MAGIC)
    features = (
        geoparquet.features_of(file, data) if packed else _features(file, unpacked(file, data))
    )
    properties = [_properties(file, number, one) for number, one in enumerate(features, start=1)]
    key = code or _code_property(file, properties)
    codes = [str(one.get(key, "")) for one in properties]
    for number, found in enumerate(codes, start=1):
        if not _CODE.fullmatch(found):
            raise NeedFileError(
                file, number, f"“{key}” is {found[:40]!r}, which is no code.", "code"
            )
    try:
        areas = Areas(geography, as_codes(codes))
    except NeedError as problem:
        raise NeedFileError(file, 0, problem.what, problem.code) from None
    shapes = tuple(_shape(file, number, one) for number, one in enumerate(features, start=1))
    if sum(len(ring) for shape in shapes for polygon in shape for ring in polygon) > MOST_POINTS:
        raise NeedFileError(
            file, 0, f"there are over {MOST_POINTS:,} points: use generalised ones."
        )
    boxes = np.array([_box(shape) for shape in shapes])
    said = Source(
        title=f"Boundaries of {geography}, generalised",
        publisher="Office for National Statistics",
        licence=LICENCE,
        year=geography.year,
        file=file,
        sha256=hashlib.sha256(data).hexdigest(),
    )
    names = tuple(_name(one, key) for one in properties)
    return Boundaries(areas, names, shapes, boxes, said)


def _features(file: str, data: bytes) -> list[Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise NeedFileError(file, 0, f"is not JSON ({str(problem)[:80]}).") from None
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise NeedFileError(file, 0, "is not a GeoJSON FeatureCollection.")
    system = json.dumps(found.get("crs", ""))
    if "crs" in found and not re.search(r"CRS84|4326", system):
        raise NeedFileError(
            file, 0, "is not in longitude and latitude: download the WGS84 version.", "grid"
        )
    features = found.get("features")
    if not isinstance(features, list) or not features:
        raise NeedFileError(file, 0, "holds no features.")
    return features


def _properties(file: str, number: int, feature: Any) -> dict[str, Any]:
    given = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(given, dict):
        raise NeedFileError(file, number, "the feature has no properties.")
    return given


def _code_property(file: str, properties: list[dict[str, Any]]) -> str:
    fitting = [
        key
        for key in properties[0]
        if all(_CODE.fullmatch(str(one.get(key, ""))) for one in properties)
    ]
    # A ward file may also name each ward's council: those codes repeat.
    once = [key for key in fitting if len({one[key] for one in properties}) == len(properties)]
    if len(once or fitting) != 1:
        raise NeedFileError(
            file, 1, f"which property is the code? {', '.join(map(str, properties[0]))[:120]}.",
            "column",
        )  # fmt: skip
    return (once or fitting)[0]


def _name(properties: dict[str, Any], key: str) -> str:
    """The name that stands beside the code, as the ONS and others head it."""
    for ending, other in (("CD", "NM"), ("cd", "nm"), ("code", "name")):
        if key.endswith(ending) and isinstance(properties.get(key[: -len(ending)] + other), str):
            return str(properties[key[: -len(ending)] + other])
    return ""


def _shape(file: str, number: int, feature: Any) -> tuple[Polygon, ...]:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise NeedFileError(
            file, number, f"an area is a Polygon or MultiPolygon, not {kind!r:.40}."
        )
    parts = geometry.get("coordinates")
    polygons = [parts] if kind == "Polygon" else parts
    if not isinstance(polygons, list) or not polygons:
        raise NeedFileError(file, number, "the area has no outline.")
    return tuple(_polygon(file, number, one) for one in polygons)


def _polygon(file: str, number: int, rings: Any) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise NeedFileError(file, number, "the area has no outline.")
    return tuple(_ring(file, number, one) for one in rings)


def _ring(file: str, number: int, points: Any) -> Ring:
    try:
        flat = [(one[0], one[1]) for one in points]
        if any(type(value) not in (int, float) for point in flat for value in point):
            raise TypeError
        ring = np.array(flat, dtype=np.float64)
    except (TypeError, IndexError, KeyError, ValueError, OverflowError):
        raise NeedFileError(file, number, "a point of the outline is not two numbers.") from None
    if len(ring) < 4 or not np.array_equal(ring[0], ring[-1]):
        raise NeedFileError(file, number, "an outline does not close.", "ring")
    if not np.isfinite(ring).all():
        raise NeedFileError(file, number, "a point of the outline is endless.")
    x, y = ring[:, 0], ring[:, 1]
    if x.min() < WEST or x.max() > EAST or y.min() < SOUTH or y.max() > NORTH:
        raise NeedFileError(
            file,
            number,
            f"a point at {x[0]:g}, {y[0]:g} is outside the United Kingdom: longitude comes first, "
            "in degrees and not in grid metres.",
            "grid",
        )
    return ring


def _box(shape: tuple[Polygon, ...]) -> tuple[float, float, float, float]:
    low, high = [math.inf, math.inf], [-math.inf, -math.inf]
    for polygon in shape:
        low = np.minimum(low, polygon[0].min(axis=0)).tolist()
        high = np.maximum(high, polygon[0].max(axis=0)).tolist()
    return low[0], low[1], high[0], high[1]
