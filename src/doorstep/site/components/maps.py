"""A map as SVG from stored outlines: links in a picture, small on the wire, the same as its table.

Corners are rounded to a grid of whole numbers, all areas to the same one, so that neighbours keep
one line between them however coarse it gets. The grid is made coarser until the map is small.
An area too small to be seen is a round mark instead, and land that is known lies behind them all.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .marks import RADIUS, apart
from .outlines import Floats, corners, outlined, round_all

WIDE = 720  # the picture's own width
LARGEST = 18_000  # bytes of paths: the rest of the page needs room in its 60 kB
LAND, LAND_GRID = 7_000, 480  # bytes of the land behind them, and its finest grid
GRIDS = (2400, 1440, 960, 720, 480, 360, 240, 160, 90, 40)
LABELLED = 40  # more words than this would lie on one another
LINE = 25  # from one line of words to the next
SPECK = 3  # an area smaller than this would not be seen
SMALL = 36  # an area narrower and lower than this is a mark: on a phone it would be a few dots
CORNER = 4.5  # bytes of a corner in a path, about
EDGE = RADIUS + 4  # a mark on the edge of the picture is whole
Shape = Sequence[Sequence[Sequence[Sequence[float]]]]


class MapArea(NamedTuple):
    """One area: `tone` 1 (least need) to 5 (most), its words, where its link leads."""

    name: str
    said: str
    label: str
    tone: int
    chosen: bool
    link: str
    shape: Shape


class _Frame(NamedTuple):
    """Longitude and latitude to the picture, north up, shapes as they are on the ground."""

    west: float
    north: float
    scale: float
    squeeze: float
    high: int

    def at(self, point: Sequence[float]) -> tuple[float, float]:
        return (point[0] - self.west) * self.squeeze * self.scale, (
            self.north - point[1]
        ) * self.scale

    def on(self, ring: Sequence[Sequence[float]]) -> Floats:
        """Every point of a ring, as `at` has it."""
        points = np.asarray([point[:2] for point in ring], dtype=np.float64)
        return (points - (self.west, self.north)) * (self.squeeze * self.scale, -self.scale)


def area_map(
    areas: Sequence[MapArea],
    *,
    title: str,
    land: Sequence[Shape] = (),
    others: Sequence[Shape] = (),
) -> SafeString:
    """The map, its areas in the order given; chosen ones are drawn last, on top of their lines.

    Every area is a link with its words, so the keyboard and a screen reader go through it. `land`
    is what lies behind them, and `others` are areas that are dots and no links here.
    """
    drawn = [one for one in areas if one.shape]
    if not drawn:
        return format_html(
            '<p class="none">{}</p>',
            _("No outlines are kept here, so there is no map. The table has everything."),
        )
    frame = _frame([*(one.shape for one in drawn), *others])
    seen = [one for one in drawn if not _is_small(one.shape, frame)]
    marked = [one for one in drawn if _is_small(one.shape, frame)]
    figures = _marks(marked, frame)
    if seen:
        paths = _small_enough([one.shape for one in seen], frame, LARGEST)
        figures = [(one, "path", f'd="{path}"') for one, path in zip(seen, paths, strict=True)] + (
            figures
        )
    figures.sort(key=lambda figure: figure[0].chosen)
    inside = format_html_join(
        "",
        '<a href="{}"{}><{} class="need-{}" {}/><title>{}</title></a>',
        (
            (
                one.link,
                mark_safe(' class="first"' if one.chosen else ""),  # noqa: S308
                kind,
                one.tone,
                mark_safe(where),  # noqa: S308
                one.said,
            )
            for one, kind, where in figures
        ),
    )
    edge = EDGE if marked else 6
    return format_html(
        '<svg class="map" viewBox="{} {} {} {}" role="group" aria-labelledby="map-title">'
        '<title id="map-title">{}</title>{}{}{}{}</svg>',
        -edge,
        -edge,
        WIDE + 2 * edge,
        frame.high + 2 * edge,
        title,
        _land(land, frame),
        _dots(others, frame),
        inside,
        _labels([one for one in seen if not marked], frame),
    )


def _is_small(shape: Shape, frame: _Frame) -> bool:
    points = np.concatenate([frame.on(ring) for ring in _outlines(shape)])
    return bool((np.ptp(points, axis=0) < SMALL).all())


def _marks(areas: Sequence[MapArea], frame: _Frame) -> list[tuple[MapArea, str, str]]:
    """Each area as a round mark beside its neighbours', what it is and where."""
    middles = [_middle(one.shape, frame) for one in areas]
    return [
        (one, "circle", f'cx="{x}" cy="{y}" r="{RADIUS}"')
        for one, (x, y) in zip(areas, apart(middles, WIDE, frame.high), strict=True)
    ]


def _land(shapes: Sequence[Shape], frame: _Frame) -> SafeString:
    """What lies behind the areas, where some of it is in the picture."""
    rings = [
        frame.on(ring)[:-1] for shape in shapes if _is_in(shape, frame) for ring in _outlines(shape)
    ]
    if not rings:
        return SafeString("")
    points = np.concatenate(rings)
    ring_of = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    for grid in GRIDS[GRIDS.index(LAND_GRID) :]:
        unit = WIDE / grid
        coast, of = round_all(points, ring_of, unit)
        found, of = corners(coast.astype(np.float64), of, 1)
        if CORNER * len(found) <= LAND:
            path = "".join(text for _ring, text in outlined(found, of, unit))
            return format_html('<path class="land" d="{}"/>', path)
    return SafeString("")


def _is_in(shape: Shape, frame: _Frame) -> bool:
    points = np.concatenate([frame.on(polygon[0]) for polygon in shape])
    low, high = points.min(axis=0), points.max(axis=0)
    return bool((high >= 0).all() and low[0] <= WIDE and low[1] <= frame.high)


def _dots(shapes: Sequence[Shape], frame: _Frame) -> SafeString:
    if not shapes:
        return SafeString("")
    middles = (_middle(shape, frame) for shape in shapes)
    return format_html('<path class="dots" d="{}"/>', "".join(f"M{x} {y}h0" for x, y in middles))


def _frame(shapes: Sequence[Shape]) -> _Frame:
    points = np.asarray([point[:2] for one in shapes for ring in _outlines(one) for point in ring])
    (west, south), (east, north) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    # A degree of longitude is shorter than one of latitude, by the cosine of the latitude.
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDE / max((east - west) * squeeze, (north - south) * 0.75, 1e-9)
    return _Frame(west, north, scale, squeeze, max(1, round((north - south) * scale)))


def _outlines(shape: Shape) -> Iterator[Sequence[Sequence[float]]]:
    return (ring for polygon in shape for ring in polygon)


def _small_enough(shapes: Sequence[Shape], frame: _Frame, largest: int) -> list[str]:
    """A path for each shape, on the finest grid on which all of them are small.

    How many corners a grid leaves is counted first, for all outlines at once; text is made of
    them once or twice, because that is slow.
    """
    rings = [frame.on(ring)[:-1] for one in shapes for ring in _outlines(one)]
    owner = [at for at, one in enumerate(shapes) for _ring in _outlines(one)]
    points = np.concatenate(rings)
    ring_of = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    paths: list[str] = []
    for grid in GRIDS:
        found, of = corners(points, ring_of, WIDE / grid)
        if grid != GRIDS[-1] and CORNER * len(found) > largest:
            continue
        parts: list[list[str]] = [[] for _one in shapes]
        for at, text in outlined(found, of, WIDE / grid):
            parts[owner[at]].append(text)
        paths = [
            "".join(some) or _speck(frame.on(one[0][0][:1])[0])
            for some, one in zip(parts, shapes, strict=True)
        ]
        if sum(map(len, paths)) <= largest:
            break
    return paths


def _speck(at: Floats) -> str:
    return f"M{round(at[0])} {round(at[1])}h{SPECK}v{SPECK}h-{SPECK}z"


def _labels(areas: Sequence[MapArea], frame: _Frame) -> SafeString:
    """Name and share on the areas that have one. The link says the same, so they are hidden."""
    said = [one for one in areas if one.label]
    if len(said) > LABELLED:
        return SafeString("")
    return format_html_join(
        "",
        '<text class="said" text-anchor="middle" aria-hidden="true">{}</text>',
        ((_in_lines(one.label, *_middle(one.shape, frame)),) for one in said),
    )


def _in_lines(label: str, x: int, y: int) -> SafeString:
    """A name of two words and more stands on two lines: areas are rarely wide."""
    words = label.split()
    half = (len(words) + 1) // 2
    lines = [" ".join(words[:half]), " ".join(words[half:])]
    told = [line for line in lines if line]
    return format_html_join(
        "",
        '<tspan x="{}" y="{}">{}</tspan>',
        ((x, y + LINE * number, line) for number, line in enumerate(told)),
    )


def _middle(shape: Shape, frame: _Frame) -> tuple[int, int]:
    """The middle of an area's largest outline, weighed by its surface."""
    best = max((polygon[0] for polygon in shape), key=len)
    points = [frame.at(point) for point in best]
    area = cx = cy = 0.0
    for (x, y), (nx, ny) in pairwise(points):
        cross = x * ny - nx * y
        area, cx, cy = area + cross, cx + (x + nx) * cross, cy + (y + ny) * cross
    if abs(area) < 1e-9:
        return round(points[0][0]), round(points[0][1])
    return round(cx / (3 * area)), round(cy / (3 * area))
