"""Bars: how much of a whole. They stretch with the page, so their text is outside of them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDE = 10_000  # a bar's own units: hundredths of a percent of its whole


class Segment(NamedTuple):
    """A stretch of a bar: the class that colours it and how much it is."""

    tone: str
    amount: int


def bar(segments: Sequence[Segment | tuple[str, int]], whole: int) -> str:
    """The rectangles of a stacked bar, side by side from the left, in units of WIDE.

    Ends are rounded down, never the widths: so nothing ever sticks out of its whole.
    """
    drawn, start = [], 0
    for tone, amount in segments:
        end = start + amount
        drawn.append(stretch(tone, start, end, whole))
        start = end
    return "".join(drawn)


def stretch(tone: str, start: int, end: int, whole: int) -> str:
    """One rectangle from `start` to `end` of a whole."""
    left, right = (start * WIDE // whole, end * WIDE // whole) if whole else (0, 0)
    return f'<rect class="{tone}" x="{left}" width="{right - left}" height="100"/>'


def numbered_bar(segments: Sequence[Segment], whole: int, *, title: str, width: int) -> str:
    """A bar as a picture of its own, `width` wide, with the number of each segment on it where it
    has room. title says to those who do not see it what it shows."""
    high, text = 56, 15
    drawn, start = [], 0
    for number, (tone, amount) in enumerate(segments, start=1):
        left, right = (one * width // whole for one in (start, start + amount))
        drawn.append(
            f'<rect class="{tone}" x="{left}" width="{max(right - left - 1, 0)}" height="{high}"/>'
        )
        if right - left > text * len(str(number)):
            drawn.append(
                f'<text class="on-{tone}" x="{(left + right) // 2}" y="{high // 2 + 5}"'
                f' font-size="{text}" text-anchor="middle">{number}</text>'
            )
        start += amount
    return (
        f'<svg class="pot" viewBox="0 0 {width} {high}" role="img"><title>{escape(title)}</title>'
        f'<rect class="tone-none" width="{width}" height="{high}"/>{"".join(drawn)}</svg>'
    )
