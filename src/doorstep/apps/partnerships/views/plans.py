"""A plan is written and put forward by members, and answered by the funder."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.addresses import number
from doorstep.apps.fund.queries import allocation_of
from doorstep.apps.partnerships.actions import memorandum, plans
from doorstep.apps.partnerships.forms_plans import (
    AgreedForm,
    LineForm,
    PlanWordsForm,
    ReviewForm,
    SendBackForm,
)
from doorstep.apps.partnerships.models import Partnership, Plan, PlanState
from doorstep.apps.partnerships.queries import plans as queries
from doorstep.apps.partnerships.queries.seats import carried_matters
from doorstep.apps.partnerships.rules import plans as rules
from doorstep.apps.partnerships.views.common import done
from doorstep.apps.people.guards import acting, needs_role, place_at
from doorstep.apps.people.step_up import a_fresh_second_step_before, after_a_fresh_second_step
from doorstep.apps.record.actors import Actor

member = needs_role("partnership_member", place=place_at)
forms_too = require_http_methods(["GET", "HEAD", "POST"])


@member
@forms_too
@a_fresh_second_step_before("sign", "put")
def work(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft with its lines, and what is to be done about the plan that holds."""
    rows = Partnership.objects.select_related("place")
    partnership = get_object_or_404(rows, place__slug=slug)
    now = queries.open_plans(partnership)
    draft, waits = now.get(PlanState.DRAFT), now.get(PlanState.PUT_FORWARD)
    holds = now.get(PlanState.ENDORSED)
    do = request.POST.get("do", "")

    def typed(name: str) -> Any:
        return request.POST if do == name else None

    said = draft.draft if draft else {}
    words = PlanWordsForm(
        typed("words"),
        initial={
            "vision": said.get("vision"), "legacy": said.get("legacy"),
            "begins_on": draft and draft.begins_on, "ends_on": draft and draft.ends_on,
        },
    )  # fmt: skip
    line, review = LineForm(typed("line")), ReviewForm(typed("review"))
    agreed = AgreedForm(typed("put"), decisions=carried_matters(partnership))
    today, actor = timezone.localdate(), acting(request)
    acts: dict[str, Callable[[], str]] = {
        "begin": lambda: _begun(partnership, actor),
        "sign": lambda: _signed(holds, actor, today),
        "review": lambda: _reviewed(holds, review, actor, today),
    }
    if draft is not None:
        acts |= {
            "words": lambda: _written(draft, words, actor),
            "line": lambda: _added(draft, line, actor),
            "drop": lambda: _dropped(draft, request, actor),
            "put": lambda: _put(draft, agreed, actor, today),
        }
    if do in acts and done(request, acts[do]):
        return redirect("partnerships:plan-work", slug)
    share = allocation_of(partnership.place_id)
    lines = rules.drafted(said)
    shown = {
        "place": partnership.place, "draft": draft, "waits": waits, "holds": holds,
        "lines": lines, "words": words, "line": line, "agreed": agreed, "review": review,
        "whole": share.pence if share else 0, "summed": rules.total(lines),
        "left": (share.pence if share else 0) - rules.total(lines),
        "signed": bool(holds and holds.memorandum.filter(side="partnership").exists()),
    }  # fmt: skip
    return render(request, "partnerships/plan_work.html", shown)


@needs_role("funder", place=place_at)
@forms_too
@after_a_fresh_second_step
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """The funder reads a plan that was put forward, and agrees or says what is missing."""
    place = place_at(request, slug)
    waits = queries.waiting_plan(place)
    holds = Plan.objects.filter(partnership__place=place, state=PlanState.ENDORSED).first()
    do = request.POST.get("do", "")
    form = SendBackForm(request.POST if do == "back" else None)
    today, actor = timezone.localdate(), acting(request)
    acts: dict[str, Callable[[], str]] = {"sign": lambda: _signed(holds, actor, today)}
    if waits is not None:
        acts |= {
            "endorse": lambda: _endorsed(waits, actor, today),
            "back": lambda: _sent_back(waits, form, actor, today),
        }
    if do in acts and done(request, acts[do]):
        return redirect("partnerships:plan-answer", slug)
    shown = {
        "place": place, "waits": waits, "told": queries.told(waits) if waits else None,
        "holds": holds, "form": form,
        "signed": bool(holds and holds.memorandum.filter(side="funder").exists()),
    }  # fmt: skip
    return render(request, "partnerships/plan_answer.html", shown)


def _begun(partnership: Partnership, actor: Actor) -> str:
    plans.begin_plan(partnership, actor=actor)
    return _("The draft is open. Members alone read it.")


def _written(draft: Plan, form: PlanWordsForm, actor: Actor) -> str:
    if not form.is_valid():
        return ""
    plans.write_draft(draft, actor=actor, **form.cleaned_data)
    return _("Written down.")


def _added(draft: Plan, form: LineForm, actor: Actor) -> str:
    if not form.is_valid():
        return ""
    plans.add_line(draft, form.line(), actor=actor)
    return _("Written down.")


def _dropped(draft: Plan, request: HttpRequest, actor: Actor) -> str:
    plans.drop_line(draft, number(request.POST.get("which")) or 0, actor=actor)
    return _("The line is taken out.")


def _put(draft: Plan, form: AgreedForm, actor: Actor, today: date) -> str:
    if not form.is_valid():
        return ""
    plans.put_forward(
        draft, decision=form.chosen(), why=form.cleaned_data["why"], on=today, actor=actor
    )
    return _("The plan is put forward, and everybody can read it.")


def _reviewed(holds: Plan | None, form: ReviewForm, actor: Actor, today: date) -> str:
    if holds is None or not form.is_valid():
        return ""
    plans.review_plan(holds, on=today, actor=actor, **form.cleaned_data)
    return _("Everybody can read how you look back on the plan.")


def _endorsed(waits: Plan, actor: Actor, today: date) -> str:
    plans.endorse(waits, on=today, actor=actor)
    return _("The plan is agreed, and money can be promised by its lines.")


def _sent_back(waits: Plan, form: SendBackForm, actor: Actor, today: date) -> str:
    if not form.is_valid():
        return ""
    plans.send_back(waits, form.cleaned_data["reason"], on=today, actor=actor)
    return _("The plan is sent back, with what you wrote.")


def _signed(holds: Plan | None, actor: Actor, today: date) -> str:
    if holds is None:
        return ""
    memorandum.sign_memorandum(holds, on=today, actor=actor)
    return _("Signed.")
