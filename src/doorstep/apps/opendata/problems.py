"""What the API answers when it cannot answer: a small document in plain words (RFC 9457).

{"type": "about:blank", "title": "…", "status": 422, "detail": "…",
 "errors": [{"parameter": "limit", "detail": "Write a number of at most 500."}]}
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MEDIA_TYPE = "application/problem+json"
# Every operation can answer with these three; api.py writes them into the OpenAPI document.
SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "Why there is no answer, and what to do (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["parameter", "detail"],
                "properties": {
                    "parameter": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
_TITLES = {
    404: gettext_lazy("There is nothing at this address"),
    405: gettext_lazy("This address is only for reading"),
    422: gettext_lazy("The question could not be read"),
    429: gettext_lazy("You asked very often"),
}
# What pydantic calls a fault, and how a person says what to write instead.
_FAULTS = {
    "int_parsing": gettext_lazy("Write a whole number."),
    "int_type": gettext_lazy("Write a whole number."),
    "int_parsing_size": gettext_lazy("Write a smaller number."),
    "int_from_float": gettext_lazy("Write a whole number."),
    "greater_than_equal": gettext_lazy("Write a number of at least %(ge)s."),
    "less_than_equal": gettext_lazy("Write a number of at most %(le)s."),
    "string_pattern_mismatch": gettext_lazy(
        "Write an id as it stands in an address: letters, digits and hyphens."
    ),
}


class Unreadable(Exception):  # noqa: N818 - the question was wrong, nothing here was
    """The question could not be read; `errors` says which parameters, and what to write."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(errors)
        self.errors = errors


def problem(
    status: int, detail: str, errors: Iterable[Mapping[str, str]] | None = None
) -> HttpResponse:
    """The answer itself. `detail` says what was wrong and what to do."""
    told: dict[str, Any] = {
        "type": "about:blank",
        "title": str(_TITLES[status]),
        "status": status,
        "detail": detail,
    }
    if errors is not None:
        told["errors"] = list(errors)
    text = json.dumps(told, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE)


def not_found() -> HttpResponse:
    return problem(
        404,
        _("Check the address, and the ids in it. Every address is listed at /api/."),
    )


def only_reading() -> HttpResponse:
    return problem(405, _("Nothing can be sent here. Ask with GET or HEAD."))


def too_often(seconds: int) -> HttpResponse:
    answer = problem(
        429,
        _(
            "Ask again in %(seconds)s seconds. For everything at once, take the bundle or the CSV "
            "files: they are named at /api/."
        )
        % {"seconds": seconds},
    )
    answer["Retry-After"] = str(seconds)
    return answer


def unreadable(errors: list[dict[str, str]]) -> HttpResponse:
    return problem(
        422,
        _("Correct what is named under errors. Every parameter is described at /api/."),
        errors,
    )


def fault_in_words(fault: Mapping[str, Any]) -> dict[str, str]:
    """One of ninja's validation errors, in words: which parameter, and what to write."""
    words = _FAULTS.get(fault["type"], gettext_lazy("This cannot be read."))
    return {
        "parameter": str(fault["loc"][-1]),
        "detail": str(words) % fault.get("ctx", {}),
    }
