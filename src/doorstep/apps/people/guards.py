"""Who may open a view. Every view of Doorstep carries one of these, and a test looks for it.

    @public                                         # anybody
    @signed_in                                      # any account
    @needs_role("partnership_member", "funder")     # that role, anywhere
    @needs_role("funder", everywhere=True)          # that role, for all places
    @needs_role("partnership_member", place=place_of_round)

`place_of_round(request, **url_arguments)` returns the Place that the view is about, or None; it
may raise Http404. A guarded view has `view.guarded`, which names what it asks for, and
`view.at_a_place` and `view.everywhere`, which say whether a role somewhere else opens it too.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from doorstep.apps.people.models import Account, Noted, Role
from doorstep.apps.people.noting import address_name, note_once
from doorstep.apps.people.queries import has_second_factor, roles_of
from doorstep.apps.people.rules import Answer, may
from doorstep.apps.people.signals import SET_UP_IN_SESSION, WANTED
from doorstep.apps.people.step_up import shown_lately
from doorstep.apps.places.models import Place
from doorstep.apps.public import View, once, public
from doorstep.apps.record.actors import Actor

__all__ = [
    "acting",
    "needs_role",
    "once",
    "place_at",
    "public",
    "refused",
    "roles_held",
    "signed_in",
    "with_a_fresh_second_step",
    "with_a_second_step",
]

KEEPS_A_KEY = gettext_lazy("You look after a key of the box.")
PlaceOf = Callable[..., Place | None]


def signed_in(view: View) -> View:
    """Any account may open it. It must show each account its own and nothing else."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        _act_as(request, "person")
        return view(request, *args, **kwargs)

    guarded.guarded = "signed_in"  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def needs_role(
    *kinds: str, place: PlaceOf | None = None, everywhere: bool = False
) -> Callable[[View], View]:
    """Let in an account that holds one of `kinds` today, at the place the view is about, or
    `everywhere` for what concerns every place.

    Whoever holds several of them acts in the first. When that is a role that moves money, a
    second factor must have been used in this session, whatever else the person is.
    """
    if not kinds or set(kinds) - set(Role.Kind.values):
        raise ValueError(f"{kinds} are not roles; use {Role.Kind.values}")

    def guard(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            here = place(request, *args, **kwargs) if place else None
            held = roles_held(request)
            answer = may(
                [role for role in held if role.place_id is None] if everywhere else held,
                kinds,
                timezone.localdate(),
                place_id=here.pk if here else None,
                place_name=here.name if here else "",
            )
            if not answer:
                return refused(request, answer)
            if answer.needs_second_factor:
                if (step := _second_factor_step(request)) is not None:
                    return step
                request.session.pop(WANTED, None)
            _act_as(request, answer.acts_as)
            return view(request, *args, **kwargs)

        guarded.guarded = " ".join(kinds)  # type: ignore[attr-defined]
        guarded.at_a_place = place is not None  # type: ignore[attr-defined]
        guarded.everywhere = everywhere  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def with_a_second_step(view: View, why: str | Promise = KEEPS_A_KEY) -> View:
    """Below @signed_in, for pages that no role opens but that are worth as much: whoever looks
    after a key of the box, or a group's bank account, shows a second step in this session."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = _second_factor_step(request, str(why))
        if step is not None:
            return step
        request.session.pop(WANTED, None)
        return view(request, *args, **kwargs)

    guarded.second_step = True  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def with_a_fresh_second_step(*, back: str) -> Callable[[View], View]:
    """The same, shown within the last minutes, for what a trustee's device does with its key.

    `back` names the page, about the same slug, that asks for it and to which the person returns.
    What a script sent is answered with the address that asks (`ask`), as it can show no page.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            page = reverse(back, args=[slug])
            why = _("You look after a key of the box.")
            step = _second_factor_step(request, why, page)
            if step is None and not shown_lately(request):
                step = _ask_second_factor(request, why, page)
            if step is None:
                request.session.pop(WANTED, None)
                return view(request, slug, *args, **kwargs)
            if request.path == page:
                return step
            return JsonResponse({"ask": step["Location"]}, status=403)

        guarded.second_step = guarded.asks_again = True  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return guard


def place_at(request: HttpRequest, slug: str, **_more: object) -> Place:
    """The place of an address; the guard and the view of one request ask for it once."""
    return once(request, f"place {slug}", lambda: get_object_or_404(Place, slug=slug))


def roles_held(request: HttpRequest) -> list[Role]:
    """Every spell of whoever is signed in; the guard and the view of one request ask once."""
    return once(request, "roles", lambda: roles_of(_account(request)))


def acting(request: HttpRequest) -> Actor:
    """Who acts in a guarded view: the role that opened it, and the account's number."""
    return request.acting  # type: ignore[attr-defined]


def refused(request: HttpRequest, answer: Answer) -> HttpResponse:
    """The plain page that says no: what, why, and what to do."""
    note_once(Noted.Kind.REFUSED, request, address_name(request))
    return render(request, "people/refused.html", {"reason": answer.reason}, status=403)


def _act_as(request: HttpRequest, kind: str) -> None:
    request.acting = Actor(kind, _account(request).pk)  # type: ignore[attr-defined]


def _account(request: HttpRequest) -> Account:
    account = request.user
    if not isinstance(account, Account):
        raise TypeError("a guard lets nobody in without an account")
    return account


def _to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    messages.info(request, _("Sign in to go on. You will come back to the page you wanted."))
    return redirect_to_login(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    """Where to return to: a form is gone once sent, so go back to the page that held it."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    came_from = request.headers.get("referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure()):
        parts = urlsplit(came_from)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return reverse("desk")


def _second_factor_step(
    request: HttpRequest, why: str = "", page: str = ""
) -> HttpResponseRedirect | None:
    """The page to visit first, or None when this session has shown its second factor. It leads
    back to `page`, or to where the person was."""
    why = why or _("Your role moves money.")
    account = _account(request)
    wanted = page or _way_back(request)
    if not has_second_factor(account):
        messages.warning(
            request,
            _(
                "%(why)s So you need a second way to show that it is you. Set up an authenticator "
                "app or a passkey, and you will be led back."
            )
            % {"why": why},
        )
        request.session[WANTED] = wanted
        return HttpResponseRedirect(f"{reverse('mfa_activate_totp')}?{urlencode({'next': wanted})}")
    if not _shown_in_session(request, account):
        return _ask_second_factor(request, why, wanted)
    return None


def _ask_second_factor(request: HttpRequest, why: str, wanted: str) -> HttpResponseRedirect:
    messages.warning(request, _("%(why)s Show your second step to go on.") % {"why": why})
    kinds = Authenticator.objects.filter(user=_account(request)).values_list("type", flat=True)
    by = "" if Authenticator.Type.TOTP in kinds else "_webauthn"
    return HttpResponseRedirect(
        f"{reverse('mfa_reauthenticate' + by)}?{urlencode({'next': wanted})}"
    )


def _shown_in_session(request: HttpRequest, account: Account) -> bool:
    records = get_authentication_records(request, account)
    if any(record.get("method") == "mfa" for record in records):
        return True
    made = request.session.get(SET_UP_IN_SESSION)
    return bool(made) and Authenticator.objects.filter(pk=made, user=account).exists()
