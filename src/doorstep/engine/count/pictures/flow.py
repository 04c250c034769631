"""Money that flows: posts in columns, and ribbons between them as thick as the money.

Drawn at a width that the caller chooses: text inside a picture shrinks with it, so a page draws one
for wide screens with words and one for narrow screens with letters, and shows one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

GAP = 26  # room above a post for a line of words, in the picture's units
LEAST = 2  # a post too thin to see would look like money that is not there
POST = 10  # how wide a post is
TEXT = 15


class Stream(NamedTuple):
    """Money, in whole units of any size, from the post named `source` to the post `target`."""

    source: str
    target: str
    amount: int


class Post(NamedTuple):
    """Where streams begin and end: its place, and how much passes."""

    name: str
    column: int
    amount: int
    top: int
    height: int


def _columns(streams: Sequence[Stream]) -> dict[str, int]:
    """Which column each post stands in: one after the last that feeds it."""
    column: dict[str, int] = {}
    for _step in range(len(streams) + 1):
        for stream in streams:
            start = column.setdefault(stream.source, 0)
            column[stream.target] = max(column.get(stream.target, 0), start + 1)
        if max(column.values(), default=0) > len(streams):
            raise ValueError("Money runs in a circle in this picture.")
    return column


def posts(streams: Sequence[Stream], height: int) -> dict[str, Post]:
    """Every post of a picture so high, in the order of the streams that name them.

    Raises ValueError where money runs in a circle.
    """
    column = _columns(streams)
    leaving, coming = dict.fromkeys(column, 0), dict.fromkeys(column, 0)
    for stream in streams:
        leaving[stream.source] += stream.amount
        coming[stream.target] += stream.amount
    size = {name: max(leaving[name], coming[name]) for name in column}
    last = max(column.values())
    within = [[name for name in column if column[name] == c] for c in range(last + 1)]
    fullest = max(sum(size[name] for name in names) for names in within) or 1
    room = height - GAP * max(len(names) for names in within)
    placed: dict[str, Post] = {}
    for c, names in enumerate(within):
        top = 0
        for name in names:
            tall = max(LEAST, size[name] * room // fullest)
            placed[name] = Post(name, c, size[name], top + GAP - 6, tall)
            top += tall + GAP
    return placed


def flow(
    streams: Sequence[Stream],
    said: Mapping[str, str],
    *,
    width: int,
    height: int,
    rest: frozenset[str] = frozenset(),
) -> str:
    """The ribbons, the posts they run between, and what is `said` above each post.

    Posts named in `rest`, and ribbons to them, are drawn as what nothing was bought with.
    """
    placed = posts(streams, height)
    last = max(post.column for post in placed.values())
    spread = (width - POST) // last
    leaving, coming = dict.fromkeys(placed, 0), dict.fromkeys(placed, 0)
    drawn = []
    for stream in streams:
        a, b = placed[stream.source], placed[stream.target]
        from_, to = leaving[a.name], coming[b.name]
        leaving[a.name] += stream.amount
        coming[b.name] += stream.amount
        thick_a = max(1, _at(leaving[a.name], a) - _at(from_, a))
        thick_b = max(1, _at(coming[b.name], b) - _at(to, b))
        x1, x2 = a.column * spread + POST, b.column * spread
        y1, y2 = a.top + _at(from_, a), b.top + _at(to, b)
        bend = (x1 + x2) // 2
        drawn.append(
            f'<path class="ribbon{" rest" if b.name in rest else ""}" d="'
            f"M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}v{thick_b}"
            f'C{bend} {y2 + thick_b} {bend} {y1 + thick_a} {x1} {y1 + thick_a}z"/>'
        )
    for post in placed.values():
        right = post.column == last
        x = post.column * spread
        drawn.append(
            f'<rect class="tone-{"none" if post.name in rest else 1}" x="{x}" y="{post.top}"'
            f' width="{POST}" height="{post.height}"/><text class="said"'
            f' x="{x + POST if right else x}" y="{post.top - 6}" font-size="{TEXT}"'
            f' text-anchor="{"end" if right else "start"}">{escape(said[post.name])}</text>'
        )
    return "".join(drawn)


def _at(amount: int, post: Post) -> int:
    """How far down a post so much of its money reaches."""
    return amount * post.height // post.amount if post.amount else 0
