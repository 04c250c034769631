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
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from zlib import crc32

from doorstep.engine.count import Election, Rule, count, plain
from doorstep.engine.count.tally import tally

EXPECTED = Path(__file__).parent / "expected" / "pabutools.jsonl.gz"
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
        if "add1" not in question and "borda0" not in question:
            asked += 1
            assert sorted(count(real(file), rule_of(question)).winners) == winners, (file, question)
    assert asked > 1_300


def test_add1(real: Callable[[str], Election]) -> None:
    asked = 0
    for file, question, winners in answers():
        if "add1" in question and crc32(f"{file} {question}".encode()) % EVERY == 0:
            asked += 1
            assert sorted(count(real(file), rule_of(question)).winners) == winners, (file, question)
    assert asked > 100


def test_borda_on_the_scale_of_pabutools_too(real: Callable[[str], Election]) -> None:
    """Ours gives the last of k ranks 1 point, as Pabulib's score column does; pabutools' class
    gives it 0. On that scale the law gives what pabutools gives."""
    asked = 0
    for file, question, winners in answers():
        if question != "equal-shares/borda0/none":
            continue
        asked += 1
        election = real(file)
        rule = Rule(utility="borda", completion="none").settled(election)
        ours = tally(election, rule)
        support = [[(part - 1, group) for part, group in s if part > 1] for s in ours.support]
        parts = [whole - votes for whole, votes in zip(ours.parts, ours.votes, strict=True)]
        theirs = replace(ours, support=support, parts=parts)
        entrants = [p for p, groups in enumerate(theirs.support) if groups]
        entrants = [p for p in entrants if theirs.cost[p] <= theirs.pot]
        rounds, _ = plain.equal_shares(theirs, entrants, theirs.pot // theirs.voters)
        chosen = sorted(election.projects[one.project].id for one in rounds)
        assert chosen == winners, file
        assert sum(election.projects[one.project].cost for one in rounds) <= Fraction(
            election.budget
        )
    assert asked == 20
