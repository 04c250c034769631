"""Row order, Python's hash seed and the number of threads change no winner and no word."""

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from doorstep.engine.count import (
    Election,
    Outcome,
    Rule,
    canonical,
    count,
    read_pabulib,
    write_pabulib,
)
from doorstep.engine.count.layers import NAMES
from tests.engine.count.layers import layer_or_skip
from tests.engine.count.toys import toy

SOURCE = Path(__file__).parents[3] / "src"
HASHING = """
import sys
from doorstep.engine.count import Rule, canonical, count, read_pabulib
election = read_pabulib(sys.argv[1])
for rule in (Rule(), Rule(name="phragmen"), Rule(name="greedy")):
    print(canonical(count(election, rule)))
"""


def shuffled(data: bytes, seed: int) -> bytes:
    """The same file with projects and votes in another order."""
    text = data.decode()
    meta, rest = text.split("PROJECTS\n")
    projects, votes = rest.split("VOTES\n")
    rng = random.Random(seed)

    def mixed(section: str) -> str:
        header, *rows = section.splitlines()
        rng.shuffle(rows)
        return "\n".join([header, *rows]) + "\n"

    return f"{meta}PROJECTS\n{mixed(projects)}VOTES\n{mixed(votes)}".encode()


def told(outcome: Outcome) -> tuple[object, ...]:
    verdicts = {(v.id, v.won, v.votes, v.reason.text) for v in outcome.verdicts}
    return outcome.winners, outcome.rounds, outcome.ties, verdicts


def test_the_order_of_rows_changes_nothing() -> None:
    for seed in range(300):
        data = write_pabulib(toy(seed))
        for rule in (Rule(), Rule(completion="add1"), Rule(name="greedy")):
            first = count(read_pabulib(data), rule)
            assert told(count(read_pabulib(shuffled(data, seed)), rule)) == told(first), seed


def test_the_order_of_rows_changes_nothing_in_a_real_town(
    real: Callable[[str], Election],
) -> None:
    data = write_pabulib(real("Poland_Swiecie_2023.pb"))
    assert told(count(read_pabulib(shuffled(data, 1)), Rule())) == told(count(read_pabulib(data)))


@pytest.mark.parametrize("layer", NAMES)
def test_the_number_of_threads_changes_nothing(layer: str) -> None:
    """Many counts side by side, of elections of many sizes, share nothing: the kernel hands its
    memory from one count to the next."""
    name = layer_or_skip(layer).name
    toys = [toy(seed) for seed in range(400, 440)]
    alone = [canonical(count(election, Rule(), layer=name)) for election in toys]
    for threads in (2, 5):
        with ThreadPoolExecutor(threads) as pool:
            together = pool.map(lambda one: canonical(count(one, Rule(), layer=name)), toys * 5)
            assert list(together) == alone * 5


def test_the_hash_seed_changes_nothing(elections: Path) -> None:
    path = elections / "Poland_Warszawa_2018_Niskie_Okecie.pb"
    printed = {
        subprocess.run(
            [sys.executable, "-c", HASHING, str(path)],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": str(SOURCE),
                **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads),
            },
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for seed, threads in (("0", "1"), ("1", "2"), ("4242", "7"))
    }
    assert len(printed) == 1
    assert hashlib.sha256(path.read_bytes()).hexdigest().encode() in printed.pop()


def test_the_seed_and_nothing_else_moves_the_lot() -> None:
    moved = 0
    for n in range(200):
        election = toy(n)
        first, again, other = (
            canonical(count(election, Rule(completion="none", seed=seed))) for seed in "aab"
        )
        assert first == again
        moved += first.replace('"seed":"a"', "") != other.replace('"seed":"b"', "")
    assert 0 < moved < 200
