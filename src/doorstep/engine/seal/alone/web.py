"""Asks a web server for a file, and takes only an answer that came whole and is that file."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urljoin, urlsplit

from ..recount.ballots import UnreadableError

SILENCE = 30.0  # seconds without a byte
LONGEST_WAIT = 600.0  # seconds for one file, however steadily it trickles
PIECE = 1 << 16
SENT_ON = (301, 302, 303, 307, 308)


class StayHere(urllib.request.HTTPRedirectHandler):
    """Follows a server to its own pages only: whoever names an address wants what stands there."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if _server(newurl) != _server(req.full_url):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetched(address: str, most: int) -> bytes | None:
    """The bytes at an address, one more than `most` where there are more; None where the server
    says that there is nothing. Raises UnreadableError for everything else that is not the file."""
    opener = urllib.request.build_opener(StayHere)
    try:
        asked = urllib.request.Request(address, headers={"User-Agent": "doorstep-verify"})  # noqa: S310 - http or https, by Place
        with opener.open(asked, timeout=SILENCE) as answer:
            _refuse_another_thing(address, answer)
            return _all_of(address, answer, most)
    except urllib.error.HTTPError as problem:
        with problem:
            _refuse_unless_missing(address, problem)
        return None
    except (OSError, http.client.HTTPException, ValueError) as problem:
        why = getattr(problem, "reason", problem)
        raise UnreadableError(f"{address} cannot be reached ({why}).") from None


def _refuse_unless_missing(address: str, problem: urllib.error.HTTPError) -> None:
    if problem.code in (404, 410):
        return
    there = urljoin(address, problem.headers.get("Location", ""))
    if problem.code in SENT_ON and _server(there) != _server(address):
        raise UnreadableError(
            f"{address} sends on to {there}. Only the address that you name is read: if you "
            "believe the other one, name that."
        )
    raise UnreadableError(f"{address} answered {problem.code}.")


def _refuse_another_thing(address: str, answer: Any) -> None:
    """A page that says "please sign in" is no forgery; neither is half a file."""
    if answer.status != 200:
        raise UnreadableError(f"{address} answered {answer.status}.")
    if answer.headers.get_content_type() == "text/html" and not address.endswith(".html"):
        raise UnreadableError(f"{address} answered with a web page instead of the file.")
    packed = answer.headers.get("Content-Encoding", "identity")
    if packed.lower() != "identity":
        raise UnreadableError(f"{address} answered in a packed form ({packed}), unasked.")


def _all_of(address: str, answer: Any, most: int) -> bytes:
    told: int | None = answer.length
    data, end = bytearray(), time.monotonic() + LONGEST_WAIT
    while len(data) <= most and (told is None or len(data) < told):
        piece = answer.read1(PIECE)
        if not piece:
            break
        data += piece
        if time.monotonic() > end:
            raise UnreadableError(f"{address} came too slowly: {len(data):,} bytes so far.")
    if told is not None and len(data) < min(told, most + 1):
        raise UnreadableError(f"{address} was cut off: {len(data):,} bytes of {told:,} came.")
    return bytes(data)


def _server(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme.lower(), parts.netloc.lower()
