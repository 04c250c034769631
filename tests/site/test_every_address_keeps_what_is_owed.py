"""What is owed at every address, tried at every one by those who are let in: no form without its
token, no TRACE, nothing personal kept by a browser, a way to sign out, and no link that runs."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client

from doorstep.apps.people.models import Account, Role
from tests.apps.people.signing_in import sign_in
from tests.pages import Page
from tests.site.estate import Estate
from tests.site.test_nobody_reaches_into_another_place import (
    ROUTES,
    Route,
    checked,
    everything,
    made,
    samples_for,
)

__all__ = ["made"]  # a fixture of this file too
pytestmark = pytest.mark.django_db
# Forms that need no token, each because it does nothing in the name of whoever sends it.
NO_TOKEN = {
    "language/": "the worst that another site can do is to show somebody this one in Welsh",
    "messages/end/<slug:token>/": "a mail program sends it (RFC 8058); the address is the secret",
    "record/log/public/cosignatures": "what counts is the signature in it",
}
LEADS = ("href", "src", "action", "formaction", "poster", "data", "srcset", "ping", "background")
SCHEMES = {"", "http", "https", "mailto", "tel"}


def strict(account: Account | None) -> Client:
    """A browser in which forms need a token, as they do for everybody."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if account is not None:
        sign_in(client, account)
    return client


@pytest.fixture
def people(made: Estate) -> dict[str, Client]:
    return {kind: strict(made.home[kind]) for kind in Role.Kind.values} | {
        "stranger": strict(None),
        "trustee": strict(made.trustee),
    }


def let_in(made: Estate, people: dict[str, Client]) -> Iterator[tuple[Route, str, str, Client]]:
    """(route, address, who, their browser) of everybody whom an address lets in."""
    for route in ROUTES:
        address = route.filled(samples_for(route, made))
        kinds = sorted(route.kinds)
        if not kinds:
            kinds = ["stranger"] if route.guard == "public" else ["trustee", "partnership_member"]
        for who in kinds:
            yield route, address, who, people[who]


def test_no_form_is_taken_without_its_token(made, people):
    """Not with a cookie, not from another site, and not with a token that was made up."""
    before, taken, tried = everything(), [], 0
    evil = {"Origin": "https://evil.example", "Referer": "https://evil.example/"}
    for route, address, who, browser in let_in(made, people):
        if route.address in NO_TOKEN or route.address.startswith("api/v1/"):
            continue
        for headers, sent in (({}, {}), (evil, {}), ({}, {"csrfmiddlewaretoken": "a" * 64})):
            status = browser.post(address, sent, headers=headers).status_code
            tried += 1
            if status not in {403, 405}:
                taken.append(f"{address} takes a form of {who}: {status}")
    checked(before, taken)
    assert tried > 500


def test_a_form_that_needs_no_token_is_named():
    assert set(NO_TOKEN) <= {route.address for route in ROUTES}


def test_trace_is_answered_nowhere(made, people):
    answered = []
    for _route, address, who, browser in let_in(made, people):
        answer = browser.trace(address, headers={"X-Mirror": "look at me"})
        if answer.status_code < 300 or b"look at me" in answer.content:
            answered.append(f"{address} answers TRACE of {who}: {answer.status_code}")
    assert not answered, "\n".join(answered)


def test_no_page_of_somebody_signed_in_is_kept_by_a_browser_and_each_leads_to_signing_out(
    made, people
):
    kept, stuck, seen = [], [], 0
    for route, address, who, browser in let_in(made, people):
        if route.guard == "public":
            continue
        answer = browser.get(address)
        if answer.status_code != 200:
            continue
        seen += 1
        if "no-store" not in answer.get("Cache-Control", ""):
            kept.append(f"{address} may be kept: {answer.get('Cache-Control', 'nothing said')}")
        if not answer.streaming and answer["Content-Type"].startswith("text/html"):
            leads = set(Page(answer, address).links.values())
            if not {"/desk/", "/accounts/logout/"} & leads:
                stuck.append(f"{address} leads {who} neither to the desk nor out")
    assert not kept + stuck, "\n".join(kept + stuck)
    assert seen > 100
    assert "/accounts/logout/" in Page(people["trustee"].get("/desk/"), "/desk/").links.values()


def test_no_address_on_a_page_runs_a_script(made, people):
    """Also where somebody typed one into whatever the address takes."""
    typed = "javascript:alert(1)"
    asked = "&".join(f"{name}={typed}" for name in ("q", "next", "from", "theme", "back", "page"))
    runs, seen = [], 0
    for _route, address, who, browser in let_in(made, people):
        answer = browser.get(f"{address}?{asked}", headers={"Referer": typed})
        if answer.streaming or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        for element in Page(answer, address).root.iter():
            for name in LEADS:
                where = (element.get(name) or "").strip()
                seen += bool(where)
                picture = where.startswith("data:image/") and (
                    element.tag == "img" or element.get("rel") == "icon"
                )
                if urlsplit(where).scheme.lower() not in SCHEMES and not picture:
                    runs.append(f"{address} ({who}): {element.tag} {name}={where[:60]}")
    assert not runs, "\n".join(runs)
    assert seen > 3000
