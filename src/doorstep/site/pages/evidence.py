"""Will a local community really waste the money? The figures, each with its rows, and when the
questions were fixed. And the other fear, skills: what members learned, as they wrote it down."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.awards.actions.evidence import fix_questions
from doorstep.apps.awards.fitting import tier_words
from doorstep.apps.awards.intervals import Share, difference
from doorstep.apps.awards.queries import evidence, skills
from doorstep.apps.awards.queries.evidence import Case
from doorstep.apps.opendata.listing import csv_answer, csv_lines
from doorstep.apps.partnerships.models.learning import hours_of
from doorstep.apps.people.guards import acting, needs_role, public
from doorstep.apps.public import kept_for

PAGE = 100
SHARES = ("accounted", "returned", "stopped")
SKILL_SHARES = ("training", "support", "duty")


@public
def page(request: HttpRequest) -> HttpResponse:
    """Every figure with its interval, its definition and its rows; none before it was fixed."""
    today, fixed = timezone.localdate(), evidence.fixed()
    cases = evidence.cases_by_measure((*SHARES, "days", "burden"), today) if fixed else {}
    return render(
        request,
        "pages/evidence.html",
        {
            "fixed": fixed,
            "definitions": [(key, titles()[key], said) for key, said in _words()],
            "figures": _figures(cases) if fixed else [],
            "sizes": _sizes(cases["burden"], today) if fixed else [],
            "comparison": _comparison(cases["accounted"]) if fixed else None,
            "skills": _skills(today) if fixed else [],
        },
    )


@public
@kept_for("page")
def measure(request: HttpRequest, key: str) -> HttpResponse:
    """The definition of one figure, as it was fixed, and the rows that it counts."""
    if key not in evidence.DEFINITIONS:
        raise Http404
    fixed = evidence.fixed()
    rows = evidence.rows_of(key, timezone.localdate()) if fixed else []
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    told = {
        "key": key, "title": titles()[key], "said": evidence.DEFINITIONS[key], "fixed": fixed,
        "page": shown, "count": len(rows), "unit": units()[key], "of_places": key in totals(),
        "total": totals().get(key, ""),
    }  # fmt: skip
    return render(request, "pages/evidence_rows.html", told)


@public
def rows_csv(request: HttpRequest, key: str) -> HttpResponse:
    """The same rows to download."""
    if key not in evidence.DEFINITIONS or evidence.fixed() is None:
        raise Http404
    rows, headings = evidence.rows_of(key, timezone.localdate()), evidence.headings_of(key)
    cells = ([getattr(row, name) for name in headings] for row in rows)
    text = "".join(csv_lines(headings, cells))
    return csv_answer(text, f"{key}.csv")  # type: ignore[return-value]  # text makes it whole


@needs_role("funder", everywhere=True)
@require_http_methods(["GET", "POST"])
def fix(request: HttpRequest) -> HttpResponse:
    """Read the questions and fix them, in the public record, before any figure is shown. What is
    fixed are the words that were read: the form says which."""
    words = evidence.fingerprint()
    if request.method == "POST" and request.POST.get("words") == words:
        fix_questions(on=timezone.localdate(), actor=acting(request))
        messages.success(request, _("Written into the record, where everybody reads it."))
        return redirect("evidence")
    return render(
        request,
        "pages/evidence_fix.html",
        {
            "words": words,
            "definitions": [(titles()[key], said) for key, said in _words()],
            "comparisons": list(evidence.COMPARISONS.values()),
        },
    )


def titles() -> dict[str, str]:
    """{measure: its question}."""
    return {
        "accounted": _("Is what was paid accounted for?"),
        "days": _("How long until a receipt is public?"),
        "returned": _("Does money that was not needed come back?"),
        "stopped": _("How often does a project stop?"),
        "burden": _("What does it cost to ask and to check?"),
        "training": _("Do members take training?"),
        "support": _("Do members use support?"),
        "duty": _("Do members do duties themselves that others did?"),
        "duties": _("How many duties do they do themselves?"),
    }


def units() -> dict[str, str]:
    """{measure: what the value of a row means}."""
    yes = _("1 for yes, 0 for no")
    return dict.fromkeys((*SHARES, *SKILL_SHARES), yes) | {
        "days": _("days"),
        "burden": _("thousandths of the grant"),
        "duties": _("duties that members do themselves"),
    }


def totals() -> dict[str, str]:
    """{measure of skills: what the total of a row means}."""
    taken = _("duties taken over, those that went back too")
    return {
        "training": _("minutes, times the members who took part"),
        "support": _("minutes"),
        "duty": taken,
        "duties": taken,
    }


def _words() -> Iterator[tuple[str, str]]:
    yield from evidence.DEFINITIONS.items()


def _percent(value: float) -> str:
    return f"{value * 100:.0f}%"


def _figures(cases: dict[str, list[Case]]) -> list[dict[str, Any]]:
    figures = []
    for key in SHARES:
        share = evidence.share_of(cases[key])
        figures.append(_told(key, cases[key], _share(share), _percents(*share.bounds)))
    found = evidence.median_of(cases["days"])
    value = _("%(n)s days") % {"n": f"{found[0]:g}"} if found else ""
    bounds = _from_to(*found[1]) if found and found[1] else ""
    return [*figures, _told("days", cases["days"], value, bounds)]


def _skills(today: date) -> list[dict[str, Any]]:
    """What members learned: shares of the partnerships, and the middle number of duties."""
    figures = []
    for key in SKILL_SHARES:
        rows = skills.rows_of(key, today)
        share, total = evidence.share_of(rows), sum(row.total for row in rows)
        bounds = _percents(*share.bounds) if rows else ""
        figures.append(_learned(key, len(rows), _share(share), bounds, total))
    rows = skills.rows_of("duties", today)
    found = evidence.median_of(rows)
    value = _("half have %(n)s or fewer") % {"n": f"{found[0]:g}"} if found else ""
    bounds = _from_to(*found[1]) if found and found[1] else ""
    return [*figures, _learned("duties", len(rows), value, bounds, sum(r.value for r in rows))]


def _learned(key: str, cases: int, value: str, bounds: str, total: int) -> dict[str, Any]:
    together = {
        "training": _("Hours, times the members who took part: %(n)s"),
        "support": _("Hours: %(n)s"),
        "duty": _("Duties taken over, those that went back too: %(n)s"),
        "duties": _("Duties that members do themselves: %(n)s"),
    }
    said = hours_of(total) if key in ("training", "support") else f"{total:,}"
    return {
        "key": key, "title": titles()[key], "cases": cases, "value": value, "bounds": bounds,
        "together": together[key] % {"n": said},
    }  # fmt: skip


def _told(key: str, cases: list[Case], value: str, bounds: str) -> dict[str, Any]:
    return {
        "key": key, "title": titles()[key], "cases": len(cases), "bounds": bounds if cases else "",
        "value": value, "pence": sum(case.pence for case in cases),
        "shown": sum(case.other_pence for case in cases) if key in {"accounted", "returned"} else 0,
    }  # fmt: skip


def _share(share: Share) -> str:
    if share.value is None:
        return ""
    return _("%(hits)s of %(of)s, %(percent)s") % {
        "hits": share.hits, "of": share.of, "percent": _percent(share.value),
    }  # fmt: skip


def _percents(low: float, high: float) -> str:
    return _from_to(_percent(low), _percent(high))


def _from_to(low: object, high: object) -> str:
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _sizes(cases: list[Case], today: date) -> list[dict[str, Any]]:
    """What asking and checking costs at each size, big and small side by side."""
    found = []
    for tier in evidence.tiers_on(today):
        of = [case for case in cases if case.group == tier]
        if (middle := evidence.median_of(of)) is None:
            continue
        bounds = middle[1]
        found.append(
            {
                "tier": tier_words().get(tier, tier),
                "awards": len(of),
                "pence": sum(case.pence for case in of),
                "cost": sum(case.other_pence for case in of),
                "median": f"{middle[0] / 10:.1f}%",
                "bounds": _from_to(*(f"{one / 10:.1f}%" for one in bounds)) if bounds else "",
            }
        )
    return found


def _comparison(cases: list[Case]) -> dict[str, Any]:
    """Small against large, as it was fixed: a difference is said only outside its interval."""
    small, large = (
        evidence.share_of(case for case in cases if case.group == size)
        for size in ("small", "large")
    )
    gap = difference(small, large)
    return {
        "small": _share(small),
        "large": _share(large),
        "bounds": _percents(gap[1], gap[2]) if gap else "",
        "differs": bool(gap and (gap[1] > 0 or gap[2] < 0)),
        "said": evidence.COMPARISONS["small_and_large"],
    }
