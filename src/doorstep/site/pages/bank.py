"""The bank: statements in, each line met with what it is; and what the public sees of the rest."""

import csv
import io
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from doorstep.apps.awards.actions.matching import came_back, confirm_payment, take_back_match
from doorstep.apps.awards.models import Payment
from doorstep.apps.awards.queries.matching import opened
from doorstep.apps.ledger.actions import account_for, import_statement, open_bank_account
from doorstep.apps.ledger.export import safe
from doorstep.apps.ledger.models import (
    WITH_ENTRY,
    Accounted,
    BankAccount,
    BankLine,
    Journal,
    Match,
)
from doorstep.apps.ledger.reconciling import (
    Open,
    accounts_at,
    held,
    open_lines,
    public_lines,
)
from doorstep.apps.ledger.statements import MAX_FILE
from doorstep.apps.ledger.statements.commas import OWN_LAYOUT
from doorstep.apps.people.guards import acting, needs_role, once, public, roles_held
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.places.models import Place
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule
from doorstep.site.words import day

LINES_SHOWN = 30
MATCHES_SHOWN = 30


class StatementForm(forms.Form):
    """A file of the bank's. What is inside is read by `ledger.statements`."""

    file = forms.FileField(
        label=gettext_lazy("Statement"),
        help_text=gettext_lazy(
            "CSV, OFX or CAMT.053 as your bank’s website gives it. Days are read day first: "
            "03/11/2026 is 3 November."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.ofx,.qbo,.xml,.txt"}),
        error_messages={
            "required": gettext_lazy("Choose the file."),
            "empty": gettext_lazy("This file is empty. Choose it again."),
        },
    )


class BankAccountForm(forms.Form):
    """Name an account at the host. Its number is not asked for."""

    slug = forms.SlugField(
        label=gettext_lazy("Short name for addresses"),
        help_text=gettext_lazy("Small letters, digits and hyphens, such as millbrook-east-host."),
        max_length=60,
    )
    label = forms.CharField(label=gettext_lazy("What people call it"), max_length=120)
    place = forms.ModelChoiceField(
        Place.objects.none(), label=gettext_lazy("Whose money it holds"), to_field_name="slug"
    )
    last_three = forms.CharField(
        label=gettext_lazy("Last three digits of its number"), max_length=3, min_length=3
    )


def place_of_account(request: HttpRequest, slug: str, **_more: Any) -> Place | None:
    """The place whose money it is. A whole fund's account is for those who hold the role
    everywhere."""
    account = _account(request, slug)
    if account.place is None and None not in _places(request):
        raise Http404
    return account.place


@needs_role("finance_officer")
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """Every bank account that this finance officer looks after, and one to add."""
    places = _places(request)
    mine = Place.objects.filter(allocations__isnull=False).distinct().order_by("name")
    if None not in places:
        mine = mine.filter(pk__in=[one for one in places if one is not None])
    form = BankAccountForm(request.POST or None)
    form.fields["place"].queryset = mine  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        place = form.cleaned_data["place"]
        share = place.allocations.select_related("fund").order_by("-begins_on").first()
        account = open_bank_account(
            form.cleaned_data["slug"],
            label=form.cleaned_data["label"],
            fund=share.fund.slug,
            place=place,
            last_three=form.cleaned_data["last_three"],
            actor=acting(request),
        )
        return redirect("bank-account", slug=account.slug)
    accounts = list(accounts_at(places))
    lines = open_lines(accounts).order_by().values_list("account")
    waiting = dict(lines.annotate(lines=Count("pk")))
    return render(
        request,
        "pages/bank_desk.html",
        {"accounts": [(one, waiting.get(one.pk, 0)) for one in accounts], "form": form},
    )


@needs_role("finance_officer", place=place_of_account)
@require_http_methods(["GET", "POST"])
def account_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Read a statement in, and say of each line what it is."""
    account = _account(request, slug)
    form = StatementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            # One byte more than is taken, so that too much is seen without reading it all.
            done = import_statement(account, upload.read(MAX_FILE + 1), actor=acting(request))
        except Refused as refused:
            form.add_error("file", refused.reason)
        else:
            messages.success(request, _told(done.statement, done.again))
            return redirect("bank-account", slug=slug)
    lines = list(open_lines([account])[: LINES_SHOWN + 1])
    return render(
        request,
        "pages/bank_account.html",
        {
            "account": account,
            "form": form,
            "own_layout": OWN_LAYOUT,
            "lines": opened(account, lines[:LINES_SHOWN]),
            "more": len(lines) > LINES_SHOWN,
            "held": held(account)[:3],
            "reasons": [one for one in Accounted.choices if one[0] not in WITH_ENTRY],
            "matches": Match.objects.filter(bank_line__account=account)
            .select_related("bank_line", "journal__reversal", "leaf", "undone")
            .order_by("-pk")[:MATCHES_SHOWN],
        },
        status=422 if form.errors else 200,
    )


@needs_role("finance_officer", place=place_of_account)
@require_POST
@after_a_fresh_second_step
def line(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say what one line is. `as` is payment-7, arrival-12, returned-7 or a reason's kind."""
    account = _account(request, slug)
    line = get_object_or_404(BankLine.objects.select_related("account"), pk=pk, account=account)
    what, _dash, number = request.POST.get("as", "").partition("-")
    which = int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0
    actor = acting(request)
    if what == "payment":
        confirm_payment(line, get_object_or_404(Payment, pk=which), actor=actor)
    elif what == "returned" and number:
        came_back(line, get_object_or_404(Payment, pk=which), actor=actor)
    else:
        journal = get_object_or_404(Journal, pk=which) if what == "arrival" else None
        account_for(
            line,
            kind=what,
            journal=journal,
            reason=request.POST.get("reason", "")[:500],
            by=Account.objects.get(pk=actor.id),
            actor=actor,
        )
    messages.success(request, _("This line of the bank is accounted for."))
    return redirect("bank-account", slug=slug)


@needs_role("finance_officer", place=place_of_account)
@require_POST
@after_a_fresh_second_step
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a wrong match back, with the reason."""
    match = get_object_or_404(Match, pk=pk, bank_line__account__slug=slug)
    take_back_match(match, reason=request.POST.get("reason", "")[:500], actor=acting(request))
    messages.success(request, _("It was taken back. The line waits for what it really is."))
    return redirect("bank-account", slug=slug)


@public
def place_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What the bank says of a place's money, and every line that nothing accounts for yet: its
    day, its sum and its age. Never who or what for. The age is by the day in London, which is in
    the key under which this page is kept."""
    place = get_object_or_404(Place, slug=slug)
    accounts = list(accounts_at([place.pk]))
    lines = _open_at(accounts, timezone.localdate())
    return render(
        request,
        "pages/bank_public.html",
        {
            "place": place,
            "accounts": [(one, held(one)[:1]) for one in accounts],
            "lines": lines,
            "late_after": _late_after(place),
            "explained": Match.objects.filter(bank_line__account__in=accounts, undone=None)
            .exclude(kind__in=WITH_ENTRY)
            .select_related("bank_line", "leaf")
            .order_by("-bank_line__booked_on", "-pk")[:50],
            "undone": Match.objects.filter(bank_line__account__in=accounts)
            .exclude(undone=None)
            .select_related("bank_line", "journal__reversal", "leaf", "undone")
            .order_by("-pk")[:20],
        },
    )


@public
def place_csv(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(Place, slug=slug)
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["booked_on", "direction", "pence", "age_in_days"])
    for one in _open_at(list(accounts_at([place.pk])), timezone.localdate()):
        direction = "in" if one.pence > 0 else "out"
        cells = (one.booked_on.isoformat(), direction, abs(one.pence), one.age)
        writer.writerow(safe(cell) for cell in cells)
    return HttpResponse(
        written.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{place.slug}-open-lines.csv"'},
    )


@public
def place_json(request: HttpRequest, slug: str) -> HttpResponse:
    place = get_object_or_404(Place, slug=slug)
    lines = _open_at(list(accounts_at([place.pk])), timezone.localdate())
    return JsonResponse(
        {
            "place": place.slug,
            "open_lines": [
                {"booked_on": one.booked_on.isoformat(), "pence": one.pence, "age_in_days": one.age}
                for one in lines
            ],
        }
    )


def _open_at(accounts: list[BankAccount], today: date) -> list[Open]:
    found = [
        one
        for account in accounts
        for one in public_lines(account, today, _late_after(account.place))
    ]
    return sorted(found, key=lambda one: one.booked_on)


def _late_after(place: Place | None) -> int:
    slug = place.slug if place else None
    return int(rule("bank.public_after", timezone.localdate(), slug).value)


def _account(request: HttpRequest, slug: str) -> BankAccount:
    accounts = BankAccount.objects.select_related("label", "place")
    return once(request, f"bank {slug}", lambda: get_object_or_404(accounts, slug=slug))


def _places(request: HttpRequest) -> set[int | None]:
    """Where somebody is a finance officer today; None among them means everywhere."""
    if not request.user.is_authenticated:
        return set()
    today = timezone.localdate()
    return {
        role.place_id
        for role in roles_held(request)
        if role.kind == Role.Kind.FINANCE_OFFICER and role.holds(today)
    }


def _told(statement: Any, again: bool) -> str:
    if again:
        return _("This file was read before. Nothing was added.")
    return _("Read: %(new)s new, %(known)s known already, from %(first)s to %(last)s.") % {
        "new": statement.n_lines,
        "known": statement.n_known,
        "first": day(statement.first_day),
        "last": day(statement.last_day),
    }
