"""What a partnership does to its rounds where rooms meet: list, freeze, and one room's count."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorstep.apps.awards.actions import settle_round
from doorstep.apps.files.actions import keep
from doorstep.apps.people.guards import acting, needs_role, place_at
from doorstep.apps.people.models import Account
from doorstep.apps.people.rules import MONEY_ROLES
from doorstep.apps.people.step_up import after_a_fresh_second_step, shown_lately
from doorstep.apps.refused import Refused
from doorstep.apps.rounds import working
from doorstep.apps.rounds.actions import (
    close_room,
    decide_without_vote,
    enter_tally,
    freeze_round,
    rehearse_freeze,
)
from doorstep.apps.rounds.forms import TallyForm
from doorstep.apps.rounds.models import Round, RoundSize, RoundState
from doorstep.apps.rounds.queries import named_projects, room_count, told_rounds
from doorstep.apps.rounds.totals import HOW, VOTERS, read_counted
from doorstep.apps.rounds.views import place_of
from doorstep.site.operations import close_and_settle
from doorstep.site.pages.standing import neighbours_read, rounds_to_run

# Where a vote in one room is under way: from its freeze until its awards are made.
IN_A_ROOM = (RoundState.FROZEN, RoundState.CLOSED, RoundState.COUNTED)


@needs_role("partnership_member", "worker", place=place_at)
@require_safe
def rounds(request: HttpRequest, slug: str) -> HttpResponse:
    """Every round of a place, with the word that neighbours read and the pages to work on it."""
    place, today = place_at(request, slug), timezone.localdate()
    listed = rounds_to_run(place)
    pages = working.pages_of(listed, request.user)
    told = [(one, neighbours_read(one, today), pages[one.pk]) for one in listed]
    return render(request, "pages/rounds.html", {"place": place, "rounds": told})


@needs_role("partnership_member", place=place_of)
@require_http_methods(["GET", "POST"])
@after_a_fresh_second_step
def freeze(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is missing, or fix everything; where every idea fits, fund them all instead."""
    round_ = get_object_or_404(Round.objects.select_related("place", "title", "terms"), slug=slug)
    if round_.state != RoundState.DRAFT:
        return redirect("round", slug=slug)
    today, actor = timezone.localdate(), acting(request)
    if request.method == "POST":
        if request.POST.get("do") == "fund-all":
            with transaction.atomic():
                settle_round(
                    decide_without_vote(round_, on=today, actor=actor), on=today, actor=actor
                )
        else:
            freeze_round(round_, on=today, actor=actor)
        return redirect("round", slug=slug)
    return render(
        request,
        "pages/round_freeze.html",
        {
            "round": round_,
            "found": rehearse_freeze(round_, on=today, actor=actor),
            "working": [
                one
                for one in working.pages_of([round_], request.user)[round_.pk]
                if one.url != request.path
            ],
        },
    )


@needs_role("partnership_member", "worker", "resident", place=place_of)
@require_http_methods(["GET", "POST"])
def room(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter what was counted in one room. A resident may count; what two people agree on makes
    awards, so it is published by whoever shows a second step, and in the same step where the
    second of the two just did."""
    round_ = _room(slug)
    if round_.state not in IN_A_ROOM:
        return redirect("round", slug=slug)
    counter = request.user
    if not isinstance(counter, Account):
        raise Http404("nobody is signed in")
    projects = named_projects(round_)
    own = next((one for one in room_count(round_).latest if one.counter_id == counter.pk), None)
    form = TallyForm(
        request.POST or None,
        request.FILES or None,
        projects=projects,
        initial={"how": "slips"},
    )
    if own:
        form.show(read_counted(own.text))
    if request.method == "POST" and round_.state == RoundState.FROZEN and form.is_valid():
        try:
            if _entered(request, round_, form, counter):
                return redirect("round", slug=slug)
            return redirect("round-room", slug=slug)
        except Refused as refusal:
            form.add_error(None, refusal.reason)
    now = room_count(round_)
    lines = {HOW: _("slips or tokens"), VOTERS: _("how many people took part")}
    return render(
        request,
        "pages/round_room.html",
        {
            "round": round_,
            "form": form,
            "own": own,
            "may_publish": acting(request).kind in MONEY_ROLES,
            "others": sum(one.counter_id != counter.pk for one in now.latest),
            "agreed": now.agreed is not None,
            "photo": now.photo is not None,
            "differing": [
                lines[one] if one in lines else projects[one].name.text or one
                for one in now.differing
            ],
        },
    )


@needs_role("partnership_member", "worker", place=place_of)
@require_POST
@after_a_fresh_second_step
def publish_room(request: HttpRequest, slug: str) -> HttpResponse:
    """Close the room on what two people agree on, publish it and make its awards. One that was
    interrupted goes on from where it stands."""
    round_, actor = _room(slug), acting(request)
    if round_.state == RoundState.FROZEN:
        round_ = close_room(round_, actor=actor)
    if round_.state in IN_A_ROOM:
        close_and_settle(round_, actor=actor)
        messages.success(request, _("Both counts agree. The result is published."))
    return redirect("round", slug=slug)


def _room(slug: str) -> Round:
    return get_object_or_404(told_rounds(), slug=slug, terms__size=RoundSize.ROOM)


def _entered(request: HttpRequest, round_: Round, form: TallyForm, counter: Account) -> bool:
    """Keep what was entered; True when it agreed with another person's and all is decided,
    which only a role that showed its second step lately may do."""
    actor, given = acting(request), form.cleaned_data
    photo = None
    if given["photo"]:
        photo = keep(
            given["photo"],
            purpose="tally-sheet",
            public=given["show"],
            by=actor,
            pictures_only=True,
        )
    enter_tally(round_, form.counted(), counter=counter, photo=photo)
    now = room_count(round_)
    decides = actor.kind in MONEY_ROLES and shown_lately(request)
    if now.agreed is None or now.photo is None or not decides:
        messages.success(request, _("Your count is kept."))
        return False
    close_and_settle(close_room(round_, actor=actor), actor=actor)
    messages.success(request, _("Both counts agree. The result is published."))
    return True
