"""Intervals for small numbers, exact or nearly so, and the same whenever they are asked. Pure.

Shares: Wilson 1927. Differences of two shares: Newcombe 1998, method 10. Medians: the exact
distribution-free interval from order statistics (the sign test). All at 95 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, sqrt

Z = 1.959963984540054


@dataclass(frozen=True)
class Share:
    """`of` cases, `hits` of them so; bounds between 0 and 1. Without cases nothing is known."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None

    @property
    def bounds(self) -> tuple[float, float]:
        if not self.of:
            return 0.0, 1.0
        n, p = self.of, self.hits / self.of
        middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        reach = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
        return max(middle - reach, 0.0), min(middle + reach, 1.0)


def difference(one: Share, other: Share) -> tuple[float, float, float] | None:
    """How far one share is above another, with its bounds; None where one has no cases."""
    if one.value is None or other.value is None:
        return None
    gap = one.value - other.value
    (low, high), (low2, high2) = one.bounds, other.bounds
    return (
        gap,
        gap - sqrt((one.value - low) ** 2 + (high2 - other.value) ** 2),
        gap + sqrt((high - one.value) ** 2 + (other.value - low2) ** 2),
    )


def middle(values: Sequence[int]) -> tuple[float, tuple[int, int] | None] | None:
    """The median, and its bounds where there are enough values (six) to say any at 95 %."""
    if not values:
        return None
    ranked, n = sorted(values), len(values)
    half = n // 2
    median = float(ranked[half]) if n % 2 else (ranked[half - 1] + ranked[half]) / 2
    outside, rank = 0, 0  # `outside` of 2^n outcomes fall below the rank-th value
    while True:
        outside += comb(n, rank)
        if outside * 40 > 2**n:
            break
        rank += 1
    return median, (ranked[rank - 1], ranked[n - rank]) if rank else None
