"""Quick money: the public page, asking, two members' words, and the look afterwards."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.awards.actions import quick_money
from doorstep.apps.awards.actions.quick import given_in_month
from doorstep.apps.awards.forms import fresh
from doorstep.apps.awards.forms_quick import AskQuickForm, ReviewForm, SayForm
from doorstep.apps.awards.models import Application, Award, AwardKind
from doorstep.apps.awards.queries import quick
from doorstep.apps.awards.queries.applying import bodies_of
from doorstep.apps.awards.views.common import acted, place_of_award
from doorstep.apps.people.guards import acting, needs_role, place_at, public, signed_in
from doorstep.apps.people.models import Account
from doorstep.apps.people.rules import role_name
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.public import kept_for
from doorstep.apps.record.actors import Actor
from doorstep.engine.rulebook import rule

RULES = (
    "grant.quick_minimum", "grant.quick_maximum", "grant.quick_month_maximum",
    "grant.quick_decided_within", "grant.quick_reviewed_within",
)  # fmt: skip
PAGE = 50


@public
@kept_for("page")
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """How quick money works here, every grant of it, and what meetings found afterwards."""
    place, today = place_at(request, slug), timezone.localdate()
    shown = Paginator(quick.given(place), PAGE).get_page(request.GET.get("page"))
    limit = quick.limit_at(place, today)
    return render(
        request,
        "awards/quick_money.html",
        {
            "place": place,
            "limit": limit,
            "left": max(limit.month_pence - given_in_month(limit, today), 0) if limit else 0,
            "rules": {key.partition("quick_")[2]: rule(key, today, slug) for key in RULES},
            "page": shown,
            "given": quick.told(list(shown), place),
            "limit_set": quick.meeting_of(limit),
            "others": [
                (role_name(one.holder_role), one) for one in quick.limits_of_others(place, today)
            ],
            "pace": quick.pace(place),
        },
    )


@signed_in
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """The one screen of asking."""
    place, today = place_at(request, slug), timezone.localdate()
    assert isinstance(request.user, Account)
    form = AskQuickForm(
        request.POST if request.method == "POST" else None,
        initial=fresh(),
        bodies=bodies_of(request.user, today),
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        asked = acted(
            form,
            lambda: quick_money.ask_quick(
                place, key=given.pop("once"), **given, on=today, actor=acting(request)
            ),
        )
        if asked:
            messages.success(request, _("Sent in. Two members of the partnership answer it."))
            return redirect("my-application", pk=asked.pk)
    return render(request, "awards/quick_ask.html", {"place": place, "form": form})


@needs_role("partnership_member", place=place_at)
@require_http_methods(["GET", "POST"])
@after_a_fresh_second_step
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for two members, each with its own form; and what the next meeting looks at."""
    place, today, actor = place_at(request, slug), timezone.localdate(), acting(request)
    sent = request.POST.get("application", "")
    rows = []
    for one in quick.waiting(place)[:PAGE]:
        mine = request.method == "POST" and sent == str(one.pk)
        form = SayForm(request.POST if mine else None, auto_id=f"id_{one.pk}_%s")
        if mine and form.is_valid():
            done = acted(form, lambda one=one, form=form: _say(one, form, today, actor))  # type: ignore[misc]
            if done:
                messages.success(request, _said(done))
                return redirect("quick-decide", slug=slug)
        rows.append((one, form, quick.may_say(one, int(actor.id), today)))
    return render(
        request,
        "awards/quick_decide.html",
        {"place": place, "rows": rows, "to_look_at": quick.to_look_at(place)[:PAGE]},
    )


@needs_role("partnership_member", place=place_of_award)
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down what a meeting found of one quick grant."""
    award = get_object_or_404(
        Award.objects.select_related("place", "title"), slug=slug, kind=AwardKind.QUICK
    )
    today = timezone.localdate()
    form = ReviewForm(request.POST if request.method == "POST" else None, initial={"met_on": today})
    if request.method == "POST" and form.is_valid():
        done = acted(
            form,
            lambda: quick_money.review(award, **form.cleaned_data, on=today, actor=acting(request)),
        )
        if done:
            messages.success(request, _("Written into the record, where everybody reads it."))
            return redirect("quick-decide", slug=award.place.slug)
    return render(request, "awards/quick_review.html", {"award": award, "form": form})


def _say(one: Application, form: SayForm, today: date, actor: Actor) -> Application:
    given = form.cleaned_data
    return quick_money.say(one, given["kind"], reason=given["reason"], on=today, actor=actor)


def _said(one: Application) -> str:
    if one.state == Application.State.AGREED:
        return _("Two members said yes. The money is promised, and its payment goes ahead.")
    if one.state == Application.State.DECLINED:
        return _("They read your reason on their own page.")
    return _("Kept. Two members who say yes decide.")
