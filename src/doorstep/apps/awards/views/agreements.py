"""Agreements and bank details: drafted, signed by both sides, called back about."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from doorstep.apps.awards import rules
from doorstep.apps.awards.actions import agreements, payees
from doorstep.apps.awards.forms import AgreementForm, BankForm, CallForm
from doorstep.apps.awards.models import Agreement, Award, HeldFrom, MandateHold, Side
from doorstep.apps.awards.queries.payments import payee_of
from doorstep.apps.awards.views.common import acted, place_of_award
from doorstep.apps.awards.views.payments import EVERYBODY
from doorstep.apps.deadlines import summed
from doorstep.apps.organisations.queries import mandate_on
from doorstep.apps.people.guards import acting, needs_role, signed_in
from doorstep.apps.people.step_up import after_a_fresh_second_step
from doorstep.apps.refused import Refused

INSTALMENTS = [(f"part_{n}", f"day_{n}") for n in range(1, 5)]


@needs_role(*EVERYBODY, place=place_of_award)
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the agreement on an award, or read the one there is and sign for the partnership."""
    award = get_object_or_404(Award.objects.select_related("place", "title"), slug=slug)
    agreement = _agreement(slug)
    form = AgreementForm(request.POST if request.method == "POST" else None)
    if agreement is None and request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        agreement = acted(
            form,
            lambda: agreements.draft_agreement(
                award,
                payee_kind=given["payee_kind"],
                payee=given["payee"],
                purpose=given["purpose"],
                instalments=given["instalments"],
                actor=acting(request),
            ),
        )
        if agreement:
            messages.success(request, _("The agreement is written. Both sides sign it now."))
            return redirect("agreement", slug=slug)
    return render(
        request,
        "awards/agreement.html",
        {
            "award": award,
            "agreement": agreement,
            "form": form,
            "pairs": [(form[part], form[day]) for part, day in INSTALMENTS],
            "asked": rules.asked_of(
                award.kind, award.pence, timezone.localdate(), award.place.slug
            ),
            "sign_as": _side(request, agreement) if agreement else None,
            "signed": {s.side: s for s in agreement.signatures.all()} if agreement else {},
        },
    )


@signed_in
@require_http_methods(["GET", "POST"])
@after_a_fresh_second_step
def theirs(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of whoever is paid: what they agree to, and their signature."""
    agreement = _agreement(slug)
    account = int(acting(request).id)
    today = timezone.localdate()
    if agreement is None or not agreements.speaks_for_payee(agreement, account, today):
        # Somebody else's agreement is as good as none.
        raise Http404
    if request.method == "POST":
        agreements.sign(agreement, Side.THEIRS, on=today, actor=acting(request))
        messages.success(request, _("You have signed. Thank you."))
        return redirect("agreement-theirs", slug=slug)
    return render(
        request,
        "awards/agreement_theirs.html",
        {
            "award": agreement.award,
            "agreement": agreement,
            "asked": rules.asked_of(
                agreement.award.kind, agreement.award.pence, today, agreement.award.place.slug
            ),
            "signed": {s.side: s for s in agreement.signatures.all()},
        },
    )


@needs_role(*EVERYBODY, place=place_of_award)
@require_POST
@after_a_fresh_second_step
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    agreement = _agreement(slug)
    if agreement is None:
        raise Http404
    agreements.sign(agreement, Side.OURS, on=timezone.localdate(), actor=acting(request))
    messages.success(request, _("Signed for the partnership."))
    return redirect("agreement", slug=slug)


@needs_role("partnership_member", "finance_officer", "worker", place=place_of_award)
@require_http_methods(["GET", "POST"])
@after_a_fresh_second_step
def bank(request: HttpRequest, slug: str) -> HttpResponse:
    """Whose bank account the money goes to: take details down, and call back about them."""
    agreement = _agreement(slug)
    if agreement is None:
        raise Refused(
            _("There is no agreement on this award yet. It says who is paid; write it first."),
            code="no_agreement",
        )
    today, actor = timezone.localdate(), acting(request)
    payee = payee_of(agreement)
    mandate = mandate_on(payee, today)
    hold = MandateHold.objects.filter(mandate=mandate).first() if mandate else None
    posted = request.method == "POST"
    calling = posted and "held_from" in request.POST
    bank_form = BankForm(request.POST if posted and not calling else None)
    call_form = CallForm(request.POST if calling else None)
    done: object = None
    if posted and not calling and bank_form.is_valid():
        done = acted(
            bank_form,
            lambda: payees.give_details(payee, **bank_form.cleaned_data, on=today, actor=actor),
        )
    if calling and call_form.is_valid() and mandate is not None:
        done = acted(
            call_form,
            lambda: payees.record_call_back(
                mandate, **call_form.cleaned_data, on=today, actor=actor
            ),
        )
    if done:
        messages.success(
            request,
            _("The call is written down.")
            if calling
            else _("The details are sealed. Somebody else calls back about them now."),
        )
        return redirect("award-bank", slug=slug)
    return render(
        request,
        "awards/bank.html",
        {
            "award": agreement.award,
            "agreement": agreement,
            "mandate": mandate,
            "hold": hold,
            "deadline": (deadline := rules.hold_until(hold.entered_on) if hold else None),
            "sum": summed(deadline) if deadline else "",
            "today": today,
            "checks": [
                (check, HeldFrom(check.held_from).label)
                for check in (mandate.checks.order_by("pk") if mandate else [])
            ],
            "may_call": mandate is not None
            and hold is not None
            and actor.id not in (hold.entered_by_id, mandate.account_id),
            "bank_form": bank_form,
            "call_form": call_form,
        },
    )


def _agreement(slug: str) -> Agreement | None:
    return (
        Agreement.objects.filter(award__slug=slug)
        .select_related(
            "award__place", "award__title", "payee_organisation", "payee_account", "purpose"
        )
        .prefetch_related("signatures__leaf", "instalments")
        .first()
    )


def _side(request: HttpRequest, agreement: Agreement) -> str | None:
    """The side that this account may still sign for here."""
    account = int(acting(request).id)
    signed = {s.side: s.account_id for s in agreement.signatures.all()}
    if account in signed.values() or Side.OURS in signed:
        return None
    if agreements.speaks_for_payee(agreement, account, timezone.localdate()):
        return None
    return Side.OURS
