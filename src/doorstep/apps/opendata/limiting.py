"""How much one connection may ask of the read API: a question counts as one, and a long answer for
as many as it is long. Answers that lie ready (`site/pagecache.py`) are given before this is asked,
and cost next to nothing."""

import secrets
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from doorstep.apps.limits.actions import QUARTER, count, mark_of, tally_of
from doorstep.apps.limits.connections import connection_of
from doorstep.engine.rulebook import rule

from .problems import too_often

STEP = 20
# So many bytes count as STEP questions more: so long an answer is not kept, and is made each time.
LONG = 100_000
# A file that is sent as it is read is counted after so many bytes, and at its end or where it broke
# off: rarely, because each count is a write.
BETWEEN = 10 * LONG
Answer = TypeVar("Answer", bound=HttpResponseBase)


def asked_too_often(request: HttpRequest) -> HttpResponse | None:
    """The answer that asks for patience, or None while there is no need to."""
    key = _key(request)
    tally = count(key, QUARTER, by=STEP) if falls_due() else tally_of(key)
    most = int(rule("limit.api", timezone.localdate()).value)
    if tally is None or tally.times <= most:
        return None
    return too_often(max(1, tally.until - int(time.time())))


def charged(request: HttpRequest, answer: Answer) -> Answer:
    """The same answer, counted for its length. What was begun is sent to its end: it is the next
    question that waits."""
    key = _key(request)
    if isinstance(answer, StreamingHttpResponse):
        answer.streaming_content = _sent(key, answer.streaming_content)  # type: ignore[arg-type]
    elif isinstance(answer, HttpResponse):
        _charge(key, len(answer.content))
    return answer


def _sent(key: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    waiting = 0
    try:
        for piece in pieces:
            waiting += len(piece)
            yield piece
            if waiting >= BETWEEN:
                _charge(key, waiting)
                waiting %= LONG
    finally:
        _charge(key, waiting)


def _charge(key: str, size: int) -> None:
    if size >= LONG:
        count(key, QUARTER, by=size // LONG * STEP)


def _key(request: HttpRequest) -> str:
    return f"limit.api.{mark_of(connection_of(request))}"


def falls_due() -> bool:
    """Whether this question is the one in twenty that is counted, and for twenty, so that reading
    hardly ever writes: on SQLite a write waits for the one writer, and voters come first."""
    return not secrets.randbelow(STEP)
