"""Who sits on a partnership: for everybody, and for whoever looks after its seats."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.partnerships.actions import (
    end_household,
    move,
    name_member,
    seats,
    share_household,
)
from doorstep.apps.partnerships.actions.offices import give_office
from doorstep.apps.partnerships.forms_seats import (
    HomeForm,
    NameForm,
    OfficeForm,
    OpenForm,
    SettleForm,
    StandForm,
)
from doorstep.apps.partnerships.models import Filling, FillingState, Membership, Partnership
from doorstep.apps.partnerships.queries import seats as queries
from doorstep.apps.partnerships.views.common import acted
from doorstep.apps.people.guards import acting, needs_role, place_at, public
from doorstep.apps.people.spells import holding
from doorstep.apps.people.step_up import a_fresh_second_step_before, after_a_fresh_second_step
from doorstep.apps.public import kept_for
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule

member = needs_role("partnership_member", place=place_at)
forms_too = require_http_methods(["GET", "HEAD", "POST"])


@public
@kept_for()
def listed(request: HttpRequest, slug: str) -> HttpResponse:
    """Seats, terms and vacancies; names of those alone who agreed."""
    partnership = _partnership(slug)
    today = timezone.localdate()
    shown = {
        "place": partnership.place,
        "partnership": partnership,
        "bench": queries.bench(partnership, today),
        "fillings": queries.fillings(partnership.place),
        "term": rule("partnership.term", today, slug),
    }
    return render(request, "partnerships/members.html", shown)


@member
@forms_too
def work(request: HttpRequest, slug: str) -> HttpResponse:
    """Every seat with what can be done about it, and seats to fill."""
    partnership, today = _partnership(slug), timezone.localdate()
    form = OpenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = acted(
            form,
            lambda: seats.open_filling(
                partnership, on=today, actor=acting(request), **form.cleaned_data
            ),
        )
        if made:
            messages.success(request, _("Everybody can read that seats are to be filled."))
            return redirect("partnerships:filling", slug, made.number)
    shown = {
        "place": partnership.place,
        "form": form,
        "bench": queries.bench(partnership, today),
        "open": queries.open_fillings(partnership.place),
    }
    return render(request, "partnerships/members_work.html", shown)


@member
@forms_too
@a_fresh_second_step_before("office", "move", "leave")
def seat(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One seat: its holder's name, where they live, with whom, and that they leave."""
    partnership, today = _partnership(slug), timezone.localdate()
    rows = Membership.objects.select_related("name", "account")
    held = get_object_or_404(rows.filter(holding(today), partnership=partnership), pk=pk)
    others = list(rows.filter(holding(today), partnership=partnership).exclude(pk=pk))
    do = request.POST.get("do", "")
    name = NameForm(
        request.POST if do == "name" else None,
        initial={
            "name": held.name.text if held.name else "",
            "named_in_public": held.named_in_public,
        },
    )
    home = HomeForm(request.POST if do == "home" else None, others=others)
    decisions = queries.carried_matters(partnership)
    office = OfficeForm(
        request.POST if do == "office" else None, decisions=decisions,
        initial={"seat": held.seat},
    )  # fmt: skip
    homes = queries.homes_of(held, others, today)
    who: dict[str, Any] = {"on": today, "actor": acting(request)}
    try:
        if do == "office" and office.is_valid():
            wanted = office.cleaned_data["decision"]
            by = next((one for one in decisions if str(one.pk) == wanted), None)
            done = bool(give_office(held, office.cleaned_data["seat"], decision=by, **who))
        elif do == "apart":
            which = request.POST.get("which")
            pair = next((tie for tie, _name in homes if str(tie.pk) == which), None)
            done = pair is not None and bool(end_household(pair, **who))
        else:
            done = _at_seat(do, held, others, name, home, who)
    except Refused as refused:
        messages.warning(request, refused.reason)
        done = False
    if done:
        messages.success(request, _("Written down."))
        return redirect("partnerships:members-work", slug)
    shown = {
        "place": partnership.place, "seat": held, "name": name, "home": home, "office": office,
        "homes": homes,
    }  # fmt: skip
    return render(request, "partnerships/seat.html", shown)


def _at_seat(
    do: str,
    held: Membership,
    others: list[Membership],
    name: NameForm,
    home: HomeForm,
    who: dict[str, Any],
) -> bool:
    if do == "name" and name.is_valid():
        name_member(held, actor=who["actor"], **name.cleaned_data)
    elif do == "home" and home.is_valid():
        other = next(one for one in others if str(one.pk) == home.cleaned_data["other"])
        share_household(held.account, other.account, since=who["on"], actor=who["actor"])
    elif do == "move":
        move(held, lives_here=not held.lives_here, **who)
    elif do == "leave":
        seats.give_up_seat(held, **who)
    else:
        return False
    return True


@member
@forms_too
@after_a_fresh_second_step
def filling(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Who stands, and in the end who is in."""
    partnership, today = _partnership(slug), timezone.localdate()
    rows = Filling.objects.select_related("seed_from", "partnership__place")
    found = get_object_or_404(rows, partnership=partnership, number=number)
    standing = list(found.candidates.select_related("name"))
    decisions = queries.carried_matters(partnership)
    do = request.POST.get("do", "")
    stands = StandForm(request.POST if do == "stand" else None)
    settle = SettleForm(
        request.POST if do == "settle" else None,
        filling=found, standing=standing, decisions=decisions,
    )  # fmt: skip
    done: Any = None
    if do == "stand" and stands.is_valid():
        done = acted(
            stands,
            lambda: seats.stand(found, on=today, actor=acting(request), **stands.cleaned_data),
        )
    elif do == "settle" and settle.is_valid():
        wanted = settle.cleaned_data.get("decision")
        decision = next((one for one in decisions if str(one.pk) == wanted), None)
        done = acted(
            settle,
            lambda: seats.settle_filling(
                found, decision=decision, on=today, actor=acting(request), **settle.settled()
            ),
        )
    elif do == "drop":
        done = seats.drop_filling(found, actor=acting(request)) if _is_open(found) else None
    if done:
        messages.success(request, _("Written down."))
        return redirect("partnerships:filling", slug, number)
    shown = {
        "place": partnership.place, "filling": found, "standing": standing, "stands": stands,
        "settle": settle, "may_stand": today < found.closes_on, "open": _is_open(found),
        "alone": request.user.pk == found.opened_by_id,
    }  # fmt: skip
    return render(request, "partnerships/filling.html", shown)


def _is_open(found: Filling) -> bool:
    return found.state == FillingState.OPEN


def _partnership(slug: str) -> Partnership:
    return get_object_or_404(Partnership.objects.select_related("place"), place__slug=slug)
