"""A voter's visit: a signed cookie that ends by itself. No account, no session, no row anywhere.

It holds which code is voting, the tracker that this visit's ballot carries, and which version was
cast in it. The choice itself is never kept: it travels in the page.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from doorstep.apps.voting import trackers
from doorstep.engine.rulebook import rule

COOKIE = "__Host-doorstep-ballot" if settings.SECURE else "doorstep-ballot"
_SALT = "doorstep.voting.visit"


@dataclass(frozen=True)
class Visit:
    credential: int
    tracker: str
    version: int = 0  # 0 until something was cast in this visit
    mark: str = ""  # hex of the envelope's hash


def begin(credential: int) -> Visit:
    return Visit(credential, trackers.new())


def _seconds() -> int:
    return 60 * int(rule("voting.ballot_stays_open", timezone.localdate()).value)


def of(request: HttpRequest) -> Visit | None:
    """The visit that this browser is on, or None when there is none or it has ended."""
    try:
        held = signing.loads(request.COOKIES[COOKIE], salt=_SALT, max_age=_seconds())
        return Visit(*held)
    except (KeyError, TypeError, signing.BadSignature):
        return None


def keep(response: HttpResponse, visit: Visit) -> None:
    held = [visit.credential, visit.tracker, visit.version, visit.mark]
    response.set_cookie(
        COOKIE,
        signing.dumps(held, salt=_SALT),
        max_age=_seconds(),
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def end(response: HttpResponse) -> None:
    """Forget the visit on this phone, and the cookie that its forms carried."""
    for name in (COOKIE, settings.CSRF_COOKIE_NAME):
        response.set_cookie(
            name, "", max_age=0, secure=settings.SECURE, httponly=True, samesite="Lax"
        )
