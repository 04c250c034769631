"""The pages of whoever calls a meeting, writes it down, and looks after its minutes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doorstep.apps.partnerships.actions import deciding, meetings
from doorstep.apps.partnerships.actions import minutes as minuting
from doorstep.apps.partnerships.forms import (
    AdjournForm,
    CallForm,
    CancelForm,
    DecideForm,
    DeclareForm,
    ItemForm,
    MinutesForm,
    PaperForm,
)
from doorstep.apps.partnerships.models import (
    AgendaItem,
    Meeting,
    MeetingState,
    Membership,
    Partnership,
)
from doorstep.apps.partnerships.queries import drafting
from doorstep.apps.partnerships.queries import meetings as queries
from doorstep.apps.partnerships.rules import meetings as rules
from doorstep.apps.partnerships.views.common import acted, item_at, meeting_at
from doorstep.apps.people.guards import acting, needs_role, place_at
from doorstep.engine.rulebook import rule

keeps = needs_role("partnership_member", "worker", place=place_at)
forms_too = require_http_methods(["GET", "HEAD", "POST"])


def _data(request: HttpRequest, do: str) -> Any:
    """What was sent, to the form that it was sent with."""
    return request.POST if request.method == "POST" and request.POST.get("do") == do else None


@keeps
@forms_too
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """Give notice of a meeting, with what the last one left."""
    place, today = place_at(request, slug), timezone.localdate()
    partnership = get_object_or_404(Partnership, place=place)
    unagreed, left = drafting.unagreed(partnership), drafting.left_over(partnership)
    form = CallForm(
        request.POST if request.method == "POST" else None, last=unagreed, left=len(left),
        initial={"kind": Meeting.Kind.ORDINARY, "minutes": True, "carry": True},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        items = [drafting.to_agree(unagreed)] if unagreed and given["minutes"] else []
        items += left if left and given["carry"] else []
        made = acted(
            form,
            lambda: meetings.call_meeting(
                partnership, kind=given["kind"], meets_at=given["meets_at"], where=given["where"],
                items=items, short_notice=given["short_notice"], on=today, actor=acting(request),
            ),
        )  # fmt: skip
        if made:
            messages.success(request, _("The meeting is called. Now put on the agenda what is up."))
            return redirect("partnerships:work", slug, made.number)
    days = rule("meeting.notice", today, slug)
    shown = {"place": place, "form": form, "days": days, "earliest": drafting.earliest(today, days)}
    return render(request, "partnerships/call.html", shown)


@keeps
@require_safe
def overview(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One meeting's work: what is to do next, and the way to each part of it."""
    meeting = meeting_at(slug, number)
    today = timezone.localdate()
    agenda = queries.agenda(meeting)
    shown = {
        "place": meeting.partnership.place,
        "meeting": meeting,
        "agenda": agenda,
        "next": next((one for one in agenda if one.decision is None), None),
        "began": timezone.localtime(meeting.meets_at).date() <= today,
        "called": meeting.state == MeetingState.CALLED,
        "over": meeting.state in minuting.OVER,
        "minutes": queries.minutes_of(meeting),
        "declared": meeting.declarations.select_related("membership__name", "item__title"),
    }
    return render(request, "partnerships/work.html", shown)


@keeps
@forms_too
def add(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Put something on the agenda."""
    meeting = meeting_at(slug, number)
    form = ItemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = acted(
            form,
            lambda: meetings.add_item(
                meeting, form.item(), on=timezone.localdate(), actor=acting(request)
            ),
        )
        if made:
            messages.success(request, _("It is on the agenda."))
            return redirect("partnerships:work", slug, number)
    shown = {"place": meeting.partnership.place, "meeting": meeting, "form": form}
    return render(request, "partnerships/add.html", shown)


@keeps
@forms_too
def paper(request: HttpRequest, slug: str, number: int, item: int) -> HttpResponse:
    """Add a paper to an item."""
    meeting = meeting_at(slug, number)
    found = item_at(meeting, item)
    sent = request.method == "POST"
    form = PaperForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        given = form.cleaned_data
        made = acted(
            form,
            lambda: meetings.add_paper(found, given["title"], given["file"], actor=acting(request)),
        )
        if made:
            messages.success(request, _("Everybody can read the paper now."))
            return redirect("partnerships:work", slug, number)
    shown = {"place": meeting.partnership.place, "meeting": meeting, "item": found, "form": form}
    return render(request, "partnerships/paper.html", shown)


@keeps
@forms_too
def declare(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A member has an interest in an item, or in all of the meeting."""
    meeting = meeting_at(slug, number)
    seats, items = queries.seats_at(meeting), drafting.open_items(meeting)
    mine = next((str(s.pk) for s in seats if s.account_id == request.user.pk), "")
    form = DeclareForm(
        request.POST if request.method == "POST" else None, seats=seats, items=items,
        initial={"membership": mine},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        seat = next(seat for seat in seats if str(seat.pk) == given["membership"])
        item = next((one for one in items if str(one.number) == given["item"]), None)
        made = acted(
            form,
            lambda: deciding.declare_at_meeting(
                meeting, seat, given["kind"], item=item, actor=acting(request)
            ),
        )
        if made:
            messages.success(request, _("Declared. They stay out of it, vote and quorum alike."))
            return redirect("partnerships:work", slug, number)
    shown = {"place": meeting.partnership.place, "meeting": meeting, "form": form}
    return render(request, "partnerships/declare.html", shown)


@keeps
@forms_too
def decide(request: HttpRequest, slug: str, number: int, item: int) -> HttpResponse:
    """Who is in the room at an item, and what they came to."""
    meeting = meeting_at(slug, number)
    found = item_at(meeting, item)
    seats = queries.seats_at(meeting)
    day = timezone.localtime(meeting.meets_at).date()
    must = queries.must_stay_out(found, meeting, seats, day)
    form = DecideForm(
        request.POST if request.method == "POST" else None, item=found, seats=seats, must=must,
        before=queries.presence_before(found),
    )  # fmt: skip
    room = None
    if request.method == "POST" and form.is_valid():
        room = _room(form, meeting)
        sure = request.POST.get("do") == "undecided" or room.can_decide or not found.needs_a_vote
        if request.POST.get("do") != "count" and sure:
            made = acted(form, lambda: _decided(request, found, form))
            if made:
                messages.success(
                    request, _("Written down: %(word)s.") % {"word": made.get_outcome_display()}
                )
                return redirect("partnerships:work", slug, number)
    shown = {
        "place": meeting.partnership.place,
        "meeting": meeting,
        "item": found,
        "form": form,
        "room": room,
    }
    return render(request, "partnerships/decide.html", shown)


def _room(form: DecideForm, meeting: Meeting) -> rules.Room:
    """The room as it was typed, before anything is written."""
    day, slug = timezone.localtime(meeting.meets_at).date(), meeting.partnership.place.slug
    seats: dict[int, Membership] = {seat.pk: seat for seat in form.seats}
    there = [
        rules.There(number, seats[number].lives_here, "" if word == rules.HERE else word)
        for number, word in form.said().items()
        if word != rules.AWAY
    ]
    return rules.room(
        there,
        quorum=rule("meeting.quorum", day, slug),
        majority=rule("meeting.resident_majority", day, slug),
    )


def _decided(request: HttpRequest, item: AgendaItem, form: DecideForm) -> Any:
    given = form.cleaned_data
    return deciding.decide_item(
        item, said=form.said(), chair=form.in_the_chair(), method=given.get("method") or "none",
        votes=form.votes(), note=given["note"], on=timezone.localdate(), actor=acting(request),
    )  # fmt: skip


@keeps
@forms_too
def end(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The meeting is over, is broken off until another day, or is called off."""
    meeting, today = meeting_at(slug, number), timezone.localdate()
    who: dict[str, Any] = {"actor": acting(request)}
    cancel = CancelForm(_data(request, "cancel"), prefix="off")
    adjourn = AdjournForm(_data(request, "adjourn"), prefix="on")
    done = None
    if request.POST.get("do") == "end":
        cancel.is_valid()
        done = acted_or_said(request, lambda: meetings.end_meeting(meeting, on=today, **who))
    elif cancel.is_valid():
        given = cancel.cleaned_data
        done = acted(cancel, lambda: meetings.cancel_meeting(meeting, given["reason"], **who))
    elif adjourn.is_valid():
        given = adjourn.cleaned_data
        done = acted(
            adjourn,
            lambda: meetings.adjourn_meeting(
                meeting, meets_at=given["meets_at"], where=given["where"], reason=given["reason"],
                on=today, **who,
            ),
        )  # fmt: skip
    if done:
        messages.success(request, _("Written down."))
        return redirect("partnerships:work", slug, done.number)
    shown = {
        "place": meeting.partnership.place, "meeting": meeting, "cancel": cancel,
        "adjourn": adjourn, "left": drafting.open_items(meeting),
    }  # fmt: skip
    return render(request, "partnerships/end.html", shown)


def acted_or_said(request: HttpRequest, act: Any) -> Any:
    """What a button came to that has no form; a refusal is said at the top of the page."""
    try:
        return act()
    except meetings.Refused as refused:
        messages.warning(request, refused.reason)
        return None


@keeps
@forms_too
def minutes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Draft the minutes, and publish them once they are agreed."""
    meeting, today = meeting_at(slug, number), timezone.localdate()
    agenda, steps = queries.agenda(meeting), queries.minutes_of(meeting)
    drafted = steps[-1].text.text if steps else drafting.first_draft(meeting, agenda)
    form = MinutesForm(_data(request, "draft"), initial={"text": drafted})
    who: dict[str, Any] = {"on": today, "actor": acting(request)}
    if request.POST.get("do") == "publish":
        done = acted_or_said(request, lambda: minuting.publish_minutes(meeting, **who))
    else:
        done = form.is_valid() and acted(
            form, lambda: minuting.draft_minutes(meeting, form.cleaned_data["text"], **who)
        )
    if done:
        messages.success(request, _("Written down."))
        return redirect("partnerships:minutes", slug, number)
    shown = {
        "place": meeting.partnership.place,
        "meeting": meeting,
        "form": form,
        "steps": steps,
        "kinds": {step.kind for step in steps},
        "over": meeting.state in minuting.OVER,
        "hidden": drafting.would_be_hidden(meeting, steps),
    }
    return render(request, "partnerships/minutes.html", shown)
