"""Who holds a place's money: the public page, and the page on which both sides act."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.addresses import number
from doorstep.apps.awards import forms_hosting as f
from doorstep.apps.awards.actions import closing_out, host_moves, hosting
from doorstep.apps.awards.actions.withdrawing import withdraw_funding
from doorstep.apps.awards.models import Funding, Move, MoveState
from doorstep.apps.awards.queries.hosting import Held, closing_of, held
from doorstep.apps.awards.views.common import acted
from doorstep.apps.ledger.queries import place_money
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.organisations.queries import bodies_of
from doorstep.apps.partnerships.actions import agree_host
from doorstep.apps.partnerships.models import HostAgreement, Partnership
from doorstep.apps.people.guards import acting, needs_role, place_at, public
from doorstep.apps.people.models import Account
from doorstep.apps.people.spells import holding
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.places.models import Place
from doorstep.apps.public import kept_for
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule

RULES = (
    "partnership.host_fee", "hosting.report_within", "hosting.bridging_ahead",
    "hosting.closing_from", "hosting.closing_most", "hosting.records_kept",
)  # fmt: skip

Act = Callable[..., object]
Way = tuple[forms.Form | None, Callable[[], object]]


@public
@kept_for()
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Who holds the money, what they were paid and when, what they reported, how it closes."""
    place, today = place_at(request, slug), timezone.localdate()
    standing = list(held(place).values())
    shown = {
        "place": place,
        "hosts": hosts_of(place, today),
        "standing": standing,
        "money": place_money(slug),
        "held": sum(one.free + one.in_flight for one in standing),
        "fees": sum(one.fees for one in standing),
        "closing": closing_of(place, standing),
        "rules": {key.partition(".")[2]: rule(key, today, slug) for key in RULES},
    }
    return render(request, "awards/hosting.html", shown)


@needs_role("funder", "finance_officer", "partnership_member", place=place_at)
@require_http_methods(["GET", "HEAD", "POST"])
@after_a_fresh_second_step
def work(request: HttpRequest, slug: str) -> HttpResponse:
    """What each side can do now, about each agreement."""
    place, today = place_at(request, slug), timezone.localdate()
    desk = Desk(request, place, today)
    if request.method == "POST" and desk.act():
        messages.success(request, _("Written down. It stands in the record."))
        return redirect("hosting-work", slug)
    return render(request, "awards/hosting_work.html", desk.shown())


class Desk:
    """One visit to the working page: its forms, of which the one that was sent is bound."""

    def __init__(self, request: HttpRequest, place: Place, today: date) -> None:
        assert isinstance(request.user, Account)
        self.request, self.place, self.today = request, place, today
        self.actor: Actor = acting(request)
        self.on: dict[str, Any] = {"on": today, "actor": self.actor}
        self.standing = held(place)
        bodies = self._bodies(request.user)
        self.mine = {body.pk for body in bodies if body.is_mine}
        self.do = request.POST.get("do", "")
        self.which = number(request.POST.get("which")) or 0
        live = [one for one in self.standing.values() if one.stands]
        self.live = [one.funding for one in live]
        self.hosts = [] if self._acts_as("finance_officer") else hosts_of(place, today)
        may_choose = bodies if self._acts_as("partnership_member") else []
        self.choose = f.ChooseHostForm(self._sent("choose"), prefix="choose", bodies=may_choose)
        self.draft = f.DraftForm(
            self._sent("draft"), prefix="draft", hosts=self.hosts, former=self.live
        )
        self.ways: dict[tuple[str, int], Way] = {}
        self.desks = [self._at(one) for one in self.standing.values()]

    def _bodies(self, account: Account) -> Sequence[Any]:
        """The organisations that this account speaks for, and for a member all others too, of
        whom the partnership may choose; `is_mine` tells them apart. One statement."""
        mine = bodies_of(account, self.today)
        if self._acts_as("partnership_member"):
            is_mine = Exists(mine.filter(pk=OuterRef("pk")))
            found = Organisation.objects.annotate(is_mine=is_mine)
            return list(found.order_by("name", "slug"))
        if not self.standing:
            return []
        return list(mine.annotate(is_mine=Value(True)))

    def _acts_as(self, kind: str) -> bool:
        return self.actor.kind == kind

    def _sent(self, do: str, which: int | None = None) -> Any:
        return self.request.POST if self.do == do and which in (None, self.which) else None

    def _form(self, do: str, which: int, kind: type[forms.Form], act: Act, **more: Any) -> Any:
        """A form of this page, and what is done with what it says."""
        form = kind(self._sent(do, which), prefix=f"{do}{which}", **more)
        self.ways[do, which] = (form, lambda: act(**form.cleaned_data, **self.on))
        return form

    def _at(self, one: Held) -> dict[str, Any]:
        """What can be done about one agreement, with the forms for it."""
        funding, pk = one.funding, one.funding.pk
        paid = [m for m in one.moves if m.part_id and m.state == MoveState.CONFIRMED]
        used = {m.report_id for m in one.done.values()}
        reports = [each for each in one.reports if each.pk not in used]
        return {
            "one": one,
            "mine": funding.host.organisation_id in self.mine,
            "withdraw": self._form(
                "withdraw", pk, f.WithdrawForm, partial(withdraw_funding, funding)
            ),
            "report": self._form(
                "report", pk, f.ReportForm, partial(hosting.report_spend, funding)
            ),
            "bridging": self._form(
                "bridge", pk, f.BridgingForm, partial(hosting.ask_bridging, funding)
            ),
            "back": self._form("back", pk, f.SendBackForm, host_moves.send_back, releases=paid),
            "pass_on": self._form(
                "pass", pk, f.PassOnForm, partial(host_moves.pass_on, funding), others=self.live
            ),
            "parts": [
                (part, self._form(
                    "ask", part.pk, f.AskPartForm, partial(host_moves.ask_part, part),
                    reports=reports,
                ))
                for part in (one.open_parts if one.stands else [])
            ],
            "waiting": [
                (move, self._form(
                    "decline", move.pk, f.DeclineForm, partial(host_moves.decline, move)
                ))
                for move in one.waiting
            ],
        }  # fmt: skip

    def act(self) -> bool:
        """Do what was asked for; whether it was done. What was refused is said on the form."""
        form, do = self.ways.get((self.do, self.which)) or self._plain()
        if form is not None:
            return form.is_valid() and acted(form, lambda: (do(), True)) is not None
        try:
            do()
        except Refused as refused:
            messages.warning(self.request, refused.reason)
            return False
        return True

    def _plain(self) -> Way:
        """What needs no words, and what is about no agreement yet."""
        ways: dict[str, Way] = {
            "choose": (self.choose, self._choose),
            "draft": (self.draft, self._draft),
            "accept": (None, lambda: hosting.accept_funding(self._funding(), **self.on)),
            "confirm": (None, lambda: host_moves.confirm(self._move(), **self.on)),
            "begin_closing": (None, lambda: closing_out.begin_closing(self.place, **self.on)),
            "close": (None, lambda: closing_out.close_funding(self.place, **self.on)),
            "stop": (None, lambda: hosting.stop_hosting(self._host(), **self.on)),
        }
        return ways.get(self.do, (None, _nothing))

    def _funding(self) -> Funding:
        here = Funding.objects.filter(host__partnership__place=self.place)
        return get_object_or_404(here, pk=self.which)

    def _move(self) -> Move:
        here = Move.objects.filter(funding__host__partnership__place=self.place)
        return get_object_or_404(here, pk=self.which)

    def _host(self) -> HostAgreement:
        here = HostAgreement.objects.filter(holding(self.today), partnership__place=self.place)
        return get_object_or_404(here, pk=self.which)

    def _choose(self) -> object:
        if self.actor.kind != "partnership_member":
            raise Refused(_("The partnership chooses who holds its money."), code="role")
        group = get_object_or_404(Partnership, place=self.place)
        return agree_host(
            group, self.choose.cleaned_data["organisation"], since=self.today, actor=self.actor
        )

    def _draft(self) -> object:
        said = self.draft.cleaned_data
        return hosting.draft_funding(
            said["host"], self.draft.schedule(), takes_over=said["takes_over"],
            **self.on,
        )  # fmt: skip

    def shown(self) -> dict[str, Any]:
        return {
            "place": self.place, "hosts": self.hosts,
            "choose": self.choose, "draft": self.draft, "desks": self.desks,
            "closing": closing_of(self.place, self.standing.values()),
            "acts_as": self.actor.kind,
            "closing_from": rule("hosting.closing_from", self.today, self.place.slug),
        }  # fmt: skip


def hosts_of(place: Place, on: date) -> list[HostAgreement]:
    rows = HostAgreement.objects.filter(holding(on), partnership__place=place)
    return list(rows.select_related("organisation"))


def _nothing() -> None:
    raise Refused(_("Choose what to do."), code="nothing")
