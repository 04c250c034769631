"""What the pages of this room share: whose passport a page is about, and how a form is acted on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.organisations.models import Officer, Organisation
from doorstep.apps.people.guards import refused
from doorstep.apps.people.models import Account
from doorstep.apps.people.rules import Answer
from doorstep.apps.people.spells import holding
from doorstep.apps.refused import Refused


def account_of(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def speaks_for_it(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Below @signed_in: only somebody who speaks for the group of the address; the view gets the
    group itself."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, **more: Any) -> HttpResponse:
        offices = Officer.objects.filter(
            holding(timezone.localdate()), account=account_of(request), organisation=OuterRef("pk")
        )
        bodies = Organisation.objects.annotate(is_mine=Exists(offices))
        body: Any = get_object_or_404(bodies, slug=slug)
        if not body.is_mine:
            why = _("Only somebody who speaks for %(body)s sees this.") % {"body": body.name}
            return refused(request, Answer(False, why))
        return view(request, body, **more)

    return guarded


def acted(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether acting on a valid form was not refused; where it was, the form says why."""
    try:
        act()
    except Refused as refusal:
        form.add_error(None, refusal.reason)
        return False
    return True


def pressed(request: HttpRequest, act: Callable[[], object], done: object) -> None:
    """A button without a form: what came of it is said on the page it leads back to."""
    try:
        act()
    except Refused as refusal:
        messages.warning(request, refusal.reason)
    else:
        messages.success(request, str(done))
