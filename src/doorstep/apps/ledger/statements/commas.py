"""CSV as British banks write it. A column is known by its heading, never by its place.

Banks differ in what they call things and agree in little else, so headings stand under the part
that they play. A file in which two columns play a part that only one can is refused.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused

from .plain import Booked, Format, Statement, broken, checked, day_of, ending_of, pence_of, said

# What a heading is called (small letters, without what stands in brackets) and the part it plays.
PARTS = {
    "date": ("date", "transaction date", "posting date", "posted date", "booking date", "booked on",
             "date posted", "completed date"),
    "amount": ("amount", "value", "transaction amount"),
    "in": ("paid in", "money in", "credit", "credit amount", "credits", "amount in", "in"),
    "out": ("paid out", "money out", "debit", "debit amount", "debits", "amount out", "out",
            "withdrawn"),
    "who": ("who", "description", "transaction description", "counter party", "counterparty",
            "counter party name", "payee", "payer", "name", "details", "narrative", "memo",
            "merchant", "transaction details"),
    "reference": ("reference", "payment reference", "transaction reference", "notes",
                  "particulars"),
    "id": ("transaction id", "fitid", "bank reference", "transaction number", "unique id"),
    "balance": ("balance", "running balance", "account balance"),
    "account": ("account number", "account", "account no"),
    "currency": ("currency", "account currency"),
}  # fmt: skip
OWN_LAYOUT = "date,amount,who,reference,bank reference,balance"
_PART = {heading: part for part, headings in PARTS.items() for heading in headings}
_SEVERAL = {"who", "reference"}
_HEADING_WITHIN = 20  # lines; some banks put the account's name and number above the headings
csv.field_size_limit(100_000)


def read_csv(content: bytes) -> Statement:
    """Days are read day first (03/11/2026 is 3 November) unless the year comes first."""
    rows = _rows(_decoded(content))
    columns, body = _headed(rows)
    lines: list[Booked] = []
    balances: list[tuple[Booked, int]] = []
    endings = set()
    width = max(columns) + 1
    for number, row in body:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < width:
            raise broken(number, _("it has fewer columns than the headings."))
        line, cells = _line(number, row, columns)
        lines.append(line)
        if cells["balance"]:
            balances.append((line, pence_of(cells["balance"], number)))
        if cells["account"]:
            endings.add(ending_of(cells["account"]))
        if cells["currency"] and cells["currency"].upper() not in {"GBP", "\u00a3"}:
            raise broken(number, _("it is not in pounds."))
    if len(endings) > 1:
        raise Refused(
            _("This file is about more than one account. Download each account by itself."),
            code="statement-accounts",
        )
    kept = checked(lines, timezone.localdate())
    closing = _closing(balances) if len(balances) == len(lines) else None
    return Statement(Format.CSV, kept, closing, endings.pop() if endings else "")


def _decoded(content: bytes) -> str:
    """UTF-8 or UTF-16 where the file says so by its first bytes; else UTF-8; else Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refused(
        _(
            "This file is not a bank statement in CSV, OFX or CAMT.053. Open the bank’s website "
            "and choose one of these when you download."
        ),
        code="statement-format",
    )


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    head = "\n".join(text.splitlines()[:_HEADING_WITHIN])
    between = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise broken(number, _("a quotation mark is opened and not closed.")) from None
        yield number, row


def _headed(
    rows: Iterator[tuple[int, list[str]]],
) -> tuple[dict[int, str], Iterator[tuple[int, list[str]]]]:
    """Which column plays which part, and the rows below the headings."""
    for number, row in rows:
        parts = {
            place: _PART[name] for place, name in enumerate(map(_heading, row)) if name in _PART
        }
        played = list(parts.values())
        if "date" in played and ("amount" in played or {"in", "out"} <= set(played)):
            for part in set(played) - _SEVERAL:
                if played.count(part) > 1:
                    raise broken(
                        number,
                        _("two columns could both be the %(part)s. Remove the one that is not.")
                        % {"part": part},
                    )
            if "amount" in played and {"in", "out"} & set(played):
                raise broken(
                    number,
                    _("there is an amount and also money in or money out. Remove one of the two."),
                )
            return parts, rows
        if number > _HEADING_WITHIN:
            break
    raise Refused(
        _(
            "No headings were found. The file needs a first line with Date, and Amount or both "
            "Paid in and Paid out. Doorstep’s own layout is: %(layout)s"
        )
        % {"layout": OWN_LAYOUT},
        code="statement-headings",
    )


def _heading(cell: str) -> str:
    return " ".join(cell.partition("(")[0].replace("_", " ").strip("\ufeff #").casefold().split())


def _line(number: int, row: list[str], columns: dict[int, str]) -> tuple[Booked, dict[str, str]]:
    cells = dict.fromkeys(PARTS, "")
    for place, part in columns.items():
        cell = row[place].strip()
        cells[part] = f"{cells[part]} {cell}".strip()
    return (
        Booked(
            number=number,
            booked_on=day_of(cells["date"], number),
            pence=_moved(cells, number),
            bank_ref=said(cells["id"]),
            who=said(cells["who"]),
            reference=said(cells["reference"]),
        ),
        cells,
    )


def _moved(cells: dict[str, str], number: int) -> int:
    if cells["amount"]:
        return pence_of(cells["amount"], number)
    came = pence_of(cells["in"], number) if cells["in"] else 0
    went = pence_of(cells["out"], number) if cells["out"] else 0
    if came and went:
        raise broken(number, _("it has money in and money out at once."))
    if not came and not went:
        raise broken(number, _("it has no amount."))
    # Some banks write money out as a negative sum in its own column, others do not.
    return came if came else -abs(went)


def _closing(balances: list[tuple[Booked, int]]) -> tuple[date, int] | None:
    """The balance after the newest line, once the whole column adds up; oldest first or last."""
    if not balances:
        return None
    jumps_down = _jump(balances)
    if jumps_down is None:
        line, pence = balances[-1]
        return line.booked_on, pence
    if _jump(balances[::-1]) is None:
        line, pence = balances[0]
        return line.booked_on, pence
    raise broken(
        jumps_down,
        _("the balance does not follow from the line before, so a line may be missing."),
    )


def _jump(balances: list[tuple[Booked, int]]) -> int | None:
    """The line of the file at which the balance does not follow, reading from old to new."""
    before = None
    for line, balance in balances:
        if before is not None and before + line.pence != balance:
            return line.number
        before = balance
    return None
