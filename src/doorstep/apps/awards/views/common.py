"""What the pages of this room share: whose place a page is about, and how a form is acted on."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from doorstep.apps.awards.models import Award, Payment, PaymentFile
from doorstep.apps.awards.queries.payments import told_payments
from doorstep.apps.awards.queries.worklist import RELATED
from doorstep.apps.people.guards import once
from doorstep.apps.places.models import Place
from doorstep.apps.refused import Refused

Done = TypeVar("Done")


def award_at(request: HttpRequest, slug: str) -> Award:
    """The award of an address, with its agreement and who is paid."""
    awards = Award.objects.select_related(*RELATED)
    return once(request, f"award {slug}", lambda: get_object_or_404(awards, slug=slug))


def payment_at(request: HttpRequest, slug: str) -> Payment:
    """The payment of an address, with all that a page says of it."""
    return once(request, f"payment {slug}", lambda: get_object_or_404(told_payments(), slug=slug))


def place_of_award(request: HttpRequest, slug: str, **_more: object) -> Place:
    return award_at(request, slug).place


def place_of_payment(request: HttpRequest, slug: str) -> Place:
    return payment_at(request, slug).award.place


def place_of_file(request: HttpRequest, number: int) -> Place:
    return get_object_or_404(PaymentFile.objects.select_related("place"), pk=number).place


def acted(form: forms.Form, act: Callable[[], Done]) -> Done | None:
    """What acting on a valid form came to; None when it was refused, and the form says why."""
    try:
        return act()
    except Refused as refused:
        form.add_error(None, refused.reason)
        return None
