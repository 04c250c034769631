"""Decisions of a partnership, quick grants, and what is asked of whoever gets money."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.awards import rules
from doorstep.apps.awards.actions import quick
from doorstep.apps.awards.actions.from_meetings import award_from_meeting
from doorstep.apps.awards.forms import AskedForm, FromMeetingForm, QuickForm, fresh
from doorstep.apps.awards.models import AwardKind, Delegation
from doorstep.apps.awards.queries.decided import waiting
from doorstep.apps.awards.views.common import acted
from doorstep.apps.ledger.rules import read_pounds
from doorstep.apps.people.guards import acting, needs_role, place_at, public
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.public import kept_for
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule


@needs_role("partnership_member", place=place_at)
@require_http_methods(["GET", "POST"])
@after_a_fresh_second_step
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Say which meeting decided on what somebody applied for, and promise its money."""
    place = place_at(request, slug)
    decided = waiting(place)
    form = FromMeetingForm(
        request.POST if request.method == "POST" else None, initial=applied_for(request),
        place=place, decided=decided,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        award = acted(
            form,
            lambda: award_from_meeting(
                given["decision"], application=given["application"], on=timezone.localdate(),
                actor=acting(request),
            ),
        )  # fmt: skip
        if award:
            messages.success(request, _("The money is promised."))
            return redirect("award-money", slug=award.slug)
    shown = {"place": place, "form": form, "any": form.fields["decision"].queryset.exists()}  # type: ignore[attr-defined]
    return render(request, "awards/decide.html", shown)


def applied_for(request: HttpRequest) -> dict[str, object]:
    """What the page of an application fills in, for whoever came from there."""
    number = request.GET.get("application", "")
    return {"application": int(number)} if re.fullmatch("[0-9]{1,9}", number) else {}


@needs_role("partnership_member", "finance_officer", "worker", place=place_at)
@require_http_methods(["GET", "POST"])
@after_a_fresh_second_step
def quick_grant(request: HttpRequest, slug: str) -> HttpResponse:
    """The one screen of a quick grant."""
    place = place_at(request, slug)
    today, actor = timezone.localdate(), acting(request)
    limit = (
        Delegation.objects.filter(
            decision__place=place, holder_role=actor.kind, since__lte=today, until__gt=today
        )
        .select_related("decision__leaf", "decision__place")
        .order_by("-pk")
        .first()
    )
    form = QuickForm(request.POST if request.method == "POST" else None, initial=fresh())
    if limit is not None and request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        payment = acted(
            form,
            lambda: quick.give_quick_grant(
                limit,
                key=given["once"],
                title=given["title"],
                purpose=given["purpose"],
                pence=given["pence"],
                payee_kind=given["payee_kind"],
                payee=given["payee"],
                invoice=given["invoice"],
                on=today,
                actor=actor,
            ),
        )
        if payment:
            messages.success(
                request, _("The grant is promised and asked for. Somebody else approves it now.")
            )
            return redirect("payment", slug=payment.slug)
    return render(
        request,
        "awards/quick.html",
        {
            "place": place,
            "limit": limit,
            "left": limit.month_pence - quick.given_in_month(limit, today) if limit else 0,
            "form": form,
        },
    )


@public
@kept_for("sum", "kind")
def asked(request: HttpRequest) -> HttpResponse:
    """What is asked for a sum, before anybody applies for it."""
    today = timezone.localdate()
    form = AskedForm(request.GET or None)
    kind, typed = request.GET.get("kind", ""), request.GET.get("sum", "").strip()
    pence, why = None, ""
    if typed:
        try:
            pence = read_pounds(typed)
        except Refused as refused:
            why = refused.reason
    chosen = kind if kind in AwardKind.values else AwardKind.PROJECT.value
    return render(
        request,
        "awards/asked.html",
        {
            "form": form,
            "why_not": why,
            "pence": pence,
            "kind": AwardKind(chosen).label,
            "asked": rules.asked_of(chosen, pence, today) if pence else [],
            "quick_least": rule("grant.quick_minimum", today).value,
            "quick_most": rule("grant.quick_maximum", today).value,
        },
    )
