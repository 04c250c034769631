"""Finding the lowest of many rates, each known between two whole numbers, and asking few.

What Equal Shares and Phragmén have in common: a rate only ever rises, so the last known bound of a
project stays a lower bound, and whoever is above the best is not asked again.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from .columns import Columns

# Keys of the heap are floats, each rounded at most twice: by this much they cannot be wrong.
SURE = 1 + 1e-12


class Unsure(Exception):  # noqa: N818  (no error: a question for the exact engine)
    """The bounds overlap where it matters."""


@dataclass(slots=True)
class Offer:
    """A project whose supporters can pay, and the bounds of their rate; full as in Run."""

    project: int
    low: int
    high: int
    full: int


class Auction:
    """Projects in line by their last known rate. Subclasses say what each offers now."""

    def __init__(self, ready: Columns, entrants: Sequence[int], shift: int) -> None:
        if shift < 0:
            raise Unsure
        self.ready, self.shift = ready, shift
        self.known = {p: (ready.cost[p] << shift) // ready.parts[p] for p in entrants}
        self.heap = [(self.known[p] / ready.worth[p], p) for p in entrants]
        heapq.heapify(self.heap)

    def offer(self, p: int, limit: int | None) -> Offer | None:
        """Bounds of a project's rate now. None when its supporters certainly cannot pay (p is then
        forgotten), or when the rate is certainly over the limit (then known says how high)."""
        raise NotImplementedError

    def offers(self, ceiling: tuple[int, int] | None = None) -> list[Offer]:
        """All that could have the lowest rate, or one no higher than the ceiling (rate, worth).

        Rates only rise as purses empty, so the last known rate of a project is a lower bound.
        """
        offers: list[Offer] = []
        passed: list[int] = []
        worth, fixed = self.ready.worth, ceiling is not None
        while self.heap:
            key, p = self.heap[0]
            if ceiling and key > ceiling[0] / ceiling[1] * SURE:
                break
            heapq.heappop(self.heap)
            limit = ceiling[0] * worth[p] // ceiling[1] if ceiling else None
            offer = self.offer(p, limit)
            if not offer:
                passed.append(p)
                continue
            offers.append(offer)
            if not ceiling or (not fixed and offer.high * ceiling[1] < ceiling[0] * worth[p]):
                ceiling = offer.high, worth[p]
        for p in passed:
            if p in self.known:
                heapq.heappush(self.heap, (self.known[p] / worth[p], p))
        return offers

    def lowest(self, offers: list[Offer]) -> list[Offer]:
        """The offers with the lowest rate for each part of worth, in tie order."""
        ready = self.ready
        best = offers[0]
        for offer in offers[1:]:
            if offer.high * ready.worth[best.project] < best.high * ready.worth[offer.project]:
                best = offer
        near = [
            offer
            for offer in offers
            if offer.low * ready.worth[best.project] <= best.high * ready.worth[offer.project]
        ]
        if len(near) == 1:
            return near
        if not all(offer.full for offer in near):
            raise Unsure
        best = near[0]
        for offer in near[1:]:
            if self.over(offer, best) < 0:
                best = offer
        level = [offer for offer in near if not self.over(offer, best)]
        return sorted(level, key=lambda offer: ready.order[offer.project])

    def over(self, one: Offer, other: Offer) -> int:
        """Above, at or below zero as one's exact rate for each part of worth is beside other's."""
        cost, worth = self.ready.cost, self.ready.worth
        ours = cost[one.project] * other.full * worth[other.project]
        return ours - cost[other.project] * one.full * worth[one.project]

    def keep(self, offers: list[Offer], bought: Offer) -> None:
        """Put back in line all but the one that was bought."""
        for offer in offers:
            if offer is not bought:
                self.known[offer.project] = offer.low
                key = offer.low / self.ready.worth[offer.project]
                heapq.heappush(self.heap, (key, offer.project))
