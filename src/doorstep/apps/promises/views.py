"""Pages of promises: what a place may read, what somebody has to do, and their calendars."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorstep.apps.deadlines import explained
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.people.guards import (
    acting,
    needs_role,
    place_at,
    public,
    refused,
    roles_held,
    signed_in,
)
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.queries import roles_on
from doorstep.apps.people.rules import Answer
from doorstep.apps.places.models import Place
from doorstep.apps.promises import actions, feeds, queries, rules
from doorstep.apps.promises.actions import Due
from doorstep.apps.promises.forms import ExtendForm, HolidayForm, PromiseForm, ReasonForm
from doorstep.apps.promises.models import Feed, HolidayStep, Promise
from doorstep.apps.promises.waiting import waiting_at
from doorstep.apps.public import kept_for
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import working_days_after

MAY_PROMISE = ("partnership_member", "worker", "council_officer")
MAY_ADD_HOLIDAYS = ("funder", "council_officer")


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@public
@kept_for("page")
def at_place(request: HttpRequest, slug: str) -> HttpResponse:
    """What is owed to a neighbourhood, and how what was promised was kept."""
    place, today = get_object_or_404(Place, slug=slug), timezone.localdate()
    page, rows = queries.page_of(queries.public_at(place), request.GET.get("page"), today)
    return render(
        request,
        "promises/place.html",
        {
            "place": place,
            "page": page,
            "rows": rows,
            "tallies": queries.tallies(place, today),
            "least": rules.Tally.LEAST,
        },
    )


@public
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One public promise with its sum and everything that became of it."""
    promise = get_object_or_404(
        Promise.objects.select_related(*queries.related()), pk=pk, public=True
    )
    return render(request, "promises/one.html", _told(promise))


def _told(promise: Promise) -> dict[str, object]:
    [shown] = queries.shown([promise], timezone.localdate())
    deadline = queries.sum_of(promise)
    return {
        "one": shown,
        "promise": promise,
        "sum": explained(deadline) if deadline else "",
        "steps": queries.history(promise),
    }


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """Everything that one account can keep: due today or late, held by nobody, later."""
    account, today = _account(request), timezone.localdate()
    roles = roles_on(account, today)
    return render(
        request,
        "promises/desk.html",
        {
            "heading": _("What is owed by you"),
            "desk": queries.desk_of(account, today),
            "bodies": queries.offices_of(account, today),
            "duties": list({role.place_id: role.place for role in roles if role.place}.values()),
            "may_promise": [
                role.place for role in roles if role.place and role.kind in MAY_PROMISE
            ],
            "may_add_holidays": any(role.kind in MAY_ADD_HOLIDAYS for role in roles),
        },
    )


@require_safe
@signed_in
def of_body(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that an organisation owes, for whoever speaks for it."""
    body, today = get_object_or_404(Organisation, slug=slug), timezone.localdate()
    if body not in queries.offices_of(_account(request), today):
        why = _("Only somebody who speaks for %(body)s sees this.") % {"body": body.name}
        return refused(request, Answer(False, why))
    heading = _("What %(body)s owes") % {"body": body.name}
    desk = queries.desk_of_body(body, today)
    return render(request, "promises/desk.html", {"heading": heading, "desk": desk})


@require_safe
@needs_role(*Role.Kind.values, place=place_at)
def duties(request: HttpRequest, slug: str) -> HttpResponse:
    """Every open duty of somebody's roles at a place, on one page: what a new holder takes over."""
    place, today = place_at(request, slug), timezone.localdate()
    mine = [role for role in roles_held(request) if role.holds(today)]
    held = {role.kind for role in mine if role.place_id in (None, place.pk)}
    heading = _("Every open duty of your roles at %(place)s") % {"place": place.name}
    shown = {
        "heading": heading,
        "desk": queries.desk_at(place, held, today),
        "waiting": waiting_at(place, held, today),
    }
    return render(request, "promises/desk.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def work(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a promise on, give it back, put it off, or say that it is done or not."""
    promise = get_object_or_404(Promise.objects.select_related(*queries.related()), pk=pk)
    account, today = _account(request), timezone.localdate()
    if not (answer := _may_work(promise, account)):
        return refused(request, answer)
    do = request.POST.get("do", "")
    later = ExtendForm(request.POST if do == "extend" else None, prefix="later")
    why = ReasonForm(request.POST if do == "not_done" else None, prefix="why")
    form = {"extend": later, "not_done": why}.get(do)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _act(promise, do, form.cleaned_data if form else {}, account, request)
        except Refused as refusal:
            if form is not None:
                form.add_error(None, refusal.reason)
            else:
                messages.warning(request, refusal.reason)
        else:
            messages.success(request, _("Written down."))
            return redirect("promises:work", pk=pk)
    return render(
        request,
        "promises/work.html",
        {
            **_told(Promise.objects.select_related(*queries.related()).get(pk=pk)),
            "later": later,
            "why": why,
            "is_mine": promise.held_by_id == account.pk,
            "by_hand": promise.kind == queries.kinds.SPOKEN,
            "today": today,
        },
    )


def _may_work(promise: Promise, account: Account) -> Answer:
    today = timezone.localdate()
    if promise.held_by_id == account.pk:
        return Answer(True, _("You took this on."))
    roles = [(role.kind, role.place_id) for role in roles_on(account, today)]
    return rules.may_work_on(
        role=promise.owed_by_role,
        place_id=promise.place_id,
        organisation_id=promise.owed_by_organisation_id,
        roles=roles,
        speaks_for=[body.pk for body in queries.offices_of(account, today)],
    )


def _act(promise: Promise, do: str, given: dict, account: Account, request: HttpRequest) -> None:
    known: dict[str, Any] = {"on": timezone.localdate(), "actor": acting(request)}
    if do == "take":
        actions.take_on(promise, account, **known)
    elif do == "give_back":
        actions.give_back(promise, **known)
    elif do == "extend":
        actions.extend(promise, given["until"], given["reason"], **known)
    elif do == "not_done":
        actions.not_done(promise, given["reason"], **known)
    elif do == "done" and promise.kind == queries.kinds.SPOKEN:
        actions.keep(promise, **known)
    else:
        raise Refused(_("Choose what to do with it."), code="do")


@needs_role(*MAY_PROMISE, place=place_at)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down a promise that somebody made."""
    place, today = place_at(request, slug), timezone.localdate()
    form = PromiseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        days, added = given["working_days"], queries.added_holidays()
        due = (
            Due(given["day"]) if not days else Due.by(working_days_after(today, days, added=added))
        )
        try:
            promise = actions.promise_aloud(
                given["what"],
                due=due,
                place=place,
                role=given["role"],
                organisation=given["organisation"],
                on=today,
                actor=acting(request),
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("It is written down, and everybody can read it."))
            return redirect("promises:one", pk=promise.pk)
    return render(request, "promises/new.html", {"form": form, "place": place})


@needs_role(*MAY_ADD_HOLIDAYS)
@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: HttpRequest) -> HttpResponse:
    """Add a bank holiday that nobody could know before, or take out one that was a mistake."""
    form = HolidayForm(request.POST if request.POST.get("do") == "add" else None)
    try:
        if request.POST.get("do") == "add" and form.is_valid():
            given = form.cleaned_data
            step = actions.add_holiday(
                given["day"], given["name"], given["nations"], actor=acting(request)
            )
            return _counted_anew(request, step)
        if request.POST.get("do") == "take_out":
            wanted = [h for h in queries.added_holidays() if str(h.day) == request.POST.get("day")]
            if wanted:
                step = actions.take_out_holiday(wanted[0].day, actor=acting(request))
                return _counted_anew(request, step)
    except Refused as refusal:
        form.add_error(None, refusal.reason) if form.is_bound else messages.warning(
            request, refusal.reason
        )
    return render(
        request,
        "promises/holidays.html",
        {"form": form, "added": queries.added_holidays(), "steps": HolidayStep.objects.all()[:50]},
    )


def _counted_anew(request: HttpRequest, step: HolidayStep) -> HttpResponse:
    said = _("Done. Promises whose last day moved: %(moved)s.") % {"moved": f"{step.moved:,}"}
    messages.success(request, said)
    return redirect("promises:holidays")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def calendars(request: HttpRequest) -> HttpResponse:
    """Secret addresses that a calendar can follow. A new one is shown this once."""
    account, today = _account(request), timezone.localdate()
    bodies = queries.offices_of(account, today)
    address = ""
    if request.method == "POST":
        body = next((b for b in bodies if b.slug == request.POST.get("body")), None)
        try:
            secret = feeds.open_feed(account, body)
        except Refused as refusal:
            messages.warning(request, refusal.reason)
        else:
            address = request.build_absolute_uri(reverse("promises:calendar", args=[secret]))
    standing = Feed.objects.filter(account=account, ended_at=None).select_related("organisation")
    return render(
        request,
        "promises/calendars.html",
        {"address": address, "bodies": bodies, "feeds": standing.order_by("pk")},
    )


@require_POST
@signed_in
def end_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """An address is given up, or got into other hands: it leads nowhere from now on."""
    get_object_or_404(Feed, pk=pk, account=_account(request))
    feeds.end_feed(_account(request), pk)
    messages.success(request, _("That address leads nowhere any more."))
    return redirect("promises:calendars")


@public
@never_cache
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """A calendar at its secret address, as iCalendar."""
    feed = feeds.feed_of(token)
    if feed is None:
        raise Http404
    body = feeds.calendar_of(feed, request.build_absolute_uri("/"))
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="promises.ics"'
    # The address is the key: no page that it leads to may learn it.
    answer["Referrer-Policy"] = "no-referrer"
    return answer
