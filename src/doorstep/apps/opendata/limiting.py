"""How often one connection may ask the read API. Answers that lie ready (`site/pagecache.py`) are
given before this is asked, and cost next to nothing."""

import secrets
import time

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from doorstep.apps.limits.actions import QUARTER, count, mark_of, tally_of
from doorstep.apps.limits.connections import connection_of
from doorstep.engine.rulebook import rule

from .problems import too_often

STEP = 20


def asked_too_often(request: HttpRequest) -> HttpResponse | None:
    """The answer that asks for patience, or None while there is no need to."""
    key = f"limit.api.{mark_of(connection_of(request))}"
    tally = count(key, QUARTER, by=STEP) if falls_due() else tally_of(key)
    most = int(rule("limit.api", timezone.localdate()).value)
    if tally is None or tally.times <= most:
        return None
    return too_often(max(1, tally.until - int(time.time())))


def falls_due() -> bool:
    """Whether this question is the one in twenty that is counted, and for twenty, so that reading
    hardly ever writes: on SQLite a write waits for the one writer, and voters come first."""
    return not secrets.randbelow(STEP)
