"""pabutools, an independent reference, gives the same winners in the same order, ties our way.

Its answers are in expected/pabutools.jsonl.gz (bench/oracle/make_expected.py makes them). The
quick questions are all asked again in every run; of the slow ones (add1) one in six, always the
same, unless DOORSTEP_EVERY_EXPECTED is set. A question that pabutools did not answer in a
minute is null there. Of some answers only the set is kept; of Phragmén pabutools gives no order.
"""

import gzip
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import pytest

from doorstep.engine.count import Election, Outcome, Rule, count

EXPECTED = Path(__file__).parent / "expected" / "pabutools.jsonl.gz"
PARTS = 4
EVERY = 1 if os.environ.get("DOORSTEP_EVERY_EXPECTED") else 6


@dataclass(frozen=True)
class Answer:
    file: str
    question: str
    winners: list[str]
    in_order: bool

    def is_ours(self, election: Election) -> bool:
        outcome = count(election, rule_of(self.question))
        ours = list(outcome.winners)
        if self.in_order and not fits_whole(outcome):
            return ours == self.winners
        return sorted(ours) == sorted(self.winners)


def fits_whole(outcome: Outcome) -> bool:
    """Everything fits in the pot: ours takes no step then, pabutools raises the shares until every
    project has won, and so only the sets can be compared."""
    return any(one.reason.code == "won_all_fit" for one in outcome.verdicts)


def answers() -> Iterator[Answer]:
    for line in gzip.decompress(EXPECTED.read_bytes()).splitlines():
        file, in_order, as_sets, *_ = json.loads(line)
        for given, ordered in ((in_order, True), (as_sets, False)):
            for question, winners in given.items():
                if winners is not None:
                    yield Answer(file, question, winners, ordered and question != "phragmen")


def rule_of(question: str) -> Rule:
    name, *rest = question.split("/")
    if name != "equal-shares":
        return Rule(name=name)
    utility, completion = rest
    completion = completion.replace("@share", "")
    return Rule(
        utility=utility,
        completion=completion.removesuffix("-exhaustive"),
        stop_when_exhaustive=completion.endswith("-exhaustive"),
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_the_quick_rules_on_every_file_that_was_asked(
    real: Callable[[str], Election], part: int
) -> None:
    asked = 0
    for one in answers():
        if "add1" not in one.question and crc32(one.file.encode()) % PARTS == part:
            asked += 1
            assert one.is_ours(real(one.file)), (one.file, one.question)
    assert asked > 400


def test_most_answers_are_in_order() -> None:
    in_order = [one for one in answers() if one.in_order]
    assert len(in_order) > 1_400
    assert len({one.file for one in in_order}) > 600


def test_every_election_of_ranked_ballots_was_asked_by_borda() -> None:
    asked = [one.file for one in answers() if one.question == "equal-shares/borda/none"]
    assert len(asked) >= 20


@pytest.mark.parametrize("part", range(PARTS))
def test_add1(real: Callable[[str], Election], part: int) -> None:
    """In parts, so that two workers can share the slowest test of all."""
    asked = 0
    for one in answers():
        number = crc32(f"{one.file} {one.question}".encode())
        if "add1" in one.question and number % EVERY == 0 and number // EVERY % PARTS == part:
            asked += 1
            assert one.is_ours(real(one.file)), (one.file, one.question)
    assert asked > 20
