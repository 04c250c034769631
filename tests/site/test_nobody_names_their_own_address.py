"""Every count of tries rests on where a request comes from. A stranger cannot say that; behind a
proxy, the proxy alone does, in the last place of the header that it writes."""

import json

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from waitress.server import create_server

from doorstep.apps.limits.actions import QUARTER, count, mark_of
from doorstep.apps.limits.connections import UNKNOWN, connection_of
from doorstep.engine.rulebook import rule
from doorstep.site.server import believing
from tests.site.test_production_is_locked_down import run

HERE, ELSEWHERE, PROXY = "192.0.2.9", "203.0.113.77", "127.0.0.1"
HEADERS = (
    "X-Forwarded-For",
    "Forwarded",
    "X-Real-IP",
    "X-Client-IP",
    "X-Cluster-Client-IP",
    "X-Original-Forwarded-For",
    "Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "Fastly-Client-IP",
    "X-Remote-Addr",
    "Remote-Addr",
    "Via",
)


def seen(address: str, **headers: str) -> str:
    return connection_of(RequestFactory(REMOTE_ADDR=address).get("/", headers=headers))


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("said", [ELSEWHERE, f"for={ELSEWHERE}", f"{ELSEWHERE}, 198.51.100.3"])
def test_no_header_of_a_stranger_says_where_they_are(header, said):
    assert seen(HERE, **{header: said}) == HERE


@pytest.mark.django_db
@pytest.mark.parametrize("header", HEADERS)
def test_whoever_changes_their_headers_at_each_try_is_counted_all_the_same(client, header):
    most = int(rule("limit.forms", timezone.localdate()).value)
    count(f"limit.voting:leave.connection.{mark_of(HERE)}", QUARTER, by=most - 1)
    told = [
        client.post(
            reverse("voting:leave"), REMOTE_ADDR=HERE, headers={header: f"203.0.113.{last}"}
        ).status_code
        for last in (1, 2)
    ]
    assert told == [303, 429]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        (HERE, HERE),
        (f"{ELSEWHERE}, {HERE}", HERE),  # the visitor wrote the first, the proxy added the last
        (f"{ELSEWHERE},{ELSEWHERE}, {HERE}:4711", HERE),
        ("2001:db8::9", "2001:db8::9"),
        ("", PROXY),
        (f"{HERE}, nonsense", UNKNOWN),  # all such are of one connection
        ("' OR 1=1 --", UNKNOWN),
    ],
)
def test_behind_a_proxy_what_the_proxy_added_counts_and_nothing_before_it(settings, said, where):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert seen(PROXY, **{"X-Forwarded-For": said}) == where


@pytest.mark.parametrize("header", [one for one in HEADERS if one != "X-Forwarded-For"])
def test_behind_a_proxy_no_other_header_counts(settings, header):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert seen(PROXY, **{header: ELSEWHERE, "X-Forwarded-For": HERE}) == HERE


ASK = """
import django, json
django.setup()
from django.test import RequestFactory
from doorstep.apps.limits.connections import connection_of
said = {"X-Forwarded-For": "203.0.113.77", "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example", "X-Forwarded-Port": "99"}
asked = RequestFactory(REMOTE_ADDR="192.0.2.9", HTTP_HOST="fund.example.org").get("/", headers=said)
print(json.dumps([connection_of(asked), asked.is_secure(), asked.get_host()]))
"""


@pytest.mark.parametrize(
    ("behind", "believed"),
    [
        ("", [HERE, False, "fund.example.org"]),
        ("no", [HERE, False, "fund.example.org"]),
        ("yes", [ELSEWHERE, True, "fund.example.org"]),
        (
            "127.0.0.1",
            [ELSEWHERE, True, "fund.example.org"],
        ),  # the server looks who asks
    ],
)
def test_a_proxy_is_believed_where_the_operator_says_that_there_is_one(tmp_path, behind, believed):
    done = run(tmp_path, "-c", ASK, DOORSTEP_BEHIND_PROXY=behind)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == believed


def test_what_is_neither_yes_nor_an_address_is_refused_at_the_start(tmp_path):
    done = run(tmp_path, "-c", ASK, DOORSTEP_BEHIND_PROXY="nginx")
    assert done.returncode != 0
    assert "write no, yes, or the proxy's address" in done.stderr


def echo(environ, start_response):
    said = [environ.get(name, "") for name in ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR")]
    return [*said, environ["wsgi.url_scheme"]]


def asked_of(proxy: str, address: str) -> list[str]:
    """What reaches the site through a server that believes `proxy`, of somebody at `address` who
    says what a proxy would."""
    server = create_server(echo, host="127.0.0.1", port=0, **believing(proxy))
    said = {"X-Forwarded-For": ELSEWHERE, "X-Forwarded-Proto": "https"}
    asked = RequestFactory(REMOTE_ADDR=address).get("/", headers=said).environ
    try:
        return server.application(asked, None)
    finally:
        server.close()


NEIGHBOUR = "127.0.0.2"  # on the same network as the proxy


def test_of_a_named_proxy_alone_the_word_is_taken():
    assert asked_of(PROXY, PROXY) == [ELSEWHERE, ELSEWHERE, "https"]
    assert asked_of(PROXY, NEIGHBOUR) == [NEIGHBOUR, "", "http"]


def test_without_a_proxy_nobodys_word_is_taken_and_with_yes_everybodys():
    assert asked_of("", PROXY) == [PROXY, "", "http"]
    assert asked_of("*", NEIGHBOUR) == [NEIGHBOUR, ELSEWHERE, "http"]  # Django reads the headers
