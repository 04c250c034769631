"""Reading the list of addresses that a worker uploads: CSV, one letter a line. Pure.

Every column of a line becomes a line of the address; empty ones are left out. Refuses by line
number, because whoever made the list mends it in a spreadsheet.
"""

import csv
import io

from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused
from doorstep.apps.typeface import missing_letters
from doorstep.apps.voting.actions.printing import tidy_line

MOST_BYTES = 8 << 20
MOST_LINES = 7  # of one address: what a window shows
MOST_IN_A_LINE = 45
HEADINGS = {"address", "address 1", "address1", "address line 1", "line 1", "name", "cyfeiriad"}


def read(data: bytes, most: int) -> list[str]:
    """Addresses in the order of the file, each with its lines broken by a line break."""
    if len(data) > MOST_BYTES:
        raise Refused(_("This file is larger than 8 MB. Is it the list?"), code="list_too_large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        if "\ufffd" in text or "\x00" in text:
            raise Refused(
                _("This is not a list we can read. Save it as CSV (UTF-8) and upload it again."),
                code="not_a_list",
            ) from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[str] = []
    first_line_of: dict[str, int] = {}
    try:
        for row in rows:
            lines = [tidied for cell in row if (tidied := tidy_line(cell))]
            if not lines or (not found and rows.line_num == 1 and lines[0].lower() in HEADINGS):
                continue
            address = "\n".join(lines)
            _refuse_line(lines, address, rows.line_num, first_line_of)
            first_line_of[address] = rows.line_num
            found.append(address)
            if len(found) > most:
                raise Refused(
                    _("The list has more than %(most)s addresses. Is it for one place?")
                    % {"most": f"{most:,}"},
                    code="list_too_long",
                )
    except csv.Error:
        raise _at(rows.line_num, _("the quotation marks do not match. Mend this line.")) from None
    if not found:
        raise Refused(_("The list is empty."), code="list_empty")
    return found


def _refuse_line(lines: list[str], address: str, line: int, seen: dict[str, int]) -> None:
    if len(lines) < 2:
        raise _at(line, _("an address has at least a street and a town, in columns of their own."))
    if len(lines) > MOST_LINES:
        raise _at(line, _("an address has at most 7 lines; more does not show in the envelope."))
    if any(len(each) > MOST_IN_A_LINE for each in lines):
        raise _at(line, _("a line of an address has at most 45 letters."))
    if missing := missing_letters(address):
        raise _at(line, _("these letters cannot be printed: %(letters)s") % {"letters": missing})
    if address in seen:
        raise _at(line, _("this address stands in line %(first)s too.") % {"first": seen[address]})


def _at(line: int, what: str) -> Refused:
    return Refused(_("Line %(line)s: %(what)s") % {"line": line, "what": what}, code="list_broken")
