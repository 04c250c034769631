"""What the server writes about its own faults: enough to mend them, and nothing that was typed."""

import logging
import re
import time
from types import TracebackType

# PostgreSQL repeats the row that it refused, and with it an e-mail address or a name.
ROW = re.compile(r"^(DETAIL|CONTEXT|LINE \d+):.*$\n?(^ *\^\s*$\n?)?", re.MULTILINE)
# The address in a QR code is a voting code. Django names the path of a request that broke.
# Typed by hand it may hold spaces, so that whatever follows is left out as well.
CODE = re.compile(r"/v/[^\n\"']*[^\n\"'\s]")
# What a fault says may name whom a message was for.
ADDRESS = re.compile(
    r"[^\s<>@\"'(),;:]{1,64}@[^\s<>@\"'(),;:]{1,253}\.[^\W\d]{2,}|(?:\+44|\b0)7\d{9}\b"
)
# Whatever moves the cursor, or what a reader of the log may take for the end of a line.
MOVES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
INSIDE = "  "  # before each line that belongs to the one above it
Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Plain(logging.Formatter):
    """One line with time and place, then the trace, moved in: a line that begins at the left is one
    that we wrote, whatever was typed. Django names a request by its path alone, without the query;
    the values of a refused row are left out here. Times are in UTC, as in the record."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (its name in the standard library)
        return _visible(super().formatMessage(record))

    def formatException(self, ei: Fault) -> str:  # noqa: N802 (its name in the standard library)
        return ROW.sub("", super().formatException(ei))

    def format(self, record: logging.LogRecord) -> str:
        plain = ADDRESS.sub("…", CODE.sub("/v/…", super().format(record)))
        return f"\n{INSIDE}".join(_visible(line) for line in plain.split("\n"))


def _visible(line: str) -> str:
    """One line, with everything that would end it or move about in it written out."""
    return MOVES.sub(lambda found: found[0].encode("unicode_escape").decode(), line)


def to_stderr() -> dict[str, object]:
    """Django's LOGGING: our warnings, and everybody's errors, go where the server was started."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {
                "()": "doorstep.site.logs.Plain",
                "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"handlers": ["stderr"], "level": "ERROR"},
        "loggers": {
            # Django's own way is to tell nobody unless DEBUG is on. A 404 or 403 is no error.
            "django": {"handlers": [], "level": "ERROR"},
            "django.request": {"level": "ERROR"},
            "doorstep": {"level": "WARNING"},
        },
    }
