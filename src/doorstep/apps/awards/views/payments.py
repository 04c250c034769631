"""Payments: the worklist of a place, an award's money, and one payment."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorstep.apps.awards import rules
from doorstep.apps.awards.actions import endings, files, payments, taking_back
from doorstep.apps.awards.forms import DecideForm, PaymentForm, ReasonForm
from doorstep.apps.awards.models import Instalment, Payment, PaymentFile, PaymentState
from doorstep.apps.awards.queries import worklist
from doorstep.apps.awards.queries.payments import (
    free_of,
    free_pence,
    held_out,
    listed_payments,
    missing_of,
    same_sum_before,
    taken_back_before,
    tie_of,
)
from doorstep.apps.awards.views.common import (
    acted,
    award_at,
    payment_at,
    place_of_award,
    place_of_file,
    place_of_payment,
)
from doorstep.apps.people.guards import acting, needs_role, place_at
from doorstep.apps.people.rules import role_name
from doorstep.apps.people.step_up import after_a_fresh_second_step

EVERYBODY = ("partnership_member", "finance_officer", "worker", "funder")


@needs_role(*EVERYBODY, place=place_at)
@require_safe
def of_place(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything of a place that waits for somebody, and for whom."""
    place = place_at(request, slug)
    today = timezone.localdate()
    return render(
        request,
        "awards/place.html",
        {
            "place": place,
            "work": worklist.of_place(place, today),
            "may_release": acting(request).kind in rules.MAY_RELEASE,
        },
    )


@needs_role(*EVERYBODY, place=place_of_award)
@require_http_methods(["GET", "POST"])
def of_award(request: HttpRequest, slug: str) -> HttpResponse:
    """An award's agreement, bank details, instalments and payments; and a payment to ask for."""
    award = award_at(request, slug)
    today, actor = timezone.localdate(), acting(request)
    form = PaymentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        payment = acted(
            form,
            lambda: payments.raise_payment(
                award, invoice=given["invoice"], pence=given["pence"], on=today, actor=actor
            ),
        )
        if payment:
            messages.success(request, _("The payment is asked for. Somebody else approves it."))
            return redirect("payment", slug=payment.slug)
    status = worklist.of_award(award, today)
    return render(
        request,
        "awards/award_money.html",
        {
            "award": award,
            "today": today,
            "form": form,
            "status": status,
            "free": free_of(award, status.payments),
            "payments": status.payments,
        },
    )


@needs_role(*EVERYBODY, place=place_of_award)
@require_POST
def ask_for_instalment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Ask for one part of an award, whole, with its own name in place of an invoice's number."""
    part = get_object_or_404(
        Instalment.objects.select_related("agreement__award"),
        agreement__award__slug=slug,
        number=number,
    )
    payment = payments.raise_payment(
        part.agreement.award,
        invoice=f"{slug} part {number}",
        pence=part.pence,
        instalment=part,
        on=timezone.localdate(),
        actor=acting(request),
    )
    messages.success(request, _("The payment is asked for. Somebody else approves it."))
    return redirect("payment", slug=payment.slug)


@needs_role(*EVERYBODY, place=place_of_award)
@require_http_methods(["GET", "POST"])
@after_a_fresh_second_step
def end(request: HttpRequest, slug: str) -> HttpResponse:
    """Close an award that was paid on, or call off one that was not."""
    award = award_at(request, slug)
    today, actor = timezone.localdate(), acting(request)
    # Once anything was sent, it is closed; before, it is called off.
    sent = award.payments.filter(state__in=[PaymentState.CLEARED, PaymentState.RELEASED]).exists()
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if sent:
        form.fields.clear()
    if request.method == "POST" and form.is_valid():
        ended = acted(
            form,
            lambda: (
                endings.close_award(award, on=today, actor=actor)
                if sent
                else endings.cancel_award(
                    award, reason=form.cleaned_data["reason"], on=today, actor=actor
                )
            ),
        )
        if ended:
            messages.success(request, _("Done. What is left went back to the place."))
            return redirect("award", slug=slug)
    return render(
        request,
        "awards/end.html",
        {"award": award, "form": form, "sent": sent, "free": free_pence(award)},
    )


@needs_role(*EVERYBODY, place=place_of_payment)
@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    payment = payment_at(request, slug)
    return _payment_page(request, payment, DecideForm(), ReasonForm())


@needs_role("partnership_member", "finance_officer", "funder", place=place_of_payment)
@require_POST
@after_a_fresh_second_step
def decide(request: HttpRequest, slug: str) -> HttpResponse:
    """Declare an interest, or none and with it approve."""
    payment = payment_at(request, slug)
    form = DecideForm(request.POST)
    if form.is_valid():
        said = acted(
            form,
            lambda: payments.decide_payment(
                payment,
                declared=form.cleaned_data["declared"],
                on=timezone.localdate(),
                actor=acting(request),
            ),
        )
        if said:
            messages.success(
                request,
                _("You stay out of this payment. The street is told the role, and no name.")
                if said.is_recusal
                else _("You approved it. That you have no interest is recorded as well."),
            )
            return redirect("payment", slug=slug)
    return _payment_page(request, payment, form, ReasonForm())


@needs_role("finance_officer", place=place_of_payment)
@require_POST
@after_a_fresh_second_step
def release(request: HttpRequest, slug: str) -> HttpResponse:
    payment = payment_at(request, slug)
    payments.release_payment(payment, on=timezone.localdate(), actor=acting(request))
    messages.success(request, _("Released. It goes into the next payment file."))
    return redirect("payment", slug=slug)


@needs_role("partnership_member", "finance_officer", place=place_of_payment)
@require_POST
@after_a_fresh_second_step
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    payment = payment_at(request, slug)
    form = ReasonForm(request.POST)
    back = None
    if form.is_valid():
        back = acted(
            form,
            lambda: taking_back.cancel_payment(
                payment, reason=form.cleaned_data["reason"], actor=acting(request)
            ),
        )
    if back:
        messages.success(
            request,
            _("Taken back. The money is free again on the award.")
            if back.state == PaymentState.CANCELLED
            else _("Noted. Somebody else says too that the bank stopped it; until then it waits."),
        )
        return redirect("payment", slug=slug)
    return _payment_page(request, payment, DecideForm(), form)


@needs_role("finance_officer", place=place_at)
@require_POST
@after_a_fresh_second_step
def make_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Put what is released and in no file yet into one. Its numbers come with the download."""
    made = files.make_payment_file(
        place_at(request, slug), on=timezone.localdate(), actor=acting(request)
    )
    return redirect("payment-file", number=made.pk)


@needs_role("finance_officer", place=place_of_file)
@require_http_methods(["GET", "POST"])
@after_a_fresh_second_step
def file(request: HttpRequest, number: int) -> HttpResponse:
    """A payment file: what is in it; and on POST the file itself, which is kept nowhere."""
    made = get_object_or_404(PaymentFile.objects.select_related("place", "leaf"), pk=number)
    if request.method == "POST":
        text = files.write_payment_file(made, on=timezone.localdate(), actor=acting(request))
        name = f"payments-{made.place.slug}-{made.pk}.csv"
        return HttpResponse(
            text,
            content_type="text/csv; charset=us-ascii",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )
    return render(
        request,
        "awards/file.html",
        {
            "file": made,
            "held_out": held_out(made, timezone.localdate()),
            "payments": listed_payments().filter(file_line__file=made),
        },
    )


def _payment_page(
    request: HttpRequest, payment: Payment, decide_form: DecideForm, cancel_form: ReasonForm
) -> HttpResponse:
    today, actor = timezone.localdate(), acting(request)
    account = int(actor.id)
    under_way = payment.state in (PaymentState.RAISED, PaymentState.APPROVED)
    tie = tie_of(account, payment.award, payment.award.agreement, today, payment)
    may = rules.may_decide(tie)
    return render(
        request,
        "awards/payment.html",
        {
            "payment": payment,
            "missing": missing_of(payment, today) if under_way else [],
            "same_sum": same_sum_before(payment),
            "taken_back": taken_back_before(payment),
            "stops": [
                (role_name(s.role), s.day, s.reason.text)
                for s in payment.stops.select_related("reason")
            ]
            if payment.state == PaymentState.RELEASED
            else [],
            "may_decide": may,
            "can_decide": payment.state == PaymentState.RAISED
            and actor.kind in rules.MAY_APPROVE
            and not tie.raised_it
            and not tie.spoke_already,
            "can_release": payment.state == PaymentState.APPROVED
            and actor.kind in rules.MAY_RELEASE
            and bool(rules.may_ask(tie)),
            "can_cancel": payment.state
            in (PaymentState.RAISED, PaymentState.APPROVED, PaymentState.RELEASED)
            and actor.kind in rules.MAY_TAKE_BACK
            and bool(rules.may_ask(tie)),
            "decide_form": decide_form,
            "cancel_form": cancel_form,
            "raised_by_role": role_name(payment.raised_role),
            "approvals": [
                (role_name(a.role), a.get_declared_display(), a.is_recusal, a.leaf.idx, a.day)
                for a in payment.approvals.all()
            ],
        },
        status=400 if decide_form.errors or cancel_form.errors else 200,
    )
