"""32 phones with one code tap at one moment, through the server that serves the site (T8): one vote
counts, and whoever comes after the paper hears so, with the way to what they had cast."""

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from waitress.server import create_server

from doorstep.apps.voting import box
from doorstep.apps.voting.actions.casting import spend_on_paper
from doorstep.apps.voting.models import Claim, Envelope
from tests.apps.ledger.test_at_the_same_moment import WRITERS, at_once
from tests.apps.voting.polling import DURING, running
from tests.millbrook import ACTOR

TRACKER = re.compile(r'class="code-big">([^<]+)<')
SHOWN = re.compile(r"Your vote counts: 1 idea, version \d+\.|Version \d+ counts, as it was\.")


class Phone:
    """A browser of its own: it keeps cookies, and sends the forms of the pages it was shown."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, SimpleCookie()
        self.page, self.status = "", 0

    def ask(self, path: str, form: dict[str, str] | None = None) -> None:
        sent = {"Cookie": "; ".join(f"{one.key}={one.value}" for one in self.cookies.values())}
        if form is not None:
            sent |= {"Content-Type": "application/x-www-form-urlencoded"}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = None if form is None else urlencode(form)
        line.request("GET" if form is None else "POST", path, body, sent)
        answer = line.getresponse()
        self.status, self.page = answer.status, answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(header)
        line.close()

    def begin(self, code: str) -> None:
        self.ask(f"/v/{code}")
        assert self.status == 303, self.page
        self.ask("/vote/ballot/")
        assert self.status == 200

    def tap(self, idea: int) -> None:
        fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', self.page)
        for _again in range(10):
            self.ask("/vote/ballot/", dict(fields) | {"add": str(idea)})
            if self.status != 503:  # so many vote that this tap was not kept: tap again
                return


@contextmanager
def served() -> Iterator[int]:
    """The site by the server that `doorstep serve` uses, in threads of this process."""
    # Else each of its threads would keep a connection of its own when it ends.
    with patch.dict(connection.settings_dict, CONN_MAX_AGE=0):
        yield from _serving()


def _serving() -> Iterator[int]:
    server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=8)
    loop = threading.Thread(target=server.run, daemon=True)
    loop.start()
    try:
        yield server.effective_port
    finally:
        server.close()
        loop.join(30)
        server.task_dispatcher.shutdown()


@pytest.fixture
def polling(committed_db):
    polling = running(cards=1)
    connection.close()
    yield polling
    connections.close_all()


def test_one_code_on_32_phones_is_one_vote_and_the_paper_ends_it(polling):
    code = polling.codes[0]
    with time_machine.travel(DURING, tick=True), served() as port:
        phones = [Phone(port) for _number in range(WRITERS)]
        for phone in phones:
            phone.begin(code.printed)

        def tapped(number: int) -> int:
            phones[number].tap(0)
            return phones[number].status

        assert at_once(tapped) == {200: WRITERS}
        # Each was cast; whose page came after another's cast says that this one counts by now.
        assert all(SHOWN.search(phone.page) for phone in phones)
        assert any(f"version {WRITERS}." in phone.page for phone in phones)
        versions = Envelope.objects.order_by("version").values_list("version", flat=True)
        assert list(versions) == list(range(1, WRITERS + 1))
        assert (Claim.objects.count(), box.how_many_count(polling.round)) == (1, 1)
        connection.close()

        def tapped_or_on_paper(number: int) -> int:
            if number == 0:
                spend_on_paper(polling.round, code.printed, actor=ACTOR)
                return 0
            phones[number].tap(1)
            return phones[number].status

        told = at_once(tapped_or_on_paper)
        assert told[0] == 1
        assert told[200] + told[409] == WRITERS - 1
        for phone in phones[1:]:
            if phone.status == 200:
                phone.tap(2)
            assert phone.status == 409, "the paper is the vote"
            assert "used on paper, and that is the vote that counts" in phone.page
            assert TRACKER.search(phone.page), "the way to what this phone had cast"
    assert Envelope.objects.count() == WRITERS + told[200]
    assert Claim.objects.get().channel == "paper"
    assert box.how_many_count(polling.round) == 0
