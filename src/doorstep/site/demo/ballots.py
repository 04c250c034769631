"""Draws the demo's ballots: made up, from a fixed seed, so everybody's Millbrook is the same."""

from collections.abc import Iterator
from random import Random
from typing import Any

POINTS = 10


def draw(plan: dict[str, Any]) -> Iterator[dict[str, int]]:
    """One ballot a voter, as {project code: points}; an approval counts one point.

    `plan` is a table of rounds.toml. Only `Random.random` is used: Python promises the same numbers
    for the same seed for that method alone.
    """
    random = Random(plan["slug"])  # noqa: S311 - made-up voters need no secrecy
    for _ in range(plan["voters"]):
        circle = pick(random, plan["circles"])
        liked = [code for code, _, _, appeal in plan["ideas"] if random.random() < appeal[circle]]
        if not liked:
            liked = [plan["ideas"][pick(random, [1.0] * len(plan["ideas"]))][0]]
        if plan["vote_type"] == "cumulative":
            yield share_points(random, liked)
        else:
            yield dict.fromkeys(liked, 1)


def pick(random: Random, weights: list[float]) -> int:
    """The index drawn with these weights."""
    point = random.random() * sum(weights)
    for index, weight in enumerate(weights):
        point -= weight
        if point < 0:
            return index
    return len(weights) - 1


def share_points(random: Random, liked: list[str]) -> dict[str, int]:
    """All points, one by one, on the ideas a voter likes; the earlier liked get a little more."""
    points = dict.fromkeys(liked, 0)
    weights = [1 / (1 + rank) for rank in range(len(liked))]
    for _ in range(POINTS):
        points[liked[pick(random, weights)]] += 1
    return {code: given for code, given in points.items() if given}
