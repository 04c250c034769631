"""Every address is guarded, or chosen to be public; a forgotten one fails here and says so."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver


def every_view(patterns: list, prefix: str = "") -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from every_view(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback


VIEWS = sorted(every_view(get_resolver().url_patterns), key=lambda pair: pair[0])


def named_views() -> list[tuple[str, object]]:
    """Every view by the name that leads to it, with its namespace."""

    def walk(patterns: list, spaces: tuple[str, ...]) -> Iterator[tuple[str, object]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                space = (pattern.namespace,) if pattern.namespace else ()
                yield from walk(pattern.url_patterns, spaces + space)
            else:
                yield ":".join((*spaces, str(pattern.name))), pattern.callback

    return sorted(walk(get_resolver().url_patterns, ()), key=lambda pair: pair[0])


@pytest.mark.parametrize(("address", "view"), VIEWS, ids=[address for address, _ in VIEWS])
def test_every_address_is_guarded_or_chosen_to_be_public(address, view):
    assert getattr(view, "guarded", None), (
        f"/{address} ({view.__module__}.{view.__name__}) says nothing about who may open it. "
        "Write @public, @signed_in or @needs_role(…, place=…) from doorstep.apps.people.guards "
        "above it; @public_form from doorstep.apps.public where strangers send a form. Then "
        "test_nobody_reaches_into_another_place.py tries it with every role."
    )


def test_the_test_sees_a_forgotten_guard():
    def forgotten(request): ...

    with pytest.raises(AssertionError, match="Write @public"):
        test_every_address_is_guarded_or_chosen_to_be_public("forgotten/", forgotten)


def test_there_is_no_way_to_a_password():
    assert [address for address, _ in VIEWS if "password" in address] == []
