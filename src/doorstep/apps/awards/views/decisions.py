"""Decisions of a partnership, quick grants, and what is asked of whoever gets money."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.awards import rules
from doorstep.apps.awards.actions import decisions, quick
from doorstep.apps.awards.forms import AskedForm, DecisionForm, DelegationForm, QuickForm, fresh
from doorstep.apps.awards.models import AwardKind, Delegation
from doorstep.apps.awards.views.common import acted, place_at
from doorstep.apps.people.guards import acting, needs_role, public
from doorstep.apps.public import kept_for
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule


@needs_role("partnership_member", place=place_at)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down what a meeting or the plan decided, and promise the money."""
    place = place_at(request, slug)
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        initial={"decided_on": timezone.localdate(), "recused": 0} | fresh(),
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        award = acted(
            form,
            lambda: decisions.decide_and_award(
                place,
                given["kind"],
                key=given["once"],
                title=given["title"],
                pence=given["pence"],
                award_kind=given["award_kind"],
                decided_on=given["decided_on"],
                voted={"partnership_member": given["voted"]},
                recused={"partnership_member": given["recused"]},
                on=timezone.localdate(),
                actor=acting(request),
            ),
        )
        if award:
            messages.success(request, _("Written into the record, and the money is promised."))
            return redirect("award-money", slug=award.slug)
    return render(request, "awards/decide.html", {"place": place, "form": form})


@needs_role("partnership_member", place=place_at)
@require_http_methods(["GET", "POST"])
def delegate(request: HttpRequest, slug: str) -> HttpResponse:
    """Let one role give quick grants up to a limit."""
    place = place_at(request, slug)
    today = timezone.localdate()
    form = DelegationForm(
        request.POST if request.method == "POST" else None,
        initial={"since": today, "decided_on": today, "recused": 0},
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["voted"] = {"partnership_member": given["voted"]}
        given["recused"] = {"partnership_member": given["recused"]}
        if acted(form, lambda: decisions.delegate(place, **given, actor=acting(request))):
            messages.success(request, _("The limit is agreed, and written into the record."))
            return redirect("place-payments", slug=slug)
    return render(
        request,
        "awards/delegate.html",
        {
            "place": place,
            "form": form,
            "most": rule("grant.quick_maximum", today, slug),
            "month": rule("grant.quick_month_maximum", today, slug),
        },
    )


@needs_role("partnership_member", "finance_officer", "worker", place=place_at)
@require_http_methods(["GET", "POST"])
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
            pence = rules.read_pounds(typed)
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
