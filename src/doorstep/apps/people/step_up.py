"""Ask again who it is, just before what cannot be undone.

    @needs_role("finance_officer", place=place_of_payment)
    @require_POST
    @after_a_fresh_second_step
    def release(request, slug): ...

A session is stolen more easily than a phone. So a form that moves money, changes where it goes,
opens the box or hands out addresses is done only when this session has shown its second step in
the last minutes (rule `account.ask_again_after`). Otherwise the page asks for it, with everything
that was typed still in it; once the number is right, the form is acted on and not sent twice.
"""

import json
import time
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.module_loading import import_string

from doorstep.apps.people.models import Account
from doorstep.apps.public import View
from doorstep.engine.rulebook import rule

NUMBER, KEY = "second_step_number", "second_step_key"
READING = {"GET", "HEAD"}


def after_a_fresh_second_step(view: View) -> View:
    """Act on a form only after a second step of the last minutes. Reading asks for nothing more
    than the guard above it."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in READING or shown_lately(request):
            return view(request, *args, **kwargs)
        shown = _shown_now(request)
        if shown is None or not shown.is_valid():
            return _ask(request, shown)
        shown.save()  # type: ignore[attr-defined]
        _take_out_of_the_form(request)
        return view(request, *args, **kwargs)

    asked.asks_again = True  # type: ignore[attr-defined]
    return asked  # type: ignore[return-value]


def a_fresh_second_step_before(*acts: str) -> Callable[[View], View]:
    """The same on a page of several acts, of which the form names one in `do`: only these ask, so
    that nobody is interrupted while they write a draft."""

    def guard(view: View) -> View:
        asking = after_a_fresh_second_step(view)

        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            chosen = asking if request.POST.get("do") in acts else view
            return chosen(request, *args, **kwargs)

        asked.asks_again = frozenset(acts)  # type: ignore[attr-defined]
        return asked  # type: ignore[return-value]

    return guard


def shown_lately(request: HttpRequest) -> bool:
    """Whether this session has shown its second step within the last minutes."""
    if not Authenticator.objects.filter(user_id=request.user.pk).exists():
        return True  # there is nothing to show; a role that needs it was stopped by its guard
    window = 60 * int(rule("account.ask_again_after", timezone.localdate()).value)
    return any(
        record.get("method") == "mfa" and 0 <= time.time() - record.get("at", 0) < window
        for record in get_authentication_records(request, request.user)
    )


def _shown_now(request: HttpRequest) -> Form | None:
    """The number or the passkey that came with the form, or None when neither did."""
    forms = settings.MFA_FORMS
    if request.POST.get(KEY):
        by_key = import_string(forms["reauthenticate_webauthn"])
        return by_key(user=request.user, data={"credential": request.POST[KEY]})
    if NUMBER in request.POST:
        by_number = import_string(forms["reauthenticate"])
        return by_number(user=request.user, data={"code": request.POST[NUMBER]})
    return None


def _take_out_of_the_form(request: HttpRequest) -> None:
    """What is left is the form as it was first sent."""
    sent = request.POST.copy()
    for name in (NUMBER, KEY):
        sent.pop(name, None)
    request.POST = sent  # type: ignore[assignment]


def _ask(request: HttpRequest, shown: Form | None) -> HttpResponse:
    """The page that asks. 403, because nothing was done; what was typed waits in it."""
    account = request.user
    assert isinstance(account, Account)
    kinds = set(Authenticator.objects.filter(user=account).values_list("type", flat=True))
    has_key = Authenticator.Type.WEBAUTHN in kinds
    return render(
        request,
        "people/ask_again.html",
        {
            "typed": list(_typed(request)),
            "files": sorted({str(kept) for _name, kept in request.FILES.items()}),
            "said": [said for errors in shown.errors.values() for said in errors] if shown else [],
            "has_app": Authenticator.Type.TOTP in kinds,
            "has_key": has_key,
            "key_asked": json.loads(json.dumps({"request_options": begin_authentication(account)}))
            if has_key
            else None,
            "minutes": rule("account.ask_again_after", timezone.localdate()).value,
            "number_name": NUMBER,
            "key_name": KEY,
        },
        status=403,
    )


def _typed(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        if name not in {NUMBER, KEY, "csrfmiddlewaretoken"}:
            yield from ((name, str(value)) for value in values)
