"""The bank's lines and receipts, as far as leaves tell: a line accounts for one entry of its sum, a
payment that the bank paid has its line, and a receipt that is shown was handed in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .books import Books
from .plain import alike, told
from .walk import Walk


@dataclass
class Bank:
    """{line of the bank: the entry it accounts for, None where there is none}, and receipts that
    were handed in and not looked at yet, by payment and pence."""

    lines: dict[str, object] = field(default_factory=dict)
    entries: set[str] = field(default_factory=set)
    handed_in: Counter[tuple[str, str]] = field(default_factory=Counter)
    cleared: dict[str, tuple[object, object]] = field(default_factory=dict)

    def read(self, says: dict[str, Any], walk: Walk, books: Books) -> Iterator[str]:
        """The faults of one leaf, as sentences that begin with “it”."""
        kind = says["kind"]
        if kind == "bank.matched":
            yield from self._match(says, books)
        elif kind == "bank.unmatched":
            line = told(says.get("line"))
            if line not in self.lines:
                yield f"it undoes what line {line} of the bank accounts for, and that is nothing."
            self.entries.discard(told(self.lines.pop(line, None)))
        elif kind == "payment.cleared":
            self.cleared[told(says.get("payment"))] = says.get("bank_line"), says.get("entry")
        elif kind == "payment.uncleared":
            self.cleared.pop(told(says.get("payment")), None)
        elif kind in ("receipt.handed_in", "receipt.shown", "receipt.sent_back"):
            yield from self._receipt(kind, says, walk)

    def loose_payments(self) -> Iterator[str]:
        """Payments that a line of the bank is said to have paid, where no leaf joins the two."""
        for payment, (line, entry) in self.cleared.items():
            if line is not None and not alike(self.lines.get(told(line)), entry):
                yield (
                    f"Line {told(line)} of the bank is said to have paid {payment}, and no leaf "
                    "joins it to that entry."
                )

    def _match(self, says: dict[str, Any], books: Books) -> Iterator[str]:
        line, entry, pence = told(says.get("line")), says.get("entry"), says.get("pence")
        if line in self.lines:
            yield f"it accounts for line {line} of the bank a second time."
        if entry is not None:
            if told(entry) in self.entries:
                yield f"it gives entry {told(entry)} a second line of the bank."
            self.entries.add(told(entry))
            moved = sum(one[2] for one in books.lines_of(entry) or [])
            if type(pence) is not int or not moved or moved != abs(pence):
                yield (
                    f"it holds {told(pence)} of the bank against entry {told(entry)}, which moved "
                    "another sum."
                )
        self.lines[line] = entry

    def _receipt(self, kind: str, says: dict[str, Any], walk: Walk) -> Iterator[str]:
        payment, pence = told(says.get("payment")), says.get("pence")
        if payment not in walk.payments:
            yield f"it speaks of a receipt of the payment {payment}, which nobody raised."
        elif type(pence) is not int or pence <= 0:
            yield f"it speaks of a receipt of {told(pence)}, which is no whole number of pence."
        key = payment, told(pence)
        if kind == "receipt.handed_in":
            self.handed_in[key] += 1
        elif not self.handed_in[key]:
            yield f"it looks at a receipt of {payment} that nobody handed in."
        else:
            self.handed_in[key] -= 1
