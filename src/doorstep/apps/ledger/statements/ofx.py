"""OFX 1 (SGML) and 2 (XML), through ofxtools' tree. Its stricter `convert()` is not used: banks
add tags of their own, and a statement must not be refused for a tag that nobody reads."""

import io
import re
from datetime import date, datetime
from xml.etree.ElementTree import Element
from xml.sax.saxutils import unescape

from django.utils import timezone
from django.utils.translation import gettext as _
from ofxtools.Parser import OFXTree

from doorstep.apps.refused import Refused

from .plain import Booked, Format, Statement, broken, checked, ending_of, pence_of, said

_DEEP = 40


def read_ofx(content: bytes) -> Statement:
    """Each STMTTRN is one line; its FITID is the bank's lasting reference. A line's number is its
    place among the transactions, because the library does not say where in the file it stood."""
    # The library forgives a file that stops half-way; its last lines would be missing.
    if not content.rstrip(b"\x00 \r\n\t\x1a").upper().endswith(b"</OFX>"):
        raise _unreadable()
    tree = OFXTree()
    try:
        root = tree.parse(io.BytesIO(_without_cdata(content)))
        statements = _all(root, "STMTRS")
    except Exception:
        # The library raises whatever it trips over: SyntaxError, ValueError, AssertionError …
        raise _unreadable() from None
    if len(statements) != 1:
        raise Refused(
            _(
                "This file is about more than one account, or about none. Download each account "
                "by itself."
            ),
            code="statement-accounts",
        )
    statement = statements[0]
    if (_text(statement, "CURDEF") or "GBP").upper() != "GBP":
        raise Refused(_("This statement is not in pounds."), code="statement-currency")
    lines = [_line(number, one) for number, one in enumerate(_all(statement, "STMTTRN"), start=1)]
    balance = next(iter(_all(statement, "LEDGERBAL")), None)
    closing = None
    if balance is not None:
        closing = (
            _day(_text(balance, "DTASOF"), 0), pence_of(_text(balance, "BALAMT"), 0)
        )  # fmt: skip
    account = next(iter(_all(statement, "BANKACCTFROM")), None)
    return Statement(
        Format.OFX,
        checked(lines, timezone.localdate()),
        closing,
        ending_of(_text(account, "ACCTID")) if account is not None else "",
    )


def _without_cdata(content: bytes) -> bytes:
    """The same file with CDATA as escaped text: the library's pattern for it reads on to the last
    one of a line, in a time that grows with the square of the line."""
    done, rest = [], content
    while True:
        before, opened, after = rest.partition(b"<![CDATA[")
        done.append(before)
        if not opened:
            return b"".join(done)
        inside, closed, rest = after.partition(b"]]>")
        if not closed:
            raise _unreadable()
        done.append(inside.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;"))


def _line(number: int, one: Element) -> Booked:
    return Booked(
        number=number,
        booked_on=_day(_text(one, "DTPOSTED"), number),
        pence=pence_of(_text(one, "TRNAMT"), number),
        bank_ref=said(_text(one, "FITID")),
        who=said(_text(one, "NAME")),
        reference=said(f"{_text(one, 'MEMO')} {_text(one, 'REFNUM')} {_text(one, 'CHECKNUM')}"),
    )


def _day(text: str, number: int) -> date:
    """20261103120000[0:GMT]: the day as the bank wrote it, in the bank's own time zone."""
    if re.match(r"\d{8}", text, re.ASCII):
        try:
            return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007 - a day has no hour
        except ValueError:
            pass
    raise broken(number, _("“%(text)s” is not a day.") % {"text": said(text)[:40]})


def _all(inside: Element, tag: str) -> list[Element]:
    return list(inside.iter(tag))


def _text(inside: Element, tag: str) -> str:
    found = inside.find(tag)
    text = (found.text or "") if found is not None else ""
    return unescape(text.strip(), {"&nbsp;": " ", "&quot;": '"', "&apos;": "'"})


def _unreadable() -> Refused:
    return Refused(
        _(
            "This OFX file cannot be read: it is cut short or damaged. Download it again, or "
            "choose CSV."
        ),
        code="statement-ofx",
    )
