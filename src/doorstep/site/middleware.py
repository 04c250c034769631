"""Headers that keep a page to itself, and answers that stay pages when something went wrong."""

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import resolve_url

from doorstep.apps.refused import Refused
from doorstep.site import errors


def policy(directives: Mapping[str, Sequence[str] | bool]) -> str:
    """A Content-Security-Policy header from the dictionary shape of Django 6's `SECURE_CSP`."""
    written = []
    for name, values in directives.items():
        if values is True:
            written.append(name)
        elif values:
            written.append(f"{name} {' '.join(values)}")
    return "; ".join(written)


class ProtectiveHeaders:
    """What SecurityMiddleware leaves out: content policy, permissions, and who may keep a copy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = policy(settings.SECURE_CSP)
        self.permissions = settings.PERMISSIONS_POLICY

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", self.permissions)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # The library's computer has a back button: a signed-in page must not outlive its session.
        kept = "no-store" if settings.SESSION_COOKIE_NAME in request.COOKIES else "no-cache"
        response.headers.setdefault("Cache-Control", f"private, {kept}")
        return response


class HeadersAlone:
    """To HEAD, the headers that GET would get and nothing more: waitress sends on what it is given,
    and a connection that is used again would take the body for the next answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "HEAD":
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = ()
            elif isinstance(response, HttpResponse):
                response.headers.setdefault("Content-Length", str(len(response.content)))
                response.content = b""
        return response


class PlainAnswers:
    """Turns a refusal, a lost session and a wrong method into pages that say what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            return errors.wrong_method(request, response)
        if self._was_signed_out(request, response):
            return errors.signed_out(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.refused(request, exception) if isinstance(exception, Refused) else None

    @staticmethod
    def _was_signed_out(request: HttpRequest, response: HttpResponseBase) -> bool:
        """A form came in and would be answered with the sign-in page: its words would be lost."""
        sign_in = resolve_url(settings.LOGIN_URL)
        return (
            request.method == "POST"
            and response.status_code == 302
            and response.headers["Location"].split("?")[0] == sign_in
            and not request.path.startswith("/accounts/")
        )
