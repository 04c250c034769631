"""Lists: each is asked for as JSON, a page at a time, or as CSV, whole.

    @lists(router, "/places", PlaceRow, "Every place")
    def places(piece: Piece) -> list[PlaceRow]: ...

makes `/places` and `/places.csv`. Rows stand in the order in which they came to be, and `sequence`
is that order: nothing is ever put in before a row that was read, so a reader who goes on where the
last page ended misses nothing and reads nothing twice.
"""

import csv
import inspect
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from ninja import Field, Query, Router
from pydantic import BaseModel, create_model

from doorstep.apps.ledger.export import safe

from .problems import Unreadable
from .words import no_such_parameter, once_only

DEFAULT, MOST = 100, 500
LARGEST = 10**15 - 1
# CSV is read and sent in pieces of so many rows; a list that fits into one is kept like a page.
PIECE = 1000
CSV_ANSWER: dict[str, Any] = {
    "responses": {
        200: {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}}}}
    }
}
SLUG = r"^[-a-zA-Z0-9_]{0,80}$"


class Row(BaseModel):
    """One line of a list."""

    sequence: int = Field(
        description="Where it stands in the order in which such things came to be."
    )


class Start(BaseModel):
    """Where to begin."""

    start: int = Field(
        0,
        ge=0,
        le=LARGEST,
        description="The first sequence number to show. Go on with the last one you have, plus 1.",
    )


class Page(Start):
    """Where to begin, and how far to go."""

    limit: int = Field(DEFAULT, ge=1, le=MOST, description="How many rows a page has at most.")


@dataclass(frozen=True)
class Piece:
    """What part of a list is wanted: at most `limit` rows whose sequence is `start` or later."""

    start: int
    limit: int


def of_place() -> Any:
    return Query("", pattern=SLUG, description="Only of the place with this id.")


def of_fund() -> Any:
    return Query("", pattern=SLUG, description="Only of the fund with this id.")


def of_award() -> Any:
    return Query("", pattern=SLUG, description="Only of the award with this id.")


Fetch = Callable[..., Sequence[Any]]


class Listed(NamedTuple):
    """A list as the page that explains the API names it. `title` is translated when shown."""

    path: str
    title: str


listed: list[Listed] = []


def lists(router: Router, path: str, row: type[Row], summary: str) -> Callable[[Fetch], Fetch]:
    """Make `path` and `path.csv` of a function that fetches rows.

    It takes a `Piece` first; its other parameters are those of the path, and filters. `summary`
    is English, marked for translation.
    """

    def make(fetch: Fetch) -> Fetch:
        name = fetch.__name__
        listed.append(Listed(path, summary))
        shape = create_model(
            f"{row.__name__}s",
            __base__=BaseModel,
            items=(list[row], ...),  # type: ignore[valid-type]
            next=(
                str | None,
                Field(description="The address of the next page; null on the last page."),
            ),
        )
        described = inspect.getdoc(fetch) or ""
        router.get(
            path, response=shape, operation_id=name, summary=summary, description=described,
            url_name=name,
        )(_as_json(fetch, shape))  # fmt: skip
        router.get(
            f"{path}.csv", operation_id=f"{name}_csv", summary=f"{summary}, as CSV",
            description=described, url_name=f"{name}-csv",
            openapi_extra=CSV_ANSWER,
        )(_as_csv(fetch, row))  # fmt: skip
        return fetch

    return make


def alone(view: Callable[..., Any]) -> Callable[..., Any]:
    """An operation that takes no query parameters at all."""

    def answer(request: HttpRequest, **asked: Any) -> Any:
        _only(request, set())
        return view(request, **asked)

    answer.__name__, answer.__doc__ = view.__name__, view.__doc__
    answer.__signature__ = inspect.signature(view)  # type: ignore[attr-defined]
    return answer


def _as_json(fetch: Fetch, shape: type[BaseModel]) -> Callable[..., BaseModel]:
    def answer(request: HttpRequest, response: HttpResponse, page: Page, **asked: Any) -> BaseModel:
        _only(request, {"start", "limit", *_filters(fetch)})
        rows = fetch(Piece(page.start, page.limit + 1), **asked)
        shown, onward = rows[: page.limit], None
        if len(rows) > page.limit:
            onward = _address(request, start=rows[page.limit].sequence)
            response["Link"] = f'<{onward}>; rel="next"'
        # Its rows were checked when they were made; a dictionary would be checked once more.
        return shape(items=shown, next=onward)

    return _signed(answer, fetch, Page, takes_response=True)


def _as_csv(fetch: Fetch, row: type[Row]) -> Callable[..., HttpResponseBase]:
    def answer(request: HttpRequest, page: Start, **asked: Any) -> HttpResponseBase:
        _only(request, {"start", *_filters(fetch)})
        first = fetch(Piece(page.start, PIECE), **asked)
        headings = list(row.model_fields)
        told = ([getattr(one, name) for name in headings] for one in _rows(fetch, first, asked))
        lines = csv_lines(headings, told)
        name = request.path.removeprefix("/api/v1/").replace("/", "-")
        return csv_answer(lines if len(first) == PIECE else "".join(lines), name)

    return _signed(answer, fetch, Start, takes_response=False)


def _rows(fetch: Fetch, rows: Sequence[Any], asked: dict[str, Any]) -> Iterator[Any]:
    """A list piece after piece, so that memory stays small however long it is."""
    while True:
        yield from rows
        if len(rows) < PIECE:
            return
        rows = fetch(Piece(rows[-1].sequence + 1, PIECE), **asked)


class _Line:
    """What csv.writer writes to: it hands each line straight back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(headings: Sequence[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Lines of CSV (RFC 4180), headings first; no cell that a spreadsheet would run."""
    writer = csv.writer(_Line())
    yield writer.writerow(headings)
    for row in rows:
        yield writer.writerow(safe(_cell(value)) for value in row)


def csv_answer(lines: str | Iterator[str], name: str) -> HttpResponseBase:
    """A file to download: whole where it is text, sent as it is read where it is lines."""
    answer = HttpResponse if isinstance(lines, str) else StreamingHttpResponse
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return answer(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: Any) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _filters(fetch: Fetch) -> set[str]:
    """Its parameters that come out of the query: those with a default."""
    given = inspect.signature(fetch).parameters.values()
    return {one.name for one in given if one.default is not inspect.Parameter.empty}


def _only(request: HttpRequest, known: set[str]) -> None:
    """Refuse parameters that would change nothing, and those said twice."""
    wrong = [
        {"parameter": name, "detail": once_only() if name in known else no_such_parameter(known)}
        for name, values in request.GET.lists()
        if name not in known or len(values) > 1
    ]
    if wrong:
        raise Unreadable(wrong)


def _address(request: HttpRequest, **changed: object) -> str:
    """This address with other parameters, in the one spelling under which it is kept."""
    asked = request.GET.dict() | {name: str(value) for name, value in changed.items()}
    return request.build_absolute_uri(f"{request.path}?{urlencode(sorted(asked.items()))}")


def _signed(answer: Any, fetch: Fetch, page: type[Start], *, takes_response: bool) -> Any:
    """Give a view the signature that ninja reads its parameters from."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    own = [inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    if takes_response:
        own.append(inspect.Parameter("response", keyword, annotation=HttpResponse))
    own.append(inspect.Parameter("page", keyword, annotation=page, default=Query(...)))
    asked = list(inspect.signature(fetch).parameters.values())[1:]
    others = [one.replace(kind=keyword) for one in asked]
    answer.__signature__ = inspect.Signature([*own, *others])
    answer.__name__ = fetch.__name__
    return answer
