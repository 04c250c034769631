"""Marks a view that anybody may open. It stands beside the rooms because the first of them, which
come before `people` and its guards, have public pages too."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

View = TypeVar("View", bound=Callable[..., HttpResponse])


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
