"""What a statement is once it is read, and how one amount and one day are read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused

MAX_FILE = 5_000_000  # bytes; a year of a busy account is far below it
MAX_LINES = 20_000
MAX_PENCE = 10**13
FIRST_DAY = date(2000, 1, 1)
_WORDS = 500

_DIGITS = re.compile(r"(?:\d{1,13}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,2})?", re.ASCII)
_DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d %b %Y", "%d-%b-%Y", "%d %B %Y",
              "%d %b %y", "%d-%b-%y")  # fmt: skip


class Format(StrEnum):
    CSV = "csv"
    OFX = "ofx"
    CAMT = "camt.053"


@dataclass(frozen=True)
class Booked:
    """One line that the bank booked. `number` is the line of the file it stands on.

    `pence` is positive for money in and negative for money out. `bank_ref` is the bank's own and
    lasting reference for the line, empty where it gives none. `who` and `reference` are private.
    """

    number: int
    booked_on: date
    pence: int
    bank_ref: str = ""
    who: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Statement:
    """A file that was read. `closing` is the balance, in pence, at the end of a day, if it says
    so; `ending` is the last three digits of the account that it is about, if it says so."""

    format: Format
    lines: tuple[Booked, ...]
    closing: tuple[date, int] | None = None
    ending: str = ""


def broken(number: int, why: str) -> Refused:
    """The one way to refuse a file because of one of its lines."""
    return Refused(
        _(
            "Line %(line)s of the file: %(why)s Nothing was imported. Put it right, or download "
            "the statement again."
        )
        % {"line": number, "why": why},
        code="statement-line",
    )


def said(text: str | None) -> str:
    """Words of the bank, on one line, without what could not be shown."""
    kept = "".join(c if c.isprintable() else " " for c in text or "")
    return " ".join(kept.split())[:_WORDS]


def pence_of(text: str, number: int) -> int:
    """£1,234.50, -12, (12.50) or 12.50 DR, as pence."""
    written = text.strip().replace("\u2212", "-").replace("\u00a3", "").replace("GBP", "").strip()
    sign = 1
    if written.startswith("(") and written.endswith(")"):
        sign, written = -1, written[1:-1].strip()
    if written.upper().endswith(("CR", "DR")):
        sign = -1 if written.upper().endswith("DR") else 1
        written = written[:-2].strip()
    if written[:1] in {"+", "-"}:
        sign, written = (-sign if written[0] == "-" else sign), written[1:].strip()
    if not _DIGITS.fullmatch(written):
        raise broken(
            number,
            _("“%(text)s” is not an amount of pounds and pence. Write it as 1234.50.")
            % {"text": said(text)[:40]},
        )
    pounds, _dot, odd = written.replace(",", "").partition(".")
    pence = int(pounds) * 100 + int((odd or "0").ljust(2, "0"))
    if pence > MAX_PENCE:
        raise broken(number, _("the amount is larger than any this fund could move."))
    return sign * pence


def day_of(text: str, number: int) -> date:
    """A day as banks here write it: the day first (03/11/2026 is 3 November), or the year first."""
    written = " ".join(text.split())
    day = _iso(written) or _day_first(written)
    if day is None:
        raise broken(
            number,
            _(
                "“%(text)s” is not a day. Days are read day first, as in 23/11/2026, or as "
                "2026-11-23."
            )
            % {"text": said(text)[:40]},
        )
    return day


def _iso(written: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?", written, re.ASCII):
        return None
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None


def _day_first(written: str) -> date | None:
    for form in _DAY_FIRST if len(written) <= 30 else ():
        try:
            return datetime.strptime(written, form).date()  # noqa: DTZ007 - a day has no hour
        except ValueError:
            continue
    return None


def checked(lines: Iterable[Booked], today: date) -> tuple[Booked, ...]:
    """The lines, each on a day that can be and of an amount that is something."""
    kept = tuple(lines)
    if len(kept) > MAX_LINES:
        raise Refused(
            _("This file has more than 20,000 lines. Ask the bank for a shorter time."),
            code="statement-large",
        )
    for line in kept:
        if line.pence == 0:
            raise broken(line.number, _("the amount is nothing."))
        if not FIRST_DAY <= line.booked_on <= today + timedelta(days=1):
            raise broken(
                line.number,
                _(
                    "the day %(day)s is in the future or long past. If day and month have "
                    "changed places, choose another format at the bank."
                )
                % {"day": line.booked_on.isoformat()},
            )
    return kept


def ending_of(number: str) -> str:
    """The last three digits of an account's number, or nothing when it is not one."""
    digits = re.sub(r"\D", "", number, flags=re.ASCII)
    return digits[-3:] if len(digits) >= 3 else ""
