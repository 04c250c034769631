"""Whatever a file holds, reading it ends in an Election or in a PabulibError: nothing else."""

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.engine.count import (
    Election,
    PabulibError,
    RuleError,
    canonical,
    count,
    read_pabulib,
    text_report,
    write_pabulib,
)
from tests.engine.count.test_pabulib_is_read_one_way_or_refused import GOOD, SCORED

SCRAPS = [
    ";", ",", "\n", "\r", '"', "\0", "-", "META", "VOTES\n", "PROJECTS\n", "1e999", "٣", "\ufeff",
    "999999999999999999999", "0", "-1", "1,5", "1,000", "nan", "\x85", "\u2028", "a", "b,b", " ",
]  # fmt: skip


def read_and_count(data: bytes) -> Election | None:
    """Read, and count what could be read: with blanks and zeros that must not trip it either."""
    refused, election = "", None
    try:
        election = read_pabulib(data, name="any.pb")
    except PabulibError as error:
        refused = str(error)
    if election is None:
        assert re.fullmatch(r"any\.pb:\d+: .+", refused)
        return None
    again = read_pabulib(write_pabulib(election), name="any.pb")
    assert (again.projects, again.ballots) == (election.projects, election.ballots)
    try:
        if election.budget / max(election.voters, 1) < 10_000:
            outcome = count(election)
            canonical(outcome)
            assert text_report(outcome)
    except RuleError:
        pass
    return election


def mutated(rng: random.Random, data: bytes) -> bytes:
    for _ in range(rng.randint(1, 4)):
        at, to = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        match rng.randrange(5):
            case 0:
                data = data[:at] + rng.choice(SCRAPS).encode() + data[at:]
            case 1:
                data = data[:at] + data[min(to, at + 20) :]
            case 2:
                data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
            case 3:
                data = data[:at] + data[at : at + 60] + data[at:]
            case _:
                lines = data.split(b"\n")
                rng.shuffle(lines) if rng.random() < 0.1 else lines.pop(rng.randrange(len(lines)))
                data = b"\n".join(lines)
        data = data or b"\n"
    return data


@pytest.mark.parametrize("block", range(4))
def test_mutations_of_a_good_file(block: int) -> None:
    rng = random.Random(block)
    read = 0
    for _ in range(2_000):
        data = mutated(rng, rng.choice([GOOD, SCORED]).encode())
        read += read_and_count(data) is not None
    assert 100 < read < 1_900


def test_mutations_of_real_files(real: Callable[[str], Election]) -> None:
    rng = random.Random(9)
    for name in ("Poland_Warszawa_2018_Niskie_Okecie.pb", "France_Toulouse_2019.pb"):
        data = write_pabulib(real(name))
        for _ in range(20):
            read_and_count(mutated(rng, data))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    read_and_count(data)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*SCRAPS, *GOOD.splitlines(keepends=True)]), max_size=40))
def test_any_heap_of_scraps(scraps: list[str]) -> None:
    read_and_count("".join(scraps).encode())
