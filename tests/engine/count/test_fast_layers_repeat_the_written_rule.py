"""On every shared election the fast layers decide what the written rule decided.

plain.py was asked once (bench/oracle/plain_decisions.py says how), for winners in order, exact
prices, the final share, and every tie with the step of add1 at which it was first met; digests of
its answers are kept in expected/plain.jsonl.gz. The kernel answers every question in each run;
NumPy the quick ones, and of those with add1 one in eight, always the same, unless
DOORSTEP_EVERY_EXPECTED is set.
"""

import gzip
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import crc32

import pytest

from bench.oracle.plain_decisions import decisions
from doorstep.engine.count import Election
from tests.engine.count.layers import layer_or_skip

EXPECTED = Path(__file__).parent / "expected" / "plain.jsonl.gz"
EVERY = 1 if os.environ.get("DOORSTEP_EVERY_EXPECTED") else 8
PARTS = 2

Answers = dict[str, list[int | str]]


def answers(part: int) -> Iterator[tuple[str, Answers]]:
    for number, line in enumerate(gzip.decompress(EXPECTED.read_bytes()).splitlines()):
        if number % PARTS == part:
            file, answered, _ = json.loads(line)
            yield file, answered


def test_all_were_asked_of_plain() -> None:
    lines = gzip.decompress(EXPECTED.read_bytes()).splitlines()
    assert Counter(json.loads(line)[2] for line in lines) == {"plain": 611}


@pytest.mark.parametrize("part", range(PARTS))
def test_the_kernel_decides_so(real: Callable[[str], Election], part: int) -> None:
    layer, asked = layer_or_skip("kernel"), 0
    for file, answered in answers(part):
        for question, expected in answered.items():
            asked += 1
            assert [*decisions(real(file), question, layer)] == expected, (file, question)
    assert asked > 1_000


@pytest.mark.parametrize("part", range(PARTS))
def test_numpy_decides_so(real: Callable[[str], Election], part: int) -> None:
    layer, asked = layer_or_skip("numpy"), 0
    for file, answered in answers(part):
        for question, expected in answered.items():
            if "add1" in question and crc32(file.encode()) % EVERY:
                continue
            asked += 1
            assert [*decisions(real(file), question, layer)] == expected, (file, question)
    assert asked > 800
