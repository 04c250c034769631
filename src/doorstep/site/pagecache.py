"""Public pages, rendered once for each state of the record and then handed out as they are.

A page for a visitor without an account is a function of the record: only a new leaf, or a new
signature over it, can change it. So its key holds the last link of the record's chain and what was
signed last, beside the address, the language, the release and the date in London, and a kept page
is never stale: when the record grows, its key is never asked for again.
A page is kept only when its view is open to anybody (`apps.public`) and does not say
`view.cacheable = False`, when it answered 200, and when it touched neither a session, a cookie nor
a CSRF token. Nor is it kept when its query holds what the view did not declare (`kept_for`), or
when it is a large file: a stranger must not fill the cache. Pages have a cache of their own, so
that even a full one never pushes out the counters that slow down whoever guesses codes.
"""

import gzip
import hashlib
import logging
from collections.abc import Callable, Collection
from functools import cache as once
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode

import doorstep
from doorstep.apps.record import queries as record

log = logging.getLogger(__name__)

VARY = "Accept-Encoding, Accept-Language, Cookie"
# A visitor's browser may keep a page but must ask whether it still holds; the answer is a 304.
ASK_AGAIN = "no-cache"
LARGEST_FILE_KEPT = 100_000  # bytes
# What a kept page says of itself; every other header is written anew for each visitor.
OPEN_HEADERS = (
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Cross-Origin-Resource-Policy",
)
KEPT_HEADERS = ("Content-Type", "Content-Language", "Content-Disposition", "Link", *OPEN_HEADERS)


class Page(NamedTuple):
    """A finished page: its headers, and its body already compressed."""

    etag: str
    headers: list[tuple[str, str]]
    zipped: bytes


@once
def release() -> str:
    """Which code is running: the size and age of every file it consists of."""
    package = Path(doorstep.__file__).parent
    seen = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":  # Python makes those as it goes
            stat = path.stat()
            seen.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()[:16]


def key_of(request: HttpRequest) -> str | None:
    """The key under which this page may be kept; None when this visitor is never a stranger."""
    if request.method not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in request.META:
        return None
    if {settings.SESSION_COOKIE_NAME, settings.NOTICES_COOKIE_NAME} & request.COOKIES.keys():
        return None
    try:
        record_now = record.state()
    except DatabaseError:
        return None  # the view will meet the same fault, and its error page says so
    parts = (
        release(),
        record_now,
        settings.NOTICE,
        timezone.localdate().isoformat(),
        translation.get_language_from_request(request),
        request.scheme or "",
        # The host as sent: one that is not allowed never gets a 200, so it is never kept.
        request.META.get("HTTP_HOST", ""),
        request.get_full_path(),
    )
    return "page." + hashlib.sha256("\n".join(parts).encode()).hexdigest()


def keepable(response: HttpResponse) -> bool:
    """Whether this answer belongs to nobody in particular."""
    if response.status_code != 200 or response.streaming or response.cookies:
        return False
    if response.has_header("Content-Disposition") and len(response.content) > LARGEST_FILE_KEPT:
        return False
    refuses = {"no-store", "private"} & set(response.get("Cache-Control", "").split(", "))
    return not refuses and "cookie" not in response.get("Vary", "").lower()


def asked_plainly(request: HttpRequest, declared: Collection[str]) -> bool:
    """Whether the query holds declared parameters only, each once and in its only spelling."""
    written = request.META.get("QUERY_STRING", "")
    once = request.GET.dict()
    return set(once) <= set(declared) and urlencode(once) == written


class PageCache:
    """Middleware. A kept page costs one SQL statement and one look into the shared cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.compress = GZipMiddleware(get_response).process_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = key_of(request)
        kept = self._look(key) if key else None
        if kept:
            return self._answer(request, kept)
        response = self.get_response(request)
        if key and getattr(request, "is_public_page", False) and keepable(response):
            page = self._finish(response)
            if request.may_be_kept and request.method == "GET":  # type: ignore[attr-defined]
                self._keep(key, page)
            return self._answer(request, page)
        return self.compress(request, response)

    def process_view(self, request: HttpRequest, view: Callable, args: list, kwargs: dict) -> None:
        is_open = getattr(view, "guarded", "") == "public"
        declared = getattr(view, "kept_parameters", ())
        request.is_public_page = getattr(view, "cacheable", is_open)  # type: ignore[attr-defined]
        request.may_be_kept = asked_plainly(request, declared)  # type: ignore[attr-defined]

    def _finish(self, response: HttpResponse) -> Page:
        digest = hashlib.sha256(response.content).hexdigest()[:32]
        headers = [(name, response[name]) for name in KEPT_HEADERS if response.has_header(name)]
        # mtime=0: the same page must be the same bytes in every process.
        return Page(f'W/"{digest}"', headers, gzip.compress(response.content, 9, mtime=0))

    def _answer(self, request: HttpRequest, page: Page) -> HttpResponse:
        accepts = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        body = page.zipped if accepts else gzip.decompress(page.zipped)
        response = HttpResponse(body, headers=dict(page.headers))
        if accepts:
            response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(body))
        response["ETag"] = page.etag
        response["Vary"] = VARY
        response["Cache-Control"] = ASK_AGAIN
        if "HTTP_IF_NONE_MATCH" not in request.META:
            return response
        answer = get_conditional_response(request, etag=page.etag, response=response) or response
        for name in OPEN_HEADERS:  # a browser looks for them on a 304 as well
            if response.has_header(name):
                answer[name] = response[name]
        return answer

    # A full disk or a lost cache server makes pages slower, never wrong and never missing.

    def _look(self, key: str) -> Page | None:
        try:
            found = caches["pages"].get(key)
        except Exception:
            log.exception("The page cache could not be read")
            return None
        return Page(*found) if found else None

    def _keep(self, key: str, page: Page) -> None:
        try:
            caches["pages"].set(key, tuple(page))
        except Exception:
            log.exception("The page cache could not be written")
