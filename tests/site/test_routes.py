"""Every address is guarded, or chosen to be public; a forgotten one fails here and says so."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

# allauth guards its own views: sign-in and sign-up are public by nature, the rest ask for it.
GUARDED_BY_ALLAUTH = "allauth."


def every_view(patterns: list, prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from every_view(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback


VIEWS = sorted(every_view(get_resolver().url_patterns), key=lambda pair: pair[0])


@pytest.mark.parametrize(("address", "view"), VIEWS, ids=[address for address, _ in VIEWS])
def test_every_address_is_guarded_or_chosen_to_be_public(address, view):
    if view.__module__.startswith(GUARDED_BY_ALLAUTH):
        return
    assert getattr(view, "guarded", None), (
        f"/{address} ({view.__module__}.{view.__name__}) says nothing about who may open it. "
        "Write @public, @signed_in or @needs_role(…, place=…) from doorstep.apps.people.guards "
        "above it."
    )


def test_the_test_sees_a_forgotten_guard():
    def forgotten(request): ...

    with pytest.raises(AssertionError, match="Write @public"):
        test_every_address_is_guarded_or_chosen_to_be_public("forgotten/", forgotten)
