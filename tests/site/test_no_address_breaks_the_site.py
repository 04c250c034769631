"""Whatever is typed into an address, the answer is a page: never a fault of ours."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from doorstep.apps.addresses import number
from tests.millbrook import closed, place_with_money

NUMBERS = ("0", "1", "-1", "9" * 15, "9" * 19, str(2**63), "9" * 23, "9" * 5000, "1e9", "0x1", "٣")
WORDS = ("millbrook-east", "round-one", "no-such", "-", "a" * 3000)
QUERIES = (*NUMBERS, "", "x", "%00", "%ff%fe", "%F0%9F%8F%A0", "'%22%3Cb%3E", "a" * 5000)
PARAMETERS = ("page", "before", "about", "money", "q", "no-such")
# Gaps that take one of a few words, and one that each of them takes.
CHOICES = {"verb": "tried", "kind": "poster", "language": "en"}
GAP = re.compile(r"<(?:(\w+):)?(\w+)>")


def routes(patterns: list, prefix: str = "") -> list[str]:
    """Every public address as written in urls.py, gaps and all."""
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern) and pattern.callback.__dict__.get("guarded"):
            found.append(prefix + str(pattern.pattern))
    return found


# What is asked of the API is made up by the thousand in tests/apps/opendata.
ROUTES = [one for one in routes(get_resolver().url_patterns) if not one.startswith("api/v1/")]

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(client):
    closed(place_with_money())
    client.raise_request_exception = False
    return client


def test_there_are_addresses_to_try():
    assert len(ROUTES) > 15
    assert sum("<number:" in route for route in ROUTES) >= 3
    assert not [route for route in ROUTES if "<int:" in route], "write <number:…>: it is bounded"


@pytest.mark.parametrize("route", [route for route in ROUTES if GAP.search(route)])
def test_no_gap_in_an_address_can_be_filled_so_that_it_breaks(visitor, route):
    for typed in (*NUMBERS, *WORDS):
        answer = visitor.get("/" + GAP.sub(typed, route))
        assert answer.status_code < 500, f"{route} with {typed[:40]!r}"


@pytest.mark.parametrize("route", ROUTES)
def test_no_query_breaks_an_address(visitor, route):
    subject = "millbrook-east" if "place" in route else "round-one"
    address = "/" + GAP.sub(
        lambda gap: "1" if gap[1] == "number" else CHOICES.get(gap[2], subject), route
    )
    for typed in QUERIES:
        answer = visitor.get(address + "?" + "&".join(f"{name}={typed}" for name in PARAMETERS))
        assert answer.status_code < 500, f"{address} with {typed[:40]}"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0", 0),
        ("12", 12),
        ("9" * 15, 10**15 - 1),
        ("9" * 16, None),
        ("-1", None),
        ("", None),
        (None, None),
        ("٣", None),
        ("1\n", None),
        ("1e3", None),
        (" 1", None),
    ],
)
def test_a_number_is_digits_that_every_database_can_hold(typed, meant):
    assert number(typed) == meant
