"""Where a request comes from, for counting only."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

UNKNOWN = "unknown"


def connection_of(request: HttpRequest) -> str:
    """The network address; behind a proxy, what the proxy says. Requests without one, such as
    those of a proxy that says nothing, count as of one connection."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return UNKNOWN
