"""A group's bank account on its passport: asked for by one officer, confirmed by another, and then
it waits and is called back about like any other details."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from doorstep.apps.awards import rules
from doorstep.apps.awards.actions.payees import confirm_details
from doorstep.apps.awards.forms import ChangeForm
from doorstep.apps.awards.models import MandateHold
from doorstep.apps.deadlines import summed
from doorstep.apps.organisations.actions import ask_change, refuse_change
from doorstep.apps.organisations.models import MandateChange, Organisation
from doorstep.apps.organisations.queries import mandate_on, waiting_change
from doorstep.apps.organisations.views.common import account_of, acted, pressed, speaks_for_it
from doorstep.apps.people.guards import acting, signed_in, with_a_second_step
from doorstep.apps.people.step_up import after_a_fresh_second_step

SHOWN = 20
of_the_account = partial(
    with_a_second_step, why=gettext_lazy("You look after a group’s bank account.")
)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@speaks_for_it
@of_the_account
@after_a_fresh_second_step
def page(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Ask for other details, confirm or refuse what another asked for, and see where it stands."""
    today, actor = timezone.localdate(), acting(request)
    do, change = request.POST.get("do", ""), waiting_change(body, today)
    form = ChangeForm(request.POST if do == "ask" else None)
    asked = do == "ask" and form.is_valid()
    if asked and acted(form, lambda: ask_change(body, **form.cleaned_data, on=today, actor=actor)):
        messages.success(
            request, _("The details are sealed. A second person of your group confirms them.")
        )
        return redirect("passport-bank", slug=body.slug)
    if do in {"confirm", "refuse"} and change is not None:
        act = confirm_details if do == "confirm" else refuse_change
        pressed(request, lambda: act(change, on=today, actor=actor), _("Written down."))
        return redirect("passport-bank", slug=body.slug)
    mandate = mandate_on(body, today)
    hold = MandateHold.objects.filter(mandate=mandate).first() if mandate else None
    deadline = rules.hold_until(hold.entered_on) if hold else None
    changes = MandateChange.objects.filter(organisation=body).order_by("-pk")
    return render(
        request,
        "awards/passport_bank.html",
        {
            "body": body,
            "mandate": mandate,
            "deadline": deadline,
            "sum": summed(deadline) if deadline else "",
            "called": mandate is not None and mandate.checks.filter(confirmed=True).exists(),
            "change": change,
            "is_mine": change is not None and change.asked_by_id == account_of(request).pk,
            "changes": changes.exclude(state="waiting")[:SHOWN],
            "form": form,
        },
    )
