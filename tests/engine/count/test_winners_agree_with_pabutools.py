"""pabutools, an independent reference, gives the same winners with our tie order.

Its answers are in expected/pabutools.jsonl.gz (bench/oracle/make_expected.py makes them). The
quick questions are all asked again in every run; of the slow ones (add1) one in six, always the
same, unless DOORSTEP_EVERY_EXPECTED is set. A question that pabutools did not answer in a
minute is null there.
"""

import gzip
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import crc32

import pytest

from doorstep.engine.count import Election, Rule, count

EXPECTED = Path(__file__).parent / "expected" / "pabutools.jsonl.gz"
PARTS = 4
EVERY = 1 if os.environ.get("DOORSTEP_EVERY_EXPECTED") else 6


def answers() -> Iterator[tuple[str, str, list[str]]]:
    for line in gzip.decompress(EXPECTED.read_bytes()).splitlines():
        file, answered = json.loads(line)
        for question, winners in answered.items():
            if winners is not None:
                yield file, question, winners


def rule_of(question: str) -> Rule:
    name, *rest = question.split("/")
    if name != "equal-shares":
        return Rule(name=name)
    utility, completion = rest
    return Rule(
        utility=utility,
        completion=completion.removesuffix("-exhaustive"),
        stop_when_exhaustive=completion.endswith("-exhaustive"),
    )


def test_the_quick_rules_on_every_small_file(real: Callable[[str], Election]) -> None:
    asked = 0
    for file, question, winners in answers():
        if "add1" not in question:
            asked += 1
            assert sorted(count(real(file), rule_of(question)).winners) == winners, (file, question)
    assert asked > 1_300


def test_every_election_of_ranked_ballots_was_asked_by_borda() -> None:
    asked = [file for file, question, _ in answers() if question == "equal-shares/borda/none"]
    assert len(asked) == 20


@pytest.mark.parametrize("part", range(PARTS))
def test_add1(real: Callable[[str], Election], part: int) -> None:
    """In parts, so that two workers can share the slowest test of all."""
    asked = 0
    for file, question, winners in answers():
        number = crc32(f"{file} {question}".encode())
        if "add1" in question and number % EVERY == 0 and number // EVERY % PARTS == part:
            asked += 1
            assert sorted(count(real(file), rule_of(question)).winners) == winners, (file, question)
    assert asked > 20
