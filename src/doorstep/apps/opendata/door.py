"""What every answer of the API shares: reading only, open to any site, and kept like a page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from doorstep.apps.public import kept_for, public_form

from .limiting import asked_too_often, charged
from .problems import only_reading

METHODS = "GET, HEAD, OPTIONS"
A_DAY = 24 * 3600
# Every parameter of every operation. Any other is refused, so it never fills the cache.
PARAMETERS = frozenset({"start", "limit", "place", "fund", "award", "about"})


def door(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open an operation to anybody, from any site, for reading."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return _allowing(HttpResponse(status=204))
        if request.method not in {"GET", "HEAD"}:
            return opened(_allowing(only_reading()))
        if busy := asked_too_often(request):
            return opened(busy)
        asked, request.method = request.method, "GET"  # ninja knows no HEAD
        try:
            return opened(charged(request, view(request, *args, **kwargs)))
        finally:
            request.method = asked

    opened_view = public_form(csrf_exempt(kept_for(*sorted(PARAMETERS))(answer)))
    opened_view.reads_only = True  # type: ignore[attr-defined]
    return opened_view


def opened(response: HttpResponse) -> HttpResponse:
    """Let any site's page read it, also its headers that say where more stands."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Link"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.setdefault("Cache-Control", "public, no-cache")
    return response


def _allowing(response: HttpResponse) -> HttpResponse:
    response["Allow"] = METHODS
    response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match"
    response["Access-Control-Max-Age"] = str(A_DAY)
    return opened(response)
