"""The assurance pack, for a council, a funder or an auditor: one page, one PDF, one CSV a part."""

import csv
import io
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doorstep.apps.awards.actions.sampling import fix_seed
from doorstep.apps.awards.queries.sampling import first_day, last_day, year_of
from doorstep.apps.ledger.export import safe
from doorstep.apps.people.guards import acting, needs_role
from doorstep.apps.people.spells import said_day
from doorstep.apps.places.models import Place
from doorstep.apps.printing import Sheet
from doorstep.apps.refused import Refused
from doorstep.site.assurance import FIRST_YEAR, PARTS, Pack, Part, pack, plain, written
from doorstep.site.components.tables import data_table

READERS = ("funder", "council_officer", "finance_officer", "partnership_member", "worker")
MAY_FIX = ("funder", "council_officer", "finance_officer")


def _place(request: HttpRequest, slug: str, **_more: object) -> Place:
    return get_object_or_404(Place, slug=slug)


def _year(year: int | None, today: date) -> int:
    """A year that has begun; the one that runs where none is asked for."""
    runs = year_of(today)
    if year is None:
        return runs
    if not FIRST_YEAR <= year <= runs:
        raise Http404
    return year


@require_safe
@needs_role(*READERS, place=_place)
def page(request: HttpRequest, slug: str, year: int | None = None) -> HttpResponse:
    """Every part as a table, with the query that asks it again."""
    today = timezone.localdate()
    found = pack(_place(request, slug), _year(year, today), today)
    return render(
        request,
        "pages/assurance.html",
        {
            "pack": found,
            "title": _title(found),
            "parts": [(part, _table(part)) for part in found.parts],
            "before": found.year - 1 if found.year > FIRST_YEAR else None,
            "after": found.year + 1 if found.year < year_of(today) else None,
            "may_fix": acting(request).kind in MAY_FIX
            and found.sample.fixed is None
            and first_day(found.year) <= today <= last_day(found.year),
        },
    )


@require_safe
@needs_role(*READERS, place=_place)
def paper(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The same on paper."""
    today = timezone.localdate()
    found = pack(_place(request, slug), _year(year, today), today)
    return _file(_printed(found), "application/pdf", f"{found.name}.pdf")


@require_safe
@needs_role(*READERS, place=_place)
def sheet(request: HttpRequest, slug: str, year: int, part: str) -> HttpResponse:
    """One part for a spreadsheet: sums in pence, days as 2026-04-01."""
    if part not in PARTS:
        raise Http404
    today = timezone.localdate()
    found = pack(_place(request, slug), _year(year, today), today)
    wanted = next(one for one in found.parts if one.key == part)
    lines = io.StringIO()
    writer = csv.writer(lines)
    for row in (wanted.columns, *wanted.rows):
        writer.writerow([safe(plain(cell)) for cell in row])
    return _file(lines.getvalue().encode(), "text/csv; charset=utf-8", f"{found.name}-{part}.csv")


@require_POST
@needs_role(*MAY_FIX, place=_place)
def fix(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Fix the seed of the year that runs, in the public record."""
    place, today = _place(request, slug), timezone.localdate()
    try:
        fix_seed(place, year, on=today, actor=acting(request))
    except Refused as refusal:
        messages.warning(request, refusal.reason)
    else:
        messages.success(request, _("The seed is fixed, and everybody can read that it is."))
    return redirect("assurance-year", slug=slug, year=_year(None, today))


def _title(found: Pack) -> str:
    return _("Assurance pack of %(place)s, %(first)s to %(last)s") % {
        "place": found.place.name,
        "first": said_day(first_day(found.year)),
        "last": said_day(last_day(found.year)),
    }


def _table(part: Part) -> str:
    columns = [
        (name, "number") if at in part.numbers else name for at, name in enumerate(part.columns)
    ]
    rows = [[written(cell) for cell in row] for row in part.rows]
    return data_table(part.title, columns, rows, hide_caption=True, nothing=part.none)


def _printed(found: Pack) -> bytes:
    paper = Sheet(get_language() or "en", _title(found), footer=_title(found))
    paper.heading(_title(found))
    paper.paragraph(
        _("As it stood on %(day)s. Each part says by which command it is asked again.")
        % {"day": said_day(found.made_on)}
    )
    paper.size = 10.0
    for part in found.parts:
        paper.heading(part.title, 2)
        for words in part.words:
            paper.paragraph(words)
        if part.rows:
            rows = [[written(cell) for cell in row] for row in part.rows]
            paper.table(list(part.columns), rows, numbers=part.numbers)
        else:
            paper.paragraph(part.none)
        paper.paragraph(part.query)
    return paper.bytes()


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
