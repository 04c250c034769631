"""A place's money, and one entry with its thread, as anybody reads them."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from doorstep.apps.addresses import number
from doorstep.apps.places.models import Place
from doorstep.apps.public import kept_for, public

from .export import rows_of_statement
from .models import Journal
from .queries import (
    PAGE,
    Entry,
    entries_of_place,
    entry_lines,
    has_money,
    place_money,
    statement,
    thread_of,
)
from .rules import is_example
from .telling import account_words, kind_words, names_in, worker_words


def _is_example(request: HttpRequest) -> bool:
    return request.GET.get("money") == "example"


@public
@kept_for("before", "money")
def place_page(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(Place, slug=slug)
    example = _is_example(request)
    before = number(request.GET.get("before"))
    entries = entries_of_place(slug, example=example, before=before, limit=PAGE + 1)
    shown: list[Entry] = entries[:PAGE]
    return render(
        request,
        "ledger/place.html",
        {
            "place": place,
            "example": example,
            "money": place_money(slug, example=example),
            "has_other_money": has_money(slug, example=not example),
            "entries": shown,
            "older": shown[-1].transfer if len(entries) > PAGE else None,
            "is_first_page": before is None,
        },
    )


@public
def entry_page(request: HttpRequest, seq: int) -> HttpResponse:
    journal = get_object_or_404(Journal.objects.select_related("leaf", "memo", "reversal"), pk=seq)
    lines = entry_lines(journal)
    thread = thread_of(journal, lines)
    names = names_in(code for line in lines for code in line[:2])
    return render(
        request,
        "ledger/entry.html",
        {
            "journal": journal,
            "neighbour_words": kind_words(journal.kind),
            "worker_words": worker_words(journal.kind),
            "lines": [
                (account_words(debit, names), account_words(credit, names), pence)
                for debit, credit, pence in lines
            ],
            "total": sum(pence for _debit, _credit, pence in lines),
            "reversal": getattr(journal, "reversal", None),
            "belongs": [
                (name, reverse(field, args=[one]))
                for field in ("award", "round", "place")
                for one, name in names[field].items()
            ],
            "thread": thread,
            "is_example": any(is_example(code) for line in lines for code in line[:2]),
        },
    )


@public  # type: ignore[type-var]  # its answer is streamed
def place_entries_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Every entry of a place, oldest first, sent as it is read so that no size is too large."""
    if not Place.objects.filter(slug=slug).exists():
        raise Http404
    example = _is_example(request)
    name = f"{slug}-example-entries.csv" if example else f"{slug}-entries.csv"
    rows: Iterator[str] = rows_of_statement(statement(slug, example=example))
    return StreamingHttpResponse(
        rows,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
