"""What whoever speaks for a group does with its passport."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doorstep.apps.organisations import queries
from doorstep.apps.organisations.actions import identify, starting
from doorstep.apps.organisations.forms import NumberForm, StartForm
from doorstep.apps.organisations.models import Organisation
from doorstep.apps.organisations.rules import registers_of
from doorstep.apps.organisations.views.common import account_of, acted, speaks_for_it
from doorstep.apps.organisations.words import registers, shown_papers
from doorstep.apps.people.guards import acting, signed_in
from doorstep.apps.refused import Refused


@require_safe
@signed_in
def listed(request: HttpRequest) -> HttpResponse:
    """The passports that somebody holds, and those that were shared with them."""
    account, today = account_of(request), timezone.localdate()
    return render(
        request,
        "organisations/listed.html",
        {
            "mine": queries.spoken_for(account, today),
            "shares": queries.shares_read_by(account, today),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """Begin a passport: a name and a kind, nothing more."""
    form = StartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = starting.start_passport(
                **form.cleaned_data,
                account=account_of(request),
                on=timezone.localdate(),
                actor=acting(request),
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("The passport is begun. Fill it in as you find the time."))
            return redirect("passport", slug=made.slug)
    return render(request, "organisations/start.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@speaks_for_it
def page(request: HttpRequest, body: Organisation) -> HttpResponse:
    """The passport as its group sees it: what is in it, what ends, what it already answers."""
    today = timezone.localdate()
    form = NumberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if acted(
            form, lambda: identify(body, given["scheme"], given["value"], actor=acting(request))
        ):
            messages.success(request, _("The number stands in the passport."))
            return redirect("passport", slug=body.slug)
    found = queries.passport(body, today)
    return render(
        request,
        "organisations/page.html",
        {
            "one": found,
            "papers": shown_papers(found),
            "registers": registers(registers_of(body.kind)),
            "change": queries.waiting_change(body, today),
            "form": form,
        },
    )
