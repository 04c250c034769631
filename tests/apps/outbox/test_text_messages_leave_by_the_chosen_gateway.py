"""Console, files and a service that speaks GOV.UK Notify's API, run here on loopback."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured

from doorstep.apps.outbox.actions import tell
from doorstep.apps.outbox.gateways import Notify, NotSent, sms_gateway
from doorstep.apps.outbox.models import Message
from doorstep.apps.outbox.rules import LONGEST_SMS
from doorstep.apps.outbox.sending import Words, as_sms, deliver_due

SERVICE, SECRET = "11111111-2222-3333-4444-555555555555", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
MORNING = datetime(2026, 11, 2, 11, tzinfo=UTC)
KEY = f"doorstep-{SERVICE}-{SECRET}"


@pytest.fixture
def notify() -> Iterator[HTTPServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.asked.append((self.path, dict(self.headers), json.loads(body)))
            self.send_response(self.server.answer)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *arguments: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.answer = [], 201
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def through_notify(notify, settings) -> HTTPServer:
    settings.SMS_GATEWAY = "notify"
    settings.NOTIFY_URL = f"http://127.0.0.1:{notify.server_port}"
    settings.NOTIFY_KEY, settings.NOTIFY_TEMPLATE = KEY, "template-1"
    return notify


def told() -> None:
    tell(
        "07700 900123", subject="Your code", text="It is ABCD.", topic="code", key="1", at_once=True
    )


@pytest.mark.django_db
def test_notify_is_asked_with_a_token_that_our_secret_signed(through_notify):
    told()
    assert deliver_due() == 1
    [(path, headers, asked)] = through_notify.asked
    assert path == "/v2/notifications/sms"
    assert asked["phone_number"] == "+447700900123"
    assert asked["template_id"] == "template-1"
    assert asked["personalisation"] == {"text": "It is ABCD."}
    assert asked["reference"].startswith("doorstep-")
    said, _, signed = headers["Authorization"].removeprefix("Bearer ").rpartition(".")
    expected = hmac.digest(SECRET.encode(), said.encode(), hashlib.sha256)
    assert base64.urlsafe_b64decode(signed + "=") == expected
    claims = said.split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["iss"] == SERVICE
    assert Message.objects.get().state == Message.State.SENT


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        (400, "failed", "refused"),
        (403, "queued", "gateway"),
        (429, "queued", "unreachable"),
        (500, "queued", "unreachable"),
        (302, "queued", "unreachable"),
    ],
)
def test_what_notify_answers_decides_whether_it_is_tried_again(
    through_notify, answer, state, reason
):
    through_notify.answer = answer
    told()
    deliver_due()
    message = Message.objects.get()
    assert (message.state, message.reason) == (state, reason)
    assert len(through_notify.asked) == 1, "a redirect was followed"


def test_a_closed_port_is_unreachable():
    with pytest.raises(NotSent) as said:
        Notify("http://127.0.0.1:1", KEY, "t").send("+447700900123", "text", "1")
    assert (said.value.reason, said.value.for_good) == ("unreachable", False)


@pytest.mark.parametrize(
    ("url", "key", "template"),
    [("http://example.org", KEY, "t"), ("https://x", "short", "t"), ("https://x", KEY, "")],
)
def test_settings_that_cannot_work_are_refused(url, key, template):
    with pytest.raises(ImproperlyConfigured):
        Notify(url, key, template)


@pytest.mark.django_db
def test_files_hold_what_would_have_been_sent(settings, tmp_path):
    settings.SMS_GATEWAY, settings.DATA = "file", tmp_path
    told()
    deliver_due()
    [written] = Path(tmp_path, "sms").iterdir()
    assert written.read_text() == "+447700900123\n\nIt is ABCD.\n"


@pytest.mark.django_db
def test_the_console_prints_it(settings, capsys):
    settings.SMS_GATEWAY = "console"
    sms_gateway().send("+447700900123", "It is ABCD.", "1")
    assert "It is ABCD." in capsys.readouterr().err


@pytest.mark.parametrize("count", [1, 2, 30])
@pytest.mark.parametrize("length", [10, 200, 5000])
def test_a_text_message_is_never_longer_than_four_parts(count, length):
    said = [Words(f"Subject {n}", "x" * length, f"/rounds/{n}/") for n in range(count)]
    text, told = as_sms(said, digest=True, away="https://fund.example.org/messages/end/abc/")
    assert len(text) <= LONGEST_SMS
    assert text.endswith("/messages/end/abc/")
    assert [f"/rounds/{n}/" in text for n in range(count)] == [n < told for n in range(count)]
    assert told >= 1


@pytest.mark.django_db
def test_what_a_text_has_no_room_for_comes_in_the_next(settings, tmp_path):
    settings.SMS_GATEWAY, settings.DATA = "file", tmp_path
    with time_machine.travel(MORNING, tick=False):
        for number in range(30):
            tell(
                "07700 900123",
                subject=f"Subject {number}",
                text="x" * 200,
                link=f"/rounds/{number}/",
                topic="news",
                key=f"news-{number}",
            )
    texts = []
    for day in range(1, 31):
        with time_machine.travel(MORNING + timedelta(days=day), tick=False):
            deliver_due()
        if len(texts) == len(list(Path(tmp_path, "sms").iterdir())):
            break
        texts = [one.read_text() for one in Path(tmp_path, "sms").iterdir()]
    assert 1 < len(texts) < 30
    for number in range(30):
        assert sum(f"/rounds/{number}/" in text for text in texts) == 1
    assert set(Message.objects.values_list("state", "tries")) == {(Message.State.SENT, 1)}
