"""Propose an idea, or follow one: one screen, then a code. No account."""

import re
from contextlib import nullcontext
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from doorstep.apps.files.actions import keeping
from doorstep.apps.ideas import actions
from doorstep.apps.ideas.actions.confirming import PHOTO
from doorstep.apps.ideas.forms import CodeForm, FollowForm, ProposeForm, TypedInForm
from doorstep.apps.ideas.models import Unconfirmed
from doorstep.apps.ideas.views.reading import idea_with_round, round_that_takes_ideas, window_of
from doorstep.apps.ledger.rules import pounds
from doorstep.apps.limits.connections import connection_of
from doorstep.apps.outbox.sending import address_of
from doorstep.apps.people.guards import acting, needs_role
from doorstep.apps.places.models import Place, Street
from doorstep.apps.public import public_form
from doorstep.apps.refused import Refused, TooOften
from doorstep.apps.rounds.models import Round

STREETS_LISTED = 500


def typed(request: HttpRequest) -> QueryDict | None:
    """The form that came in, be it ever so empty; None where none did."""
    return request.POST if request.method == "POST" else None


def streets_of(round_: Round) -> list[str]:
    """The street names of the round's place, each once."""
    names = Street.objects.filter(place=round_.place).order_by("name_key")
    return list(dict.fromkeys(names.values_list("name", flat=True)[: 4 * STREETS_LISTED]))[
        :STREETS_LISTED
    ]


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """The one screen. Whatever is wrong comes back with the words still in their boxes."""
    round_ = round_that_takes_ideas(slug)
    window = window_of(round_)
    form = ProposeForm(
        typed(request),
        request.FILES or None,
        terms=round_.terms,
        initial=typed_before(round_, request.GET.get("from", "")),
    )
    if request.method == "POST" and window == "open" and form.is_valid():
        data = form.cleaned_data
        try:
            row = actions.ask_to_propose(
                round_,
                {**form.said(), "ground": data["ground"]},
                address=data["address"],
                photo=data.get("photo") or None,
                connection=connection_of(request),
            )
            return redirect("ideas:confirm", token=row.token)
        except TooOften:
            raise
        except Refused as refusal:
            form.add_error("photo" if refusal.code.startswith("file") else None, refusal.reason)
    return render(
        request,
        "ideas/propose.html",
        {"round": round_, "terms": round_.terms, "form": form, "window": window,
         "streets": streets_of(round_)},
        status=409 if request.method == "POST" and window != "open" else 200,
    )  # fmt: skip


def typed_before(round_: Round, token: str) -> dict[str, Any]:
    """What was typed and waits for its code, back in its boxes, to be changed."""
    waits = Unconfirmed.objects.filter(round=round_, idea=None, follows=None)
    row = waits.filter(token=token).first() if re.fullmatch(r"[\w-]{1,43}", token) else None
    if row is None:
        return {}
    pence = row.said.get("rough_pence")
    return {**row.said, "rough": pounds(pence).removeprefix("£") if pence else ""}


def place_of_round(request: HttpRequest, slug: str) -> Place:
    return round_that_takes_ideas(slug).place


@needs_role("worker", "partnership_member", place=place_of_round)
@require_http_methods(["GET", "HEAD", "POST"])
def type_in(request: HttpRequest, slug: str) -> HttpResponse:
    """The same screen for somebody beside the worker: read back and agreed, then taken in."""
    round_ = round_that_takes_ideas(slug)
    window = window_of(round_)
    form = TypedInForm(typed(request), request.FILES or None, terms=round_.terms)
    if request.method == "POST" and window == "open" and form.is_valid():
        data = form.cleaned_data
        try:
            by, upload = acting(request), data.get("photo")
            with (
                keeping(upload, purpose=PHOTO, public=False, by=by, pictures_only=True)
                if upload
                else nullcontext()
            ) as photo:
                idea = actions.propose(
                    round_,
                    actions.Said(**form.said()),
                    ground=data["ground"],
                    author=form.author(),
                    photo=photo,
                    actor=by,
                )
            messages.success(
                request,
                _("The idea is in. Tell them its number: %(number)s.") % {"number": idea.number},
            )
            return redirect("ideas:idea", number=idea.number)
        except Refused as refusal:
            form.add_error("photo" if refusal.code.startswith("file") else None, refusal.reason)
    return render(
        request,
        "ideas/type_in.html",
        {"round": round_, "terms": round_.terms, "form": form, "window": window,
         "streets": streets_of(round_)},
    )  # fmt: skip


def waiting(token: str) -> Unconfirmed:
    rows = Unconfirmed.objects.select_related(
        "round__place", "round__title", "follows__title", "contact", "idea"
    )
    return get_object_or_404(rows, token=token)


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Type the code. Once it was right, this address leads to the idea for ever."""
    row = waiting(token)
    form = CodeForm(typed(request))
    if row.idea is not None:
        return redirect("ideas:idea", number=row.idea_id)
    if request.method == "POST" and form.is_valid():
        try:
            idea = actions.confirm(row, form.cleaned_data["code"])
        except Refused as refusal:
            form.add_error("code", refusal.reason)
        else:
            said = (
                _("You follow this idea now. We will tell you what becomes of it.")
                if row.follows_id
                else _("Thank you. Your idea is in, and we sent you a link to it.")
            )
            messages.success(request, said)
            return redirect("ideas:idea", number=idea.pk)
    row.refresh_from_db()
    return render(
        request,
        "ideas/confirm.html",
        {
            "row": row,
            "form": form,
            "address": address_of(row.contact).text if row.contact.sealed else "",
            "over": not row.tries_left or row.expires_at <= timezone.now(),
        },
    )


@public_form
@never_cache
@require_POST
def again(request: HttpRequest, token: str) -> HttpResponse:
    """Send another code."""
    row = waiting(token)
    actions.send_new_code(row, connection=connection_of(request))
    messages.info(request, _("A new code is on its way. Only the newest one counts."))
    return redirect("ideas:confirm", token=token)


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, number: int) -> HttpResponse:
    """Hear what becomes of an idea."""
    idea = idea_with_round(number)
    form = FollowForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.ask_to_follow(
                idea, address=form.cleaned_data["address"], connection=connection_of(request)
            )
            return redirect("ideas:confirm", token=row.token)
        except TooOften:
            raise
        except Refused as refusal:
            form.add_error(None, refusal.reason)
    return render(request, "ideas/follow.html", {"idea": idea, "round": idea.round, "form": form})
