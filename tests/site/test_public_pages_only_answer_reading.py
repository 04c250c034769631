"""A public page can be read, and nothing else done to it; a few take a form from strangers."""

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.millbrook import closed, place_with_money
from tests.pages import PageClient
from tests.site.test_routes import every_view

TAKES_FORMS = {
    "accounts/2fa/authenticate/",
    "accounts/2fa/webauthn/login/",
    "accounts/confirm-email/",
    "accounts/inactive/",
    "accounts/login/",
    "accounts/login/code/",
    "accounts/login/code/confirm/",
    "accounts/logout/",
    "accounts/signup/",
    "language/",
    "rounds/<slug:slug>/propose/",
    "ideas/confirm/<slug:token>/",
    "ideas/confirm/<slug:token>/again/",
    "ideas/mine/<str:token>/",
    "ideas/<number:number>/follow/",
    "ideas/<number:number>/author/",
    "ideas/<number:number>/author/words/",
    "ideas/<number:number>/following/",
    "messages/end/<slug:token>/",
    "receipts/<str:token>/",
    "record/log/public/cosignatures",
    "rounds/<slug:slug>/mark/",
    "rounds/<slug:slug>/share/",
    "vote/",
    "vote/ballot/",
    "vote/receipt/",
    "vote/leave/",
}
FILLED = {
    "<slug:slug>": "",
    "<slug:kind>-<slug:language>": "leaflet-en",
    "<path:code>": "ABCD",
    "<slug:code>": "E02990001",
    "<slug:fund>": "alderdale",
    "<slug:key>": "accounted",
    "<path:rest>": "0/000",
    "<slug:log>": "public",
    "<number:seq>": "1",
    "<number:size>": "1",
    "<number:idx>": "0",
    "<number:number>": "1",
    "<number:pk>": "1",
    "<slug:token>": "no-such",
    "<str:token>": "no-such",
}
PUBLIC = sorted(
    address
    for address, view in every_view(get_resolver().url_patterns)
    if getattr(view, "guarded", "") == "public"
    # Browsers ask the API by OPTIONS first: test_everything_public_can_be_downloaded.
    and not address.startswith("api/v1/")
)

pytestmark = pytest.mark.django_db


def filled(route: str) -> str:
    slug = "round-one" if route.startswith("rounds/") else "millbrook-east"
    for gap, typed in FILLED.items():
        route = route.replace(gap, typed or slug)
    assert "<" not in route, "fill this gap in FILLED"
    return f"/{route}"


@pytest.fixture
def strict():
    """A client whose forms need a token, as they do in a browser."""
    closed(place_with_money())
    return Client(enforce_csrf_checks=True)


def test_there_are_public_pages():
    assert len(PUBLIC) > 15
    assert set(PUBLIC) > TAKES_FORMS


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "POST", "PUT", "PATCH", "DELETE", "NONE"])
@pytest.mark.parametrize("route", [route for route in PUBLIC if route not in TAKES_FORMS])
def test_any_other_method_is_answered_405_with_those_that_are_allowed(strict, route, method):
    answer = strict.generic(method, filled(route))
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"


def test_the_answer_is_a_page_that_leads_back_and_hands_back_what_was_typed(strict):
    headers = {"Origin": "http://testserver"}
    read = PageClient(strict).post("/places/", {"note": "my words"}, status=405, headers=headers)
    assert read.heading == "This page is only for reading"
    assert read.links["Open the page again"] == "/places/"
    assert "my words" in read.text


def test_reading_without_the_body_works(strict):
    answer = strict.head("/places/")
    assert answer.status_code == 200
    assert answer.content == b""


def test_the_language_button_still_takes_its_form_without_a_token(strict):
    answer = strict.post("/language/", {"language": "cy", "next": "/places/"})
    assert (answer.status_code, answer["Location"]) == (303, "/places/")
    assert strict.get("/language/").status_code == 405
