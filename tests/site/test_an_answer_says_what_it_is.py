"""Every public answer names its type and its characters, and only the read API and the files of the
record let another site's page read them."""

import pytest
from django.test import Client

from tests.site.test_nobody_reaches_into_another_place import ROUTES

pytestmark = pytest.mark.django_db
OPEN_TO_SITES = ("/api/", "/record/log/", "/record/verify.py", "/record/witnesses")
WHOLE = [
    f"/{route.address}" for route in ROUTES if route.guard == "public" and "<" not in route.address
]


def test_there_are_addresses_to_ask():
    assert len(WHOLE) > 25


@pytest.mark.parametrize("address", WHOLE)
def test_every_answer_names_its_type_and_its_characters(client: Client, address):
    answer = client.get(address)
    kind = answer["Content-Type"]
    assert "/" in kind
    if kind.startswith("text/"):
        assert "charset=utf-8" in kind.lower()
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", WHOLE)
def test_no_page_lets_another_site_read_it_and_the_read_api_does(client: Client, address):
    allowed = client.get(address, HTTP_ORIGIN="https://other.example").headers
    if not address.startswith(OPEN_TO_SITES):
        assert "Access-Control-Allow-Origin" not in allowed
    elif address.startswith("/api/v1/"):
        assert allowed["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in allowed
