"""The bank's file: one payment a line, in the layout of Autopay Online.

Columns, without a heading (readme of RBS and NatWest, "Importing payment templates"): reference
(18 characters), name on the account (18), account number (8), sort code (6), day to pay as year
and day of the year (`yyddd`), `99` for a credit, pounds with two decimals. Text in capitals.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# The characters that Bacs carries in text fields, and no other.
ALLOWED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.&/- ")
LONGEST_TEXT = 18
CREDIT = "99"


@dataclass(frozen=True)
class BankLine:
    """One payment as the bank needs it. It prints nothing of the number."""

    reference: str
    name: str
    account_number: str
    sort_code: str
    pay_on: date
    pence: int

    def __repr__(self) -> str:
        return f"<line of {self.reference}>"


def plain(text: str) -> str:
    """Text as Bacs carries it: capitals, no accents, 18 characters, and beginning with a letter
    or figure, so that no spreadsheet takes it for a formula."""
    folded = unicodedata.normalize("NFKD", text).upper()
    kept = "".join(c if c in ALLOWED else " " for c in folded if not unicodedata.combining(c))
    return " ".join(kept.lstrip(".&/- ").split())[:LONGEST_TEXT].rstrip()


def reference_of(number: int) -> str:
    """What stands on both statements. Bank matching looks for it."""
    return f"DOORSTEP {number}"


def written(lines: Iterable[BankLine]) -> str:
    """The whole file. Rows end in CRLF, as banks ask."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for line in lines:
        pounds, pence = divmod(line.pence, 100)
        writer.writerow(
            [
                plain(line.reference),
                plain(line.name),
                line.account_number,
                line.sort_code,
                line.pay_on.strftime("%y%j"),
                CREDIT,
                f"{pounds}.{pence:02}",
            ]
        )
    return out.getvalue()
