"""Will it last? The fund's forecast, and what becomes of it under other assumptions.

A plain form sent by GET: every answer has its own address. An answer is kept by its inputs, and
what was not reckoned before is counted, so that nobody burns the server.
"""

import hashlib
import json
from dataclasses import replace
from typing import Any, cast

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.fund.forms import AssumptionsForm, named
from doorstep.apps.fund.models import Fund
from doorstep.apps.fund.models import Scenario as Kept
from doorstep.apps.limits.actions import count_one
from doorstep.apps.public import public
from doorstep.engine.forecast import Forecast, forecast, read_scenario
from doorstep.engine.forecast import Scenario as Assumed
from doorstep.engine.forecast.answer import QUANTILES, percent
from doorstep.engine.forecast.report import amount, short_pounds
from doorstep.engine.rulebook import rule
from doorstep.site.components.fans import fan_chart, range_bar
from doorstep.site.components.tables import data_table
from doorstep.site.pagecache import release

MOST_PATHS = 10_000
MINUTE = 60
KEPT_SECONDS = 7 * 24 * 3600


@public
def page(request: HttpRequest, slug: str) -> HttpResponse:
    fund = get_object_or_404(Fund, slug=slug)
    kept = Kept.objects.filter(fund=fund).select_related("leaf").first()
    if kept is None:
        return render(request, "pages/forecast.html", {"fund": fund, "answer": None})
    scenario = bounded(read_scenario(kept.text))
    form = AssumptionsForm(request.GET or None, scenario=scenario)
    asked = form.chosen() if form.is_bound and form.is_valid() else scenario
    answer = answered(asked, own=asked == scenario)
    status = 200 if answer else 429
    return render(
        request,
        "pages/forecast.html",
        {
            "fund": fund,
            "form": form,
            "busy": answer is None,
            "kept": kept,
            **(told(answer) if answer else {"answer": None}),
        },
        status=status,
    )


def bounded(scenario: Assumed) -> Assumed:
    """No more paths than a page may take a second for, whatever the file asks."""
    return replace(scenario, paths=min(scenario.paths, MOST_PATHS))


def answered(scenario: Assumed, *, own: bool) -> Forecast | None:
    """The answer, reckoned once for each set of inputs; None where too many were asked for."""
    key = f"forecast.{_inputs(scenario)}"
    found = caches["pages"].get(key)
    if found is not None:
        return cast(Forecast, found)
    most = int(rule("fund.forecasts_in_a_minute", timezone.localdate()).value)
    if not own and count_one("forecast.runs", MINUTE) > most:
        return None
    answer = forecast(scenario)
    caches["pages"].set(key, answer, KEPT_SECONDS)
    return answer


def _inputs(scenario: Assumed) -> str:
    values = {name: one.value for name, one in scenario.assumptions.items()}
    rest = replace(scenario, assumptions={})
    whole = json.dumps([release(), repr(rest), values], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def told(answer: Forecast) -> dict[str, Any]:
    """Everything that the page lays out; nothing is asked of the database."""
    scenario = answer.scenario
    return {
        "answer": answer,
        "kept_in": percent(answer.kept),
        "places_kept": percent(answer.places_kept),
        "owners_kept": percent(answer.owners_kept),
        "give_or_take": f"{100 * answer.give_or_take:.1f}",
        "yearly": short_pounds(answer.yearly),
        "last_year": scenario.first_year + scenario.years - 1,
        "paths": f"{scenario.paths:,}",
        "waves": [(one, short_pounds(one.pounds), percent(one.kept)) for one in answer.waves],
        "fans": [
            _fan(answer, "pot", _("The pot at the end of each year")),
            _fan(answer, "reserve", _("What is kept for owners at the end of each year")),
        ],
        "tornado": _tornado(answer),
        "assumptions": [
            (named(one), amount(one, one.value), one.source)
            for one in scenario.assumptions.values()
            if one.source
        ],
    }


def _fan(answer: Forecast, name: str, title: str) -> dict[str, object]:
    rows = answer.fan[name]
    first, last = answer.scenario.first_year, len(rows) - 1
    shown = sorted({0, *range(4, last, 5), last})
    return {
        "title": title,
        "picture": fan_chart(
            rows,
            first,
            title=_("%(title)s: the table below says the same in numbers") % {"title": title},
            key=f"fan-{name}",
            said=(short_pounds(0), short_pounds(max(row[-1] for row in rows))),
        ),
        "table": data_table(
            title,
            [_("Year"), *((_("%(n)s%% below") % {"n": n}, "number") for n in QUANTILES)],
            [[first + at, *map(short_pounds, rows[at])] for at in shown],
            hide_caption=True,
        ),
    }


def _tornado(answer: Forecast) -> object:
    most = max((max(bar.yearly_low, bar.yearly_high) for bar in answer.bars), default=0)
    rows = (
        [
            named(bar.assumption),
            _("%(low)s to %(high)s")
            % {
                "low": amount(bar.assumption, bar.assumption.low),
                "high": amount(bar.assumption, bar.assumption.high),
            },
            _("%(low)s to %(high)s")
            % {"low": short_pounds(bar.yearly_low), "high": short_pounds(bar.yearly_high)},
            _("%(low)s to %(high)s")
            % {"low": percent(bar.kept_low), "high": percent(bar.kept_high)},
            range_bar(bar.yearly_low, bar.yearly_high, most),
        ]
        for bar in answer.bars
    )
    return data_table(
        _("What it hangs on, the strongest first"),
        [
            _("Assumption"),
            _("From its low to its high end"),
            (_("Largest yearly promise"), "number"),
            (_("All kept"), "number"),
            (_("Largest yearly promise, drawn"), "drawn"),
        ],
        rows,
    )
