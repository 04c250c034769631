"""What the pages of this room share: whose place, which meeting, and how a form is acted on."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from doorstep.apps.partnerships.models import AgendaItem, Meeting
from doorstep.apps.partnerships.queries.meetings import RELATED
from doorstep.apps.refused import Refused

Done = TypeVar("Done")


def meeting_at(slug: str, number: int) -> Meeting:
    rows = Meeting.objects.select_related(*RELATED)
    return get_object_or_404(rows, partnership__place__slug=slug, number=number)


def item_at(meeting: Meeting, number: int) -> AgendaItem:
    rows = AgendaItem.objects.select_related("title", "organisation", "decision")
    return get_object_or_404(rows, meeting=meeting, number=number)


def acted(form: forms.Form, act: Callable[[], Done]) -> Done | None:
    """What acting on a valid form came to; None when it was refused, and the form says why."""
    try:
        return act()
    except Refused as refused:
        form.add_error(None, refused.reason)
        return None


def done(request: HttpRequest, act: Callable[[], str]) -> bool:
    """Whether it was done, which is said; `act` gives "" where its form is not whole. A refusal is
    said too, and what was typed stays."""
    try:
        said = act()
    except Refused as refused:
        messages.warning(request, refused.reason)
        return False
    if said:
        messages.success(request, said)
    return bool(said)
