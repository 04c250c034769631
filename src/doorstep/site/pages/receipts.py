"""Receipts and what happened: handed in by a signed link or on the desk, looked at, then public."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from doorstep.apps.awards.actions.reports import (
    ask_for_receipts,
    close_year,
    hand_in_receipt,
    send_receipt_back,
    show_receipt,
    show_result,
    tell_result,
)
from doorstep.apps.awards.models import Award, AwardKind, Payment, PaymentState
from doorstep.apps.awards.models.reports import Outcome, Receipt, ReceiptState, ResultNote
from doorstep.apps.awards.queries.reports import kept_of, told_story
from doorstep.apps.awards.views.common import acted, award_at, place_of_award
from doorstep.apps.files.forms import UploadField
from doorstep.apps.files.views import serve
from doorstep.apps.ledger.rules import read_pounds
from doorstep.apps.people.guards import acting, needs_role
from doorstep.apps.places.models import Place
from doorstep.apps.public import public_form
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule

LINK = "doorstep receipts v1"
LOOKERS = ("worker", "finance_officer", "partnership_member")
SENT = (PaymentState.RELEASED, PaymentState.CLEARED)


class SumField(forms.CharField):
    """Pounds as people write them; pence to the action."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Sum on the receipt"),
            help_text=gettext_lazy("In pounds, such as 12.50."),
            max_length=20,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )

    def clean(self, value: Any) -> Any:
        try:
            return read_pounds(super().clean(value))
        except Refused as refused:
            raise forms.ValidationError(refused.reason) from None


class ReceiptForm(forms.Form):
    file = UploadField(label=gettext_lazy("Photo or PDF of the receipt"))
    pence = SumField()


class ResultForm(forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What happened"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy(
            "A few lines are enough. It will be public, so leave out people’s names. That it "
            "stopped, changed or taught you something is as welcome as success."
        ),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    photo = UploadField(label=gettext_lazy("A photo"), required=False, pictures_only=True)


class LinkForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("E-mail address or mobile number of whoever was paid"), max_length=254
    )


class YearForm(forms.Form):
    ends_on = forms.DateField(
        label=gettext_lazy("Last day of the year that ended"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    accounts = UploadField(label=gettext_lazy("The group’s accounts, as they have them"))
    story = forms.CharField(
        label=gettext_lazy("A page of story"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )


def link_for(payment: Payment) -> str:
    """The address that takes receipts for one payment, for as long as the rulebook says."""
    return reverse("receipts-link", args=[signing.dumps(payment.slug, salt=LINK)])


@never_cache
@public_form
@require_http_methods(["GET", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Hand in a receipt, or say what happened, without an account."""
    payment = _payment_of(token)
    if payment is None:
        return render(request, "pages/receipts_ended.html", status=410)
    award = payment.award
    receipt, result = _forms(request)
    actor = Actor("payee", payment.pk)
    if _handled(request, receipt, result, payment, award, actor):
        messages.success(request, _("Thank you. It was handed in."))
        return redirect(request.path)
    return render(
        request,
        "pages/receipts_link.html",
        {
            "award": award,
            "payment": payment,
            "receipt": receipt,
            "result": result,
            "handed": payment.receipts.exclude(state=ReceiptState.SENT_BACK).count(),
            "sent_back": payment.receipts.filter(state=ReceiptState.SENT_BACK).select_related(
                "reason"
            ),
        },
        status=422 if receipt.errors or result.errors else 200,
    )


@needs_role(*LOOKERS, place=place_of_award)
@require_http_methods(["GET", "POST"])
def of_award(request: HttpRequest, slug: str) -> HttpResponse:
    """What was handed in for an award: look at it, and hand in for those who cannot."""
    award = award_at(request, slug)
    kept = kept_of(award)
    payments = [one for one in kept.payments if one.state in SENT]
    chosen = next((p for p in payments if p.slug == request.POST.get("payment")), None)
    receipt, result = _forms(request)
    link = LinkForm(request.POST if request.POST.get("what") == "link" else None)
    year = YearForm(*_given(request, "year"))
    actor = acting(request)
    done = False
    if request.POST.get("what") in {"receipt", "link"} and chosen is None:
        raise Http404
    if link.is_bound and link.is_valid() and chosen is not None:
        address = f"{settings.ADDRESS}{link_for(chosen)}"
        acted(
            link,
            lambda: ask_for_receipts(
                chosen, link.cleaned_data["address"], link=address, actor=actor
            ),
        )
        done = not link.errors
    elif year.is_bound and year.is_valid():
        done = acted(year, lambda: close_year(award, **year.cleaned_data, actor=actor)) is not None
    elif _handled(request, receipt, result, chosen, award, actor):
        done = True
    if done:
        messages.success(request, _("Done. It is in the record."))
        return redirect("award-receipts", slug=slug)
    return render(
        request,
        "pages/receipts.html",
        {
            "award": award,
            "payments": payments,
            "story": told_story(award, kept, timezone.localdate()),
            "waiting": [one for one in kept.receipts if one.state == ReceiptState.WAITING],
            "notes": [one for one in kept.results if one.shown_id is None],
            "receipt": receipt,
            "result": result,
            "link": link,
            "year": year if award.kind == AwardKind.UNRESTRICTED else None,
        },
        status=422 if any(f.errors for f in (receipt, result, link, year)) else 200,
    )


def place_of_receipt(request: HttpRequest, pk: int) -> Place:
    return _receipt(pk).award.place


def place_of_note(request: HttpRequest, pk: int) -> Place:
    return _note(pk).award.place


@needs_role(*LOOKERS, place=place_of_receipt)
@require_http_methods(["GET"])
def receipt_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt as it was handed in: for those who look at it."""
    return serve(_receipt(pk).file)


@needs_role(*LOOKERS, place=place_of_note)
@require_http_methods(["GET"])
def note_file(request: HttpRequest, pk: int) -> HttpResponse:
    note = _note(pk)
    if note.photo is None:
        raise Http404
    return serve(note.photo)


@needs_role(*LOOKERS, place=place_of_receipt)
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a receipt as it is or covered, or send it back."""
    receipt = _receipt(pk)
    what = request.POST.get("do")
    if what not in {"show", "covered", "back"}:
        # The uncovered original is never shown because a word was missing or misspelt.
        raise Refused(
            _("Choose whether it is shown as it is, shown covered, or sent back."), code="look"
        )
    if what == "back":
        send_receipt_back(receipt, reason=request.POST.get("reason", ""), actor=acting(request))
    else:
        covered = request.FILES.get("covered") if what == "covered" else None
        if what == "covered" and covered is None:
            raise Refused(
                _("Choose the version in which names and numbers are covered."), code="covered"
            )
        show_receipt(receipt, covered=covered, actor=acting(request))
    messages.success(request, _("Done. It is in the record."))
    return redirect("award-receipts", slug=receipt.award.slug)


@needs_role(*LOOKERS, place=place_of_note)
@require_POST
def look_at_note(request: HttpRequest, pk: int) -> HttpResponse:
    note = _note(pk)
    show_result(note, with_photo=request.POST.get("do") == "photo", actor=acting(request))
    messages.success(request, _("Done. It is in the record."))
    return redirect("award-receipts", slug=note.award.slug)


def _forms(request: HttpRequest) -> tuple[ReceiptForm, ResultForm]:
    return (
        ReceiptForm(*_given(request, "receipt"), prefix="r"),
        ResultForm(*_given(request, "result"), prefix="w"),
    )


def _given(request: HttpRequest, what: str) -> tuple[Any, Any]:
    """What was sent, for the form that was sent and for no other on the page."""
    sent = request.method == "POST" and request.POST.get("what") == what
    return (request.POST, request.FILES) if sent else (None, None)


def _handled(
    request: HttpRequest,
    receipt: ReceiptForm,
    result: ResultForm,
    payment: Payment | None,
    award: Award,
    actor: Actor,
) -> bool:
    """Whether one of the two forms was sent, whole and not refused."""
    if receipt.is_bound and receipt.is_valid() and payment is not None:
        file, pence = receipt.cleaned_data["file"], receipt.cleaned_data["pence"]
        return (
            acted(receipt, lambda: hand_in_receipt(payment, file, pence=pence, actor=actor))
            is not None
        )
    if result.is_bound and result.is_valid():
        said = {**result.cleaned_data, "photo": result.cleaned_data["photo"] or None}
        return acted(result, lambda: tell_result(award, **said, actor=actor)) is not None
    return False


def _payment_of(token: str) -> Payment | None:
    """The payment a link was made for; None once it has ended, or if it was never one."""
    try:
        slug = signing.loads(token, salt=LINK)
        payments = Payment.objects.select_related("award__title", "award__place")
        payment = payments.filter(slug=slug, state__in=SENT).first()
        if payment is not None:
            place = payment.award.place.slug
            days = int(rule("receipt.link_days", timezone.localdate(), place).value)
            signing.loads(token, salt=LINK, max_age=days * 24 * 3600)
    except signing.BadSignature:
        return None
    return payment


def _receipt(pk: int) -> Receipt:
    rows = Receipt.objects.select_related("award__place", "file__content", "payment__award")
    return get_object_or_404(rows, pk=pk)


def _note(pk: int) -> ResultNote:
    return get_object_or_404(ResultNote.objects.select_related("award__place", "photo"), pk=pk)
