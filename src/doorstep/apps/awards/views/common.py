"""What the pages of this room share: whose place a page is about, and how a form is acted on."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from doorstep.apps.awards.models import Award, Payment, PaymentFile
from doorstep.apps.places.models import Place
from doorstep.apps.refused import Refused

Done = TypeVar("Done")


def place_at(request: HttpRequest, slug: str) -> Place:
    """The place of an address; the guard and the view of one visit ask the database once."""
    seen = getattr(request, "place_seen", None)
    if not isinstance(seen, Place) or seen.slug != slug:
        seen = request.place_seen = get_object_or_404(Place, slug=slug)  # type: ignore[attr-defined]
    return seen


def place_of_award(request: HttpRequest, slug: str, **_more: object) -> Place:
    return get_object_or_404(Award.objects.select_related("place"), slug=slug).place


def place_of_payment(request: HttpRequest, slug: str) -> Place:
    return get_object_or_404(Payment.objects.select_related("award__place"), slug=slug).award.place


def place_of_file(request: HttpRequest, number: int) -> Place:
    return get_object_or_404(PaymentFile.objects.select_related("place"), pk=number).place


def acted(form: forms.Form, act: Callable[[], Done]) -> Done | None:
    """What acting on a valid form came to; None when it was refused, and the form says why."""
    try:
        return act()
    except Refused as refused:
        form.add_error(None, refused.reason)
        return None
