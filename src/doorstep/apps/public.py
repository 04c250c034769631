"""Marks a view that anybody may open. It stands beside the rooms because the first of them, which
come before `people` and its guards, have public pages too."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponse

View = TypeVar("View", bound=Callable[..., HttpResponse])


def public(view: View) -> View:
    """Anybody may open it; saying so tells a chosen openness from a forgotten guard."""
    view.guarded = "public"  # type: ignore[attr-defined]
    return view
