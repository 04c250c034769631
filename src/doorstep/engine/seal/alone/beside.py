"""What lies in a bundle beside its record, held against it: the ledger as CSV, and words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, zip_longest
from typing import Any

from ..recount.certificate import WrongError
from .books import Books
from .files import SEEN, SUMS, Place
from .logs import commitments_in
from .plain import canonical_object, told
from .polls import Polls

LEDGER, WORDS = "ledger", "words.jsonl"
MOST_NAMED = 3  # files of one folder
HEADINGS = (
    "transfer,entry,effective_on,kind,kind_in_words,direction,from,to,pence,reverses,reversed_by,"
    "leaf"
)
CELL = re.compile(r'"(?:[^"]|"")*"|[^",\r\n]*')
WORDS_LINE = re.compile(
    r'\{"salt": ?"([0-9a-f]{64})", ?"text": ?(".*"), ?"words": ?"words:([0-9a-f]{64})"\}', re.S
)


@dataclass
class Posted:
    """The day of each entry of the ledger, and the leaf that tells it, in their order."""

    told: list[tuple[str, int]] = field(default_factory=list)

    def read(self, place: int, says: dict[str, Any]) -> None:
        if says["kind"] == "ledger.journal":
            self.told.append((told(says.get("effective_on")), place))


def check_ledger_files(place: Place, books: Books, posted: Posted) -> int:
    """Hold every CSV of the ledger against the leaves, value for value but for the kinds in words;
    how many. Raises WrongError for the first line that differs, or a fund that has no file."""
    found = [name for name in place.below(LEDGER).names() if name.endswith(".csv")]
    moved = {books.purses[lines[0][0]].fund for _kind, lines, _reverses in books.entries}
    for fund in sorted(moved) if found else ():
        if f"{fund}.csv" not in found:
            raise WrongError(f"The ledger of {fund} is missing ({LEDGER}/{fund}.csv).")
    for name in found:
        data = place.read(f"{LEDGER}/{name}") or b""
        lines = data.decode(errors="replace").split("\r\n")
        expected = chain([(HEADINGS, "")], _rows(name.removesuffix(".csv"), books, posted))
        rows = chain(expected, [("", "")])
        for number, (line, row) in enumerate(zip_longest(lines, rows), start=1):
            if line is None or row is None or not _is_row(line, *row):
                raise WrongError(f"{LEDGER}/{name}: line {number} is not what the leaves say.")
    return len(found)


def _rows(fund: str, books: Books, posted: Posted) -> Iterator[tuple[str, str]]:
    """Each line of a fund's CSV, as what stands before and after the kind in words."""
    reversals = {
        original: seq for seq, (_kind, _lines, original) in enumerate(books.entries, start=1)
    }
    transfer = 0
    for seq, (kind, lines, reverses) in enumerate(books.entries, start=1):
        day, leaf = posted.told[seq - 1]
        ends = f"{reverses or ''},{reversals.get(seq, '')},{leaf}"
        for giver, taker, pence in lines:
            transfer += 1
            if books.purses[giver].fund != fund:
                continue
            outside = giver.startswith("world:"), taker.startswith("world:")
            way = {(True, False): "in", (False, True): "out"}.get(outside, "within")
            yield f"{transfer},{seq},{day},{kind},", f",{way},{giver},{taker},{pence},{ends}"


def _is_row(line: str, before: str, after: str) -> bool:
    if not after:
        return line == before
    between = line[len(before) : len(line) - len(after)]
    return line == before + between + after and CELL.fullmatch(between) is not None


def read_words(place: Place) -> set[str]:
    """The commitments (hex) of the words that a bundle holds, once each is the hash of its words.
    Raises WrongError for the first line that is not."""
    found: set[str] = set()
    if WORDS not in place.names():
        return found
    try:
        text = (place.read(WORDS) or b"").decode()
    except UnicodeDecodeError:
        raise WrongError(f"{WORDS} is not text.") from None
    for number, line in enumerate(text.split("\n"), start=1):
        if not line:
            continue
        match = WORDS_LINE.fullmatch(line)
        says = canonical_object(f'{{"text":{match[2]}}}'.encode()) if match else None
        if match is None or says is None or len(says) != 1:
            raise WrongError(f"{WORDS}: line {number} is not words with their salt.")
        if sha256(bytes.fromhex(match[1]) + says["text"].encode()).hexdigest() != match[3]:
            raise WrongError(
                f"{WORDS}: line {number}: its words are not those that the record commits to."
            )
        found.add(match[3])
    return found


def check_words(place: Place, missing: set[str], polls: Polls) -> None:
    """Raises WrongError unless each of these, to which no leaf commits, is named by what a round
    asked, whose file the record names."""
    for slug, poll in polls.rounds.items():
        if missing and "frozen" in poll.steps:
            missing -= commitments_in(place.read(f"rounds/{slug}/frozen.jsonl") or b"")
    if missing:
        raise WrongError(f"{WORDS}: nothing in the record commits to words:{min(missing)}.")


def not_looked_at(place: Place) -> str:
    """The files that no check read, many in one folder by their number; empty for none."""
    names = [name for name in place.names() if name not in place.used | {SUMS, SEEN}]
    tops = Counter(name.partition("/")[0] for name in names if "/" in name)
    shown: list[str] = []
    for name in names:
        top, below, _rest = name.partition("/")
        one = f"{top}/\u2026 ({tops[top]})" if below and tops[top] > MOST_NAMED else name
        if one not in shown[-1:]:
            shown.append(one)
    return ", ".join(shown)
