"""Getting started: what everybody can read and join, and what a worker or member writes down."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.partnerships.actions import starting as actions
from doorstep.apps.partnerships.forms_starting import (
    ListenForm,
    StartForm,
    StartMoneyForm,
    VisionForm,
)
from doorstep.apps.partnerships.models import Start
from doorstep.apps.partnerships.views.common import done
from doorstep.apps.people.guards import acting, needs_role, place_at, public
from doorstep.apps.people.step_up import a_fresh_second_step_before
from doorstep.apps.places.models import Place
from doorstep.apps.public import kept_for
from doorstep.engine.rulebook import rule


@public
@kept_for()
def page(request: HttpRequest, slug: str) -> HttpResponse:
    place = place_at(request, slug)
    return render(request, "partnerships/starting.html", _shown(place))


@needs_role("worker", "partnership_member", place=place_at)
@require_http_methods(["GET", "HEAD", "POST"])
@a_fresh_second_step_before("money", "end")
def work(request: HttpRequest, slug: str) -> HttpResponse:
    place, today, actor = place_at(request, slug), timezone.localdate(), acting(request)
    start = _start(place)
    do = request.POST.get("do", "")
    kinds = {"open": StartForm, "listen": ListenForm, "money": StartMoneyForm, "end": VisionForm}
    forms = {name: kind(request.POST if do == name else None) for name, kind in kinds.items()}

    def act() -> str:
        form = forms[do]
        if not form.is_valid():
            return ""
        given = form.cleaned_data
        who: dict[str, Any] = {"on": today, "actor": actor}
        if start is None:
            actions.open_start(place, given["where"], **who)
            return _("Everybody can read how to come along.")
        doing: dict[str, Callable[[], object]] = {
            "listen": lambda: actions.listen(start, **given, **who),
            "money": lambda: actions.agree_start_money(start, **given, **who),
            "end": lambda: actions.end_start(start, given["vision"], **who),
        }
        doing[do]()
        return _("Written down.")

    may = {"open"} if start is None else {"listen", "money", "end"}
    if do in may and done(request, act):
        return redirect("partnerships:starting-work", slug)
    return render(request, "partnerships/starting_work.html", {**_shown(place), **forms})


def _start(place: Place) -> Start | None:
    rows = Start.objects.filter(place=place)
    return rows.select_related("where", "vision", "opened", "ended", "place").first()


def _shown(place: Place) -> dict[str, object]:
    """What both pages tell; four statements."""
    start = _start(place)
    heard = list(start.listenings.select_related("heard", "leaf")[:50]) if start else []
    money = list(start.money.select_related("title", "leaf")) if start else []
    today = timezone.localdate()
    agreed = sum(one.pence for one in money)
    return {
        "place": place, "start": start, "heard": heard, "money_lines": money, "agreed": agreed,
        "left": start.money_pence - agreed if start else 0,
        "people": sum(one.people for one in heard),
        "whole": rule("starting.money", today, place.slug),
        "least": rule("starting.present_least", today, place.slug),
    }  # fmt: skip
