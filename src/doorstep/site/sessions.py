"""How long somebody stays signed in: not longer than a day, and not an hour without a request.

A form that comes too late is answered with the page that hands its words back.
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
        return self.get_response(request)


def is_over(request: HttpRequest, now: int) -> bool:
    """Whether it began too long ago, or nothing was asked in it for too long."""
    today = timezone.localdate()
    longest = 3600 * int(rule("account.signed_in_at_most", today).value)
    idle = 60 * int(rule("account.idle_at_most", today).value)
    began, seen = (request.session.get(name, now) for name in (BEGAN, SEEN))
    return now - began >= longest or now - seen >= idle + EACH
