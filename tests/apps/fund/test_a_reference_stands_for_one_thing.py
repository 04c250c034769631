"""A reference sent again answers with what it first did, on any day, and with nothing else."""

from datetime import date

import pytest
from typer.testing import CliRunner

from doorstep.apps.fund.models import Allocation, Arrival
from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.queries import balances
from doorstep.cli import app
from tests.millbrook import place_with_money

pytestmark = pytest.mark.django_db
RECEIVE = [
    "receive", "fund-of-millbrook-east", "bank", "100", "--giver", "A bank", "--reference", "r",
]  # fmt: skip
MATCH = [
    "receive", "fund-of-millbrook-east", "match", "100", "--giver", "A trust", "--reference", "r",
]  # fmt: skip
ALLOCATE = [
    "allocate", "fund-of-millbrook-east", "millbrook-east", "100", "--begins", "2026-04-01",
    "--ends", "2036-03-31", "--reference", "r",
]  # fmt: skip
PRETEND = ["example-budget", "millbrook-east", "100", "--reference", "r"]


@pytest.fixture(autouse=True)
def place():
    return place_with_money()


@pytest.fixture
def today(monkeypatch):
    """Set the day: today(date)."""

    def is_(day: date) -> None:
        monkeypatch.setattr("doorstep.apps.fund.actions.money.timezone.localdate", lambda: day)

    return is_


def said(words: list[str]) -> str:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def refused(words: list[str]) -> str:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2, done.output
    return done.stderr


@pytest.mark.parametrize("words", [RECEIVE, MATCH, ALLOCATE, PRETEND], ids=lambda words: words[0])
def test_the_same_command_on_the_next_day_is_the_same_request(words, today):
    today(date(2026, 6, 1))
    first = said(words)
    entries = Journal.objects.count()
    today(date(2026, 6, 2))
    assert said(words) == first
    assert Journal.objects.count() == entries
    assert Journal.objects.latest("pk").effective_on == date(2026, 6, 1)


def test_a_new_entry_without_a_day_is_of_today(today):
    today(date(2026, 6, 1))
    said(RECEIVE)
    assert Arrival.objects.latest("pk").arrived_on == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("words", "before", "after"),
    [
        (RECEIVE, "A bank", "Another bank"),
        (RECEIVE, "100", "200"),
        (RECEIVE, "bank", "insurance"),
        (RECEIVE, "bank", "match"),
        (MATCH, "A trust", "Another trust"),
        (ALLOCATE, "100", "200"),
        (ALLOCATE, "2026-04-01", "2026-05-01"),
        (ALLOCATE, "2036-03-31", "2037-03-31"),
        (PRETEND, "100", "200"),
    ],
)
def test_something_else_under_the_same_reference_is_refused(words, before, after):
    said(words)
    entries, shares = Journal.objects.count(), Allocation.objects.count()
    other = [after if word == before else word for word in words]
    assert "used already" in refused(other)
    assert (Journal.objects.count(), Allocation.objects.count()) == (entries, shares)


def test_another_day_that_is_said_is_another_request():
    said([*RECEIVE, "--on", "2026-06-01"])
    assert "used already" in refused([*RECEIVE, "--on", "2026-06-02"])
    assert said([*RECEIVE, "--on", "2026-06-01"]) == said(RECEIVE)


def test_two_references_are_two_example_budgets():
    said(PRETEND)
    said([*PRETEND[:-1], "another"])
    assert balances(["example:millbrook-east:available"]) == {
        "example:millbrook-east:available": 20_000
    }


@pytest.mark.parametrize("giver", ["", "   ", "x" * 121])
def test_money_says_who_gave_it(giver):
    words = [giver if word == "A bank" else word for word in RECEIVE]
    assert "Say who gave this money" in refused(words)
