"""The ledger as CSV, safe to open in a spreadsheet.

Amounts are positive whole pence with a direction beside them, so that no cell begins with a minus
sign; a cell that a spreadsheet would run as a formula gets an apostrophe (`safe`). Every CSV of the
house is written through it.
"""

import csv
from collections.abc import Iterable, Iterator

from .queries import Entry
from .telling import worker_words

HEADINGS = (
    "transfer", "entry", "effective_on", "kind", "kind_in_words", "direction", "from", "to",
    "pence", "reverses", "reversed_by", "leaf",
)  # fmt: skip
# After OWASP's page on CSV injection: signs that begin a formula, also in the full width of East
# Asian keyboards; and what a spreadsheet skips before one.
_BEGINS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "\0")
# Every blank and control character that does not count itself, and two that nobody sees.
_SKIPPED = "\ufeff\u200b" + "".join(
    one for one in map(chr, range(0x3001)) if (one.isspace() or one < " ") and one not in _BEGINS
)


class _Line:
    """What csv.writer writes to: it hands each line straight back."""

    def write(self, line: str) -> str:
        return line


def rows_of_statement(entries: Iterable[Entry]) -> Iterator[str]:
    """Lines of CSV in RFC 4180 form, headings first."""
    writer = csv.writer(_Line())
    yield writer.writerow(HEADINGS)
    for entry in entries:
        yield writer.writerow(safe(cell) for cell in _cells(entry))


def safe(cell: object) -> str:
    """The cell as text that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(_SKIPPED).startswith(_BEGINS) else text


def _cells(entry: Entry) -> tuple[object, ...]:
    direction = "in" if entry.inward else "out" if entry.outward else "within"
    return (
        entry.transfer,
        entry.seq,
        entry.effective_on.isoformat(),
        entry.kind,
        worker_words(entry.kind),
        direction,
        entry.debit,
        entry.credit,
        entry.pence,
        entry.reverses,
        entry.reversed_by,
        entry.leaf_idx,
    )
