"""A desk is one statement for what all rooms ask rows for, and a few more: twelve at most. So is
every page that one can walk to from it, reports apart."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from doorstep.apps.people.models import Account
from doorstep.site.demo.load import load
from tests.apps.people.signing_in import sign_in

MOST = 12
# Reports, by the name of their address: how many statements each takes at most, and why.
REPORTS = {
    "mine": (75, "all that is held about one person: it asks every room"),
    "evidence": (18, "the questions of an evaluation, over all places and rooms, for everybody"),
    "assurance": (20, "a pack for an auditor, from every room"),
    "assurance-year": (20, "a pack for an auditor, from every room"),
    "passport-read": (19, "it writes into the record that it was opened, before it shows it"),
    "award": (13, "the whole thread of one sum, for everybody: from its decision to its result"),
    "home": (13, "the first page, for everybody, and two statements for whoever is signed in"),
}
PEOPLE = (
    "secretary@millbrook.example",
    "worker@millbrook.example",
    "finance@alderdale-cvs.example",
    "officer@alderdale.example",
    "programme@fund.example",
    "treasurer@st-annes-hall.example",
)
# So many pages of each address for each person; of a public one, for all of them together.
ALIKE = 2


@pytest.mark.django_db
def test_no_page_that_a_desk_leads_to_takes_more_than_twelve_statements() -> None:
    load()
    for account in Account.objects.filter(email__endswith=".example"):
        client = Client()
        client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
        client.get("/desk/")  # the connection's own first statements are no part of a page
        with CaptureQueriesContext(connection) as statements:
            page = client.get("/desk/")
        assert page.status_code == 200
        assert "Where you work" in page.content.decode()
        assert len(statements) <= MOST, account.email
    public, met = Counter[str](), set[str]()
    too_many = [told for email in PEOPLE for told in _too_many(email, public, met)]
    assert not too_many, "\n\n".join(too_many)
    assert set(REPORTS) <= met, "a report that nobody is led to any more"


def _too_many(email: str, public: Counter[str], met: set[str]) -> Iterator[str]:
    """Each page that somebody walks to from their desk and that takes too many statements."""
    client, visited = Client(), Counter[str]()
    sign_in(client, Account.objects.get(email=email))
    waiting, known = ["/desk/"], {"/desk/"}
    while waiting:
        address = waiting.pop(0)
        found = resolve(address)
        counted = public if getattr(found.func, "guarded", "") == "public" else visited
        if counted[found.route] == ALIKE:
            continue
        counted[found.route] += 1
        met.add(found.view_name)
        links, statements = _read(client, address)
        most, _why = REPORTS.get(found.view_name, (MOST, ""))
        if len(statements) > most and len(_read(client, address)[1]) > most:
            yield "\n".join(
                [f"{address} ({found.view_name}) for {email}: {len(statements)}", *statements]
            )
        waiting += [one for one in links if one not in known]
        known.update(links)


def _read(client: Client, address: str) -> tuple[list[str], list[str]]:
    """The pages that a page leads to, and its statements by shape."""
    with CaptureQueriesContext(connection) as statements:
        page = client.get(address)
    assert page.status_code < 500, address
    if page.status_code != 200 or "html" not in page["Content-Type"]:
        return [], []
    links = re.findall(r'href="(/[^"#?]*)["#]', page.content.decode())
    elsewhere = ("/static/", "/record/", "/accounts/", "/api")
    shapes = [re.sub(r"SELECT .*? FROM", "FROM", one["sql"])[:120] for one in statements]
    return [one for one in dict.fromkeys(links) if not one.startswith(elsewhere)], shapes
