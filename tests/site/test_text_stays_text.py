"""Text from people is plain text. Every form of every page is filled with what would be markup, a
script, a template, SQL or a header elsewhere; and on every page it stands as it was typed."""

import html
import socket
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
from django.http import HttpResponse

from tests.pages import Page
from tests.site.estate import Estate
from tests.site.test_nobody_reaches_into_another_place import (
    CLIENTS,
    ROUTES,
    clients,
    made,
    samples_for,
)

__all__ = ["clients", "made"]  # fixtures of this file too

MARK = "zqx"
HOSTILE = (
    f"{MARK}\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
    "<svg/onload=alert(3)>{{7*7}}{% debug %}${7*7}%(pk)s%s{0.__class__}"
    "'; DROP TABLE people_account; -- http://203.0.113.9/a"
)
TYPED_INTO = {"text", "search", "email", "tel", "url", ""}
SIGNS_OUT = {"/accounts/logout/", "/desk/mine/erase/", "/desk/mine/elsewhere/"}
pytestmark = pytest.mark.django_db


def readers(made: Estate) -> Iterator[tuple[str, str]]:
    """Each address that can be filled, with somebody who may open it."""
    for route in ROUTES:
        who = f"home {min(route.kinds)}" if route.kinds else "home partnership_member"
        if route.guard == "public" and not route.address.startswith("accounts/"):
            who = "stranger"
        yield route.filled(samples_for(route, made)), who


def pages_of(made: Estate) -> Iterator[tuple[str, str, Page]]:
    for address, who in readers(made):
        answer = CLIENTS[who].get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            yield address, who, Page(answer, address)


def filled(form: Element) -> tuple[dict[str, str], bool]:
    """What is sent: hostile words in every box that takes words; and whether there is one."""
    sent, typed = {}, False
    for box in form.iter():
        name, kind = box.get("name"), box.get("type", "text")
        if not name or box.tag not in {"input", "textarea", "select", "button"}:
            continue
        if box.tag == "textarea" or (box.tag == "input" and kind in TYPED_INTO):
            sent[name], typed = HOSTILE, True
        elif box.tag == "select":
            options = [one.get("value", "") for one in box.iter() if one.tag == "option"]
            sent[name] = next((one for one in options if one), "")
        elif kind == "checkbox":
            sent[name] = box.get("value", "on")
        elif kind != "file":
            sent.setdefault(name, box.get("value", ""))
    return sent, typed


def faults_of(answer: HttpResponse, address: str) -> list[str]:
    """Where something that was typed has become more than text."""
    if answer.streaming or not answer.get("Content-Type", "").startswith("text/html"):
        return []
    said = answer.content.decode()
    read = Page(answer, address)
    found = [
        f"{address}: {e.tag} runs {e.attrib}" for e in read.root.iter() if "onerror" in e.attrib
    ]
    found += [f"{address}: onload" for e in read.root.iter() if "onload" in e.attrib]
    found += [f"{address}: a script" for e in read.all("script") if (e.text or "") == "alert(1)"]
    if f"{MARK}\"'><script>" in said:
        found.append(f"{address}: it stands unescaped")
    read_back = html.unescape(said).replace("\\u007B", "{")
    if MARK in said and "{{7*7}}" not in read_back:
        found.append(f"{address}: a template ran")
    if MARK in said and "%(pk)s%s{0.__class__}" not in read_back:
        found.append(f"{address}: it was used as a format")
    return found


@pytest.fixture
def asked_outside(monkeypatch) -> list[object]:
    """Every address that the server begins to ask, none of which it reaches."""
    asked: list[object] = []

    def note(self: socket.socket, address: object) -> None:
        asked.append(address)
        raise OSError("a test asks nobody")

    monkeypatch.setattr(socket.socket, "connect", note)
    return asked


def test_whatever_is_typed_into_any_form_stands_as_text_on_every_page(made, clients, asked_outside):
    found, forms, shown = [], 0, 0
    for address, who, page in list(pages_of(made)):
        for form in page.all("form"):
            target = form.get("action") or address
            sent, typed = filled(form)
            if not typed or target in SIGNS_OUT:
                continue
            forms += 1
            posts = form.get("method", "get").lower() == "post"
            answer = (CLIENTS[who].post if posts else CLIENTS[who].get)(target, sent)
            if answer.status_code >= 500:
                found.append(f"{target} broke: {answer.status_code}")
            found += faults_of(answer, target)
    for address, who in readers(made):
        answer = CLIENTS[who].get(address)
        found += faults_of(answer, address)
        shown += not answer.streaming and MARK.encode() in answer.content
    assert not found, "\n".join(found)
    assert asked_outside == [], "an address that was typed was asked for"
    assert forms > 25
    assert shown > 3, "nothing that was typed came through: the test looks at nothing"
