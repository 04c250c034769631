"""Marks a view that anybody may open, and reads once what a request needs twice. It stands beside
the rooms because the first of them, which come before `people` and its guards, have pages too."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

View = TypeVar("View", bound=Callable[..., HttpResponse])
Read = TypeVar("Read")


def public(view: View) -> View:
    """Anybody may read it: GET and HEAD, and nothing else."""
    # Without a form there is nothing to forge, and a POST must hear 405 rather than "send that
    # form again".
    reading = public_form(csrf_exempt(require_safe(view)))
    reading.reads_only = True  # type: ignore[attr-defined]
    return reading


def public_form(view: View) -> View:
    """Anybody may open it; saying so tells a chosen openness from a forgotten guard. For the rare
    view that takes a form from a stranger, and says itself which methods it answers. How often it
    may come stands in `site/limiting.py`."""
    view.guarded = "public"  # type: ignore[attr-defined]
    return view


def kept_for(*parameters: str) -> Callable[[View], View]:
    """Name the query parameters that change this page. Asked with any other, it is not kept, so
    that nobody fills the cache by adding `?x=1` and `?x=2` to an address. Stands below `@public`.
    """

    def declare(view: View) -> View:
        view.kept_parameters = frozenset(parameters)  # type: ignore[attr-defined]
        return view

    return declare


def once(request: HttpRequest, what: str, read: Callable[[], Read]) -> Read:
    """What `read` finds, asked once in a request: its guard and its view need the same row. It is
    kept on the request and nowhere else, so that the next one reads anew."""
    kept = request.__dict__.setdefault("read_once", {})
    if what not in kept:
        kept[what] = read()
    found: Read = kept[what]
    return found
