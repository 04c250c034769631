"""Every way a request can go wrong, as a page that says what happened and what to do.

None of these pages needs the database. Where a form came in and was not acted on, the page shows
what was typed, so that nothing has to be thought of twice.
"""

import logging
import sys
import time
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused, TooOften
from doorstep.site.words import moment

log = logging.getLogger(__name__)

# Fields that are never shown back: secrets, and what the machine filled in itself.
NEVER_SHOWN = {"csrfmiddlewaretoken", "code", "password", "next", "once", "credential"}
NEVER_SHOWN |= {"second_step_number", "second_step_key", "tracker"}
SHOWN_AT_MOST = 20_000

# Seconds after which it is worth another try when the database cannot keep anything.
AGAIN_AFTER = 60

LAST_RESORT = (
    "<!doctype html><html lang=en-GB><meta charset=utf-8><title>Something broke – Doorstep</title>"
    "<h1>Something broke on our side</h1><p>It is not your fault, and nothing was half done. "
    "Please try again in a few minutes.</p><p><a href=/>Go to the home page</a></p></html>"
)


def _page(
    request: HttpRequest,
    status: int,
    title: str,
    what: str,
    to_do: str,
    *,
    link: tuple[str, str] | None = None,
    typed: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    context = {"title": title, "what": what, "to_do": to_do, "link": link, "typed": typed}
    return HttpResponse(
        loader.render_to_string("errors/plain.html", context, request), status=status
    )


def _came_from_us(request: HttpRequest) -> bool:
    """Whether the form stood on our own page: another site must not put words on ours."""
    try:
        host = request.get_host()
    except DisallowedHost:
        return False
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    return bool(source) and urlsplit(source).netloc == host


def typed_words(request: HttpRequest) -> list[tuple[str, str]]:
    """What the person typed into the form that was not acted on: (field, words) pairs."""
    if request.method != "POST" or not _came_from_us(request):
        return []
    return [
        (name.replace("_", " ").replace("-", " ").capitalize(), value[:SHOWN_AT_MOST])
        for name, values in request.POST.lists()
        if name not in NEVER_SHOWN
        for value in values
        if value.strip()
    ]


def _way_back(request: HttpRequest) -> str:
    """The page that the form stood on, if it is one of ours; otherwise the home page."""
    before = request.headers.get("Referer", "")
    if _came_from_us(request) and url_has_allowed_host_and_scheme(before, {request.get_host()}):
        parts = urlsplit(before)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return "/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        400,
        _("We could not read that request"),
        _("The address or the form that reached us was damaged or far too large."),
        _("Nothing has been changed. Go back, and try again. If you typed the address, check it."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason that the refusing rule gave, when it gave one."""
    return _page(
        request,
        403,
        _("This page is not open to you"),
        str(exception) or _("It belongs to people who hold a certain role."),
        _(
            "Nothing has been changed. If you should be able to see it, ask the person who runs "
            "your partnership to check your role."
        ),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.warning("A form was not accepted at %s: %s", request.path, reason)
    return _page(
        request,
        403,
        _("Please send that form again"),
        _(
            "The page had been open for a long time, or you signed in or out in another window, so "
            "we could not be sure that the form came from you."
        ),
        _(
            "Nothing has been changed. Open the page again and send the form once more. Your "
            "browser must allow cookies from this site."
        ),
        link=(_way_back(request), _("Open the page again")),
        typed=typed_words(request),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        404,
        _("There is no page at this address"),
        _(
            "The address may have been mistyped or cut short. Pages of the record are never moved "
            "or taken away."
        ),
        _("Check the address, or start from one of the links at the top of this page."),
        link=("/places/", _("Find your place")),
    )


def wrong_method(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """405: an address that only takes a form was opened as a page, or the other way round."""
    if "GET" in response["Allow"]:
        page = _page(
            request,
            405,
            _("This page is only for reading"),
            _("Something was sent to it, and it takes nothing in."),
            _("Nothing has been changed. Open the page again to read it."),
            link=(request.path, _("Open the page again")),
            typed=typed_words(request),
        )
    else:
        page = _page(
            request,
            405,
            _("This address only works from a form"),
            _("It is where a button sends its form; there is nothing to read here."),
            _("Nothing has been changed. Go to the page with the form and use its button."),
        )
    page["Allow"] = response["Allow"]
    return page


def too_often(request: HttpRequest, refusal: TooOften) -> HttpResponse:
    """429: for now it came too often. Says when it may come again, and hands the words back."""
    again = datetime.fromtimestamp(refusal.until, UTC)
    page = _page(
        request,
        429,
        _("That was often. Please wait a little"),
        refusal.reason,
        _("Nothing is lost. You can send it again from %(time)s.") % {"time": moment(again)},
        link=(_way_back(request), _("Go back to the page you were on")),
        typed=typed_words(request),
    )
    page["Retry-After"] = str(max(1, refusal.until - int(time.time())))
    return page


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """409: an action said no. Its own sentence says what, why and what to do."""
    if isinstance(refusal, TooOften):
        return too_often(request, refusal)
    return _page(
        request,
        409,
        _("That was not done"),
        refusal.reason,
        _("Nothing was half done, and nothing was done twice."),
        link=(_way_back(request), _("Go back to the page you were on")),
        typed=typed_words(request),
    )


def signed_out(request: HttpRequest) -> HttpResponse:
    """A form came in after its session had ended. 403, and the words are handed back."""
    back = _way_back(request)
    sign_in = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    return _page(
        request,
        403,
        _("You were signed out before you sent this"),
        _("For your safety we sign people out after a while, so we could not act on the form."),
        _("Nothing has been changed. Sign in again: we will bring you back to the same page."),
        link=(sign_in, _("Sign in and come back")),
        typed=typed_words(request),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 while the database is away or has no room. If even the template fails, plain
    bytes still say that nothing is lost."""
    away = database_is_away(sys.exception())
    if away:
        request.user = AnonymousUser()  # the page would look up who is signed in
    try:
        page = _broken(request, away=away)
    except Exception:
        log.exception("The page for errors failed too")
        page = HttpResponse(LAST_RESORT, status=503 if away else 500)
    if away:
        page["Retry-After"] = str(AGAIN_AFTER)
    return page


def database_is_away(problem: BaseException | None) -> bool:
    """Whether the database has no room, is busy or is not there: trouble that passes.

    SQLite calls a fault of ours, such as a table that is missing, an OperationalError too.
    """
    if not isinstance(problem, OperationalError | InterfaceError):
        return False
    return getattr(problem.__cause__, "sqlite_errorname", "") != "SQLITE_ERROR"


def _broken(request: HttpRequest, *, away: bool) -> HttpResponse:
    again = _(
        "Please try again in a few minutes. If you sent a form, look first whether it arrived; "
        "sending it twice does no harm."
    )
    if away:
        title = _("We cannot write anything down just now")
        what = _(
            "The computer behind this site has no room left, or is busy, or is being started "
            "again. Each step here is either done whole or not at all, so nothing was half done."
        )
        return _page(request, 503, title, what, again)
    what = _(
        "It is not your fault. Each step here is either done whole or not at all, so nothing was "
        "half done."
    )
    return _page(request, 500, _("Something broke on our side"), what, again)
