"""Reads what a bank says happened: CSV, OFX or CAMT.053, whichever the file turns out to be.

A file is read whole or refused whole, with the line that is wrong and what to do about it; nothing
is guessed and nothing is half imported. No network, no files, no database.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused

from .camt import read_camt
from .commas import read_csv
from .ofx import read_ofx
from .plain import MAX_FILE, Booked, Format, Statement

__all__ = ["MAX_FILE", "Booked", "Format", "Statement", "read"]


def read(content: bytes) -> Statement:
    """The lines of a bank statement in the order of the file. Raises Refused, and nothing else."""
    if not content.strip():
        raise Refused(
            _("This file is empty. Download the statement again and choose that file."),
            code="statement-empty",
        )
    if len(content) > MAX_FILE:
        raise Refused(
            _(
                "This file is larger than 5 MB. Ask the bank for a shorter time, and bring the "
                "rest after it."
            ),
            code="statement-large",
        )
    return _reader(content)(content)


def _reader(content: bytes) -> Callable[[bytes], Statement]:
    start = content[:4000].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").upper()
    if b"<OFX>" in start or b"OFXHEADER" in start:
        return read_ofx
    return read_camt if start.startswith(b"<") else read_csv
