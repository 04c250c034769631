"""Who speaks for a group, who signs, and who is tied to whom."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.apps.organisations import queries
from doorstep.apps.organisations.actions import (
    begin_signing,
    end_signing,
    say_ties,
    starting,
)
from doorstep.apps.organisations.forms import OfficerForm, TiesForm
from doorstep.apps.organisations.models import Officer, Organisation, Signatory
from doorstep.apps.organisations.views.common import (
    account_of,
    acted,
    pressed,
    speaks_for_it,
)
from doorstep.apps.people.guards import acting, signed_in
from doorstep.apps.people.step_up import a_fresh_second_step_before


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@speaks_for_it
@a_fresh_second_step_before("name", "end", "sign", "unsign")
def page(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Name somebody, end an office, say whom of the others one is tied to, say who signs."""
    today, actor, me = timezone.localdate(), acting(request), account_of(request)
    do = request.POST.get("do", "")
    officers = queries.officers_on(body, today)
    others = [one for one in officers if one.account_id != me.pk]
    ties = TiesForm(
        request.POST if do == "ties" else None,
        others=others,
        said=queries.said_ties(body, me, today),
    )
    form = OfficerForm(request.POST if do == "name" else None)
    if do == "name" and form.is_valid():
        given = form.cleaned_data
        if acted(
            form,
            lambda: starting.name_officer(
                body, given["email"], given["title"], on=today, actor=actor
            ),
        ):
            messages.success(request, _("They speak for the group from today."))
            return redirect("passport-people", slug=body.slug)
    said = do == "ties" and ties.is_valid()
    if said and acted(ties, lambda: say_ties(body, ties.ties(), on=today, actor=actor)):
        messages.success(request, _("Thank you. It is written down."))
        return redirect("passport-people", slug=body.slug)
    if do in {"end", "sign", "unsign"}:
        _press(request, body, do, officers)
        return redirect("passport-people", slug=body.slug)
    signers = {one.account_id: one for one in queries.signers_on(body, today)}
    return render(
        request,
        "organisations/people.html",
        {
            "body": body,
            "officers": [(one, signers.get(one.account_id)) for one in officers],
            "me": me,
            "unrelated": queries.unrelated(officers, today),
            "ties": ties if others else None,
            "form": form,
        },
    )


def _press(request: HttpRequest, body: Organisation, do: str, officers: list[Officer]) -> None:
    today, actor = timezone.localdate(), acting(request)
    number = request.POST.get("which", "")
    which = int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0
    if do == "unsign":
        signs = get_object_or_404(Signatory, pk=which, organisation=body)
        pressed(request, lambda: end_signing(signs, on=today, actor=actor), _("Written down."))
        return
    officer = get_object_or_404(Officer, pk=which, organisation=body)
    if do == "end":
        pressed(
            request,
            lambda: starting.end_officer(officer, on=today, actor=actor),
            _("They do not speak for the group any more."),
        )
    else:
        pressed(
            request,
            lambda: begin_signing(body, officer.account, since=today, actor=actor),
            _("Written down."),
        )
