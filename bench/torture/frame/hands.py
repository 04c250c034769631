"""One run done by as many processes as there are cores."""

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import TypeVar

from bench.torture import Options

T = TypeVar("T")
HANDS = os.cpu_count() or 1


def side_by_side(part: Callable[[Options, int], T], options: Options, size: int) -> list[T]:
    """What each process gave for its share of `size`, with a folder and a seed of its own."""
    shares = []
    for number in range(HANDS):
        folder = options.folder / f"part-{number}"
        folder.mkdir()
        shares.append(replace(options, seed=options.seed + number, folder=folder))
    apart = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(HANDS, mp_context=apart) as pool:
        return list(pool.map(part, shares, [-(-size // HANDS)] * HANDS))
