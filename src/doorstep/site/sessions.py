"""How long somebody stays signed in: not longer than a day, and not an hour without a request.

A form that comes too late is answered with the page that hands its words back. A sign-in that was
begun and left holds an address, so its session ends as soon as an idle one.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from doorstep.apps.people.devices import note_visit
from doorstep.engine.rulebook import rule

BEGAN, SEEN = "signed_in_at", "seen_at"
ENDS_SOON = "_session_expiry"  # what Django's set_expiry() writes
# Where allauth keeps the address of somebody who has not typed their code yet.
HALF_WAY = {"account_login", "account_email_verification_code"}
EACH = 60  # seconds between two notes of a visit, so that not every page writes


class SignedInAtMost:
    """Stands below the session and the account, and ends a session that is over."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Whoever looks into a session makes the page one visitor’s own, which no cache keeps.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            now = int(time.time())
            if is_over(request, now):
                logout(request)
            elif now - request.session.get(SEEN, 0) >= EACH:
                request.session.setdefault(BEGAN, now)
                request.session[SEEN] = now
                note_visit(request)
        answer = self.get_response(request)
        if request.session.modified:
            _end_soon_if_half_way(request)
        return answer


def _end_soon_if_half_way(request: HttpRequest) -> None:
    session, signed_in = request.session, SESSION_KEY in request.session
    if not signed_in and not HALF_WAY.isdisjoint(session.keys()):
        idle = rule("account.idle_at_most", timezone.localdate())
        session.set_expiry(60 * int(idle.value))
    elif signed_in and ENDS_SOON in session:
        session.set_expiry(None)


def is_over(request: HttpRequest, now: int) -> bool:
    """Whether it began too long ago, or nothing was asked in it for too long."""
    today = timezone.localdate()
    longest = 3600 * int(rule("account.signed_in_at_most", today).value)
    idle = 60 * int(rule("account.idle_at_most", today).value)
    began, seen = (request.session.get(name, now) for name in (BEGAN, SEEN))
    return now - began >= longest or now - seen >= idle + EACH
