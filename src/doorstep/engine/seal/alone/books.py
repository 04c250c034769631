"""The ledger once more, from its leaves alone: accounts, entries, balances, guards, reversals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .plain import alike, is_whole, told

MOST_PENCE = 10**13
MOST_LINES = 500
GUARDS = ("none", "credit_nonneg", "debit_nonneg")


@dataclass
class Purse:
    """An account: its fund, what guards it, and pence held (in less out)."""

    fund: str
    guard: str
    held: int = 0

    def overdrawn(self) -> bool:
        return (self.guard == "credit_nonneg" and self.held < 0) or (
            self.guard == "debit_nonneg" and self.held > 0
        )


@dataclass
class Books:
    """What the leaves say, as far as they have been read."""

    purses: dict[str, Purse] = field(default_factory=dict)
    entries: list[tuple[str, list[list[Any]], int | None]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    reversed_once: set[int] = field(default_factory=set)
    transfers: int = 0

    def read(self, says: dict[str, Any]) -> Iterator[str]:
        """The faults of one leaf, as sentences that begin with “it”."""
        if says["kind"] == "ledger.account":
            yield from self._open(says)
        elif says["kind"] == "ledger.journal":
            yield from self._post(says)

    def moved(self, entry: object, kind: str) -> list[list[Any]] | None:
        """The lines of an entry of that kind; None where there is none."""
        found = self._entry(entry)
        return found[1] if found and found[0] == kind else None

    def lines_of(self, entry: object) -> list[list[Any]] | None:
        """The lines of an entry of any kind; None where there is none."""
        found = self._entry(entry)
        return found[1] if found else None

    def reversed_by(self, entry: object) -> int | None:
        """The entry that this one moved back; None where it is none, or moved none back."""
        found = self._entry(entry)
        return found[2] if found else None

    def _entry(self, entry: object) -> tuple[str, list[list[Any]], int | None] | None:
        if type(entry) is not int or not 0 < entry <= len(self.entries):
            return None
        return self.entries[entry - 1]

    def fund_of(self, code: str) -> str:
        """The fund of an account; "" where nobody opened it."""
        return self.purses[code].fund if code in self.purses else ""

    def _open(self, says: dict[str, Any]) -> Iterator[str]:
        code, fund, guard = (told(says.get(name)) for name in ("code", "fund", "guard"))
        parts = code.split(":")
        if code in self.purses:
            yield f"it opens the account {code} a second time."
        if guard not in GUARDS or (guard == "none") != (parts[0] == "world"):
            yield f"it opens {code} with the guard “{guard}”, which it may not have."
        if (fund == "example") != (parts[0] == "example" or parts == ["world", "example"]):
            yield f"it opens {code} in the fund “{fund}”: pretend and real money stay apart."
        self.purses[code] = Purse(fund, guard)

    def _post(self, says: dict[str, Any]) -> Iterator[str]:
        lines, expected = says.get("lines"), len(self.entries) + 1
        is_next = alike(says.get("seq"), expected)
        if not is_next or not alike(says.get("first_transfer"), self.transfers + 1):
            yield f"it is not entry {expected} with transfers from {self.transfers + 1}."
        if not isinstance(lines, list) or not 1 <= len(lines) <= MOST_LINES:
            yield "it has no lines that can be read."
            lines = []
        key = told(says.get("idem"))
        if key in self.keys:
            yield "it posts a request that was posted before."
        self.keys.add(key)
        original = says.get("reverses")
        self.entries.append((told(says.get("entry")), lines, original))
        for line in lines:
            yield from self._move(line)
        if original is not None:
            yield from self._reversal(original, lines)

    def _move(self, line: Any) -> Iterator[str]:
        self.transfers += 1
        if not (isinstance(line, list) and [type(part) for part in line] == [str, str, int]):
            yield "it has a line that is not two accounts and a whole number of pence."
            return
        giver, taker, pence = self.purses.get(line[0]), self.purses.get(line[1]), line[2]
        if giver is None or taker is None or giver is taker or not 0 < pence <= MOST_PENCE:
            yield f"it has a line that cannot be: {told(line)}."
            return
        giver.held -= pence
        taker.held += pence
        if giver.fund != taker.fund:
            yield f"it moves money between two funds: {told(line)}."
        for code, purse in ((line[0], giver), (line[1], taker)):
            if purse.overdrawn():
                yield f"it takes more from {code} than stood there: {told(line)}."

    def _reversal(self, original: Any, lines: list[Any]) -> Iterator[str]:
        if not is_whole(original, 1) or original >= len(self.entries):
            yield f"it reverses entry {told(original)}, which is not an earlier one."
            return
        if original in self.reversed_once:
            yield f"it reverses entry {original} a second time."
        self.reversed_once.add(original)
        _kind, first, again = self.entries[original - 1]
        if again is not None:
            yield f"it reverses entry {original}, which is a reversal itself."
        if lines != [[line[1], line[0], line[2]] for line in reversed(first) if len(line) == 3]:
            yield f"it does not move back exactly what entry {original} moved."
