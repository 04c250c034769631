"""A long answer counts as many questions, so that nobody streams the whole record over and over."""

import json

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils import timezone

from doorstep.apps.limits.actions import QUARTER, count, counted, mark_of
from doorstep.apps.opendata import limiting
from doorstep.apps.opendata.limiting import BETWEEN, LONG, STEP, charged
from doorstep.engine.rulebook import rule
from tests.millbrook import closed, place_with_money

HERE, THERE = "192.0.2.9", "192.0.2.10"
KEY = f"limit.api.{mark_of(HERE)}"
LEAVES = "/api/v1/leaves.csv"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uncounted")]


@pytest.fixture
def asked():
    return RequestFactory(REMOTE_ADDR=HERE).get(LEAVES)


def most() -> int:
    return int(rule("limit.api", timezone.localdate()).value)


def in_pieces(size: int, piece: int) -> StreamingHttpResponse:
    return StreamingHttpResponse(b"x" * piece for _ in range(size // piece))


@pytest.mark.parametrize(("size", "times"), [(0, 0), (99_999, 0), (100_000, 1), (250_000, 2)])
def test_an_answer_made_whole_counts_for_its_length(asked, size, times):
    answer = charged(asked, HttpResponse(b"x" * size))
    assert len(answer.content) == size
    assert counted(KEY) == times * STEP


@pytest.mark.parametrize("piece", [50, 1_000, 64_000, 250_000, 5_000_000])
def test_a_file_sent_as_it_is_read_counts_for_its_length(asked, piece):
    answer = charged(asked, in_pieces(5_000_000, piece))
    sent = len(b"".join(answer.streaming_content))
    assert sent == 5_000_000 // piece * piece
    assert counted(KEY) == sent // LONG * STEP


def test_what_was_broken_off_counts_for_what_was_read(asked):
    answer = charged(asked, in_pieces(50_000_000, 50_000))
    reading = iter(answer.streaming_content)
    for _ in range(30):
        next(reading)
    assert counted(KEY) == BETWEEN // LONG * STEP  # a write now and then, and not at each piece
    request_finished.disconnect(close_old_connections)  # which would take the test's database
    try:
        answer.close()
    finally:
        request_finished.connect(close_old_connections)
    assert counted(KEY) == 15 * STEP


def test_a_whole_list_read_over_and_over_is_told_to_wait_and_others_are_not(client, monkeypatch):
    closed(place_with_money())
    monkeypatch.setattr("doorstep.apps.opendata.listing.PIECE", 3)
    monkeypatch.setattr(limiting, "LONG", 1_000)
    monkeypatch.setattr(limiting, "BETWEEN", 2_000)
    count(KEY, QUARTER, by=most() - 50)
    answers = []
    for _ in range(4):
        answer = client.get(LEAVES, REMOTE_ADDR=HERE)
        answers.append((answer.status_code, b"".join(answer)))
    (first, whole), *others = answers
    assert first == 200
    assert len(whole) > 4_000
    assert whole == b"".join(client.get(LEAVES, REMOTE_ADDR=THERE))  # sent to its end
    assert [status for status, _body in others] == [429, 429, 429]
    told = json.loads(others[0][1])
    assert "Ask again in" in told["detail"]


def test_the_description_says_what_counts(client):
    told = client.get("/api/v1/openapi.json").json()["info"]["description"]
    assert "limit.api" in told
    assert f"{STEP} more for each 100,000 bytes" in told
