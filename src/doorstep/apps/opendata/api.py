"""The read API, put together: every operation, and the OpenAPI 3.1 document that describes them."""

from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from . import awards, grants, limiting, money, places, problems, record, rounds

VERSION = "1"
PREFIX = "api/v1/"

api = NinjaAPI(
    title="Doorstep: the read API of a community wealth fund",
    version=VERSION,
    description="Everything public, for programs and for spreadsheets. No key is needed, nothing "
    "can be written, and no person is named. Amounts are whole pence, and never negative: where "
    "money goes one way or another, `direction` says which. Every list is paged by `sequence` and "
    "also stands as CSV under the same address with `.csv` behind it. Sentences come in the "
    "language that Accept-Language asks for, English or Welsh. How much one connection may ask "
    "in a quarter of an hour is the rule limit.api of /rules/: an answer that does not lie ready "
    f"counts as one question, and as {limiting.STEP} more for each {limiting.LONG:,} bytes of it. "
    "What was begun is sent to its end; the next question is answered 429 and told when to come "
    "again.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="opendata",
)
for part in (
    places.router,
    money.router,
    rounds.router,
    rounds.results_router,
    awards.router,
    grants.router,
    record.router,
):
    api.add_router("", part)

# From a row of a list to all that there is of it: (list, what leads there, what it leads to).
LINKS = (
    ("places", "place", ("place",)),
    ("rounds", "round", ("round", "projects", "projects_csv", "result", "ballots")),
    ("results", "round", ("result", "ballots")),
    ("awards", "award", ("award",)),
    ("leaves", "leaf", ("leaf", "proof")),
)


@api.exception_handler(Http404)
def _nothing_there(request: HttpRequest, fault: Http404) -> HttpResponse:
    return problems.not_found()


@api.exception_handler(problems.Unreadable)
def _not_asked_well(request: HttpRequest, fault: problems.Unreadable) -> HttpResponse:
    return problems.unreadable(fault.errors)


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    return problems.unreadable([problems.fault_in_words(one) for one in fault.errors])


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document. ninja writes the answers that succeed; here stand the three that every
    operation can give besides, and what each answer may be asked about."""
    told: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    told["components"]["schemas"]["Problem"] = problems.SCHEMA
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in told["paths"].values():
        for operation in operations.values():
            operation["responses"] |= {
                "404": {"description": "There is nothing there", "content": content},
                "422": {"description": "The question could not be read", "content": content},
                "429": {
                    "description": "You asked very often, or for very much; see Retry-After",
                    "content": content,
                },
            }
    for source, name, targets in LINKS:
        answer = told["paths"][f"/{PREFIX}{source}"]["get"]["responses"][200]
        answer["links"] = {
            target: {"operationId": target, "parameters": {name: f"$response.body#/items/0/{name}"}}
            for target in targets
        }
    return told


def operations() -> list[tuple[str, dict[str, Any]]]:
    """(path, operation) of everything that can be asked for, in the order of the document."""
    return [(path, methods["get"]) for path, methods in document()["paths"].items()]
