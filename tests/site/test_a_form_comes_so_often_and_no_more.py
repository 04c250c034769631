"""Whatever a stranger may send has a limit that holds over processes, and the page that says so is
kind. A form without a limit fails here, and hears what to write."""

import inspect
import itertools
import threading
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from doorstep.apps.limits.actions import QUARTER, count, mark_of
from doorstep.apps.limits.models import Count
from doorstep.apps.opendata import limiting
from doorstep.apps.people.actions import enrol_totp, give_role, open_account
from doorstep.engine.rulebook import rule
from doorstep.site.limiting import LIMITS, Elsewhere, Limit
from tests.apps.people.signing_in import TEST, sign_in
from tests.millbrook import ACTOR, place_with_money
from tests.site.test_routes import named_views

HERE = "192.0.2.9"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def most(key: str) -> int:
    return int(rule(key, timezone.localdate()).value)


def refuse_unlisted(name: str, view) -> None:
    open_to_all = getattr(view, "guarded", "") == "public"
    assert not open_to_all or getattr(view, "reads_only", False) or name in LIMITS, (
        f"Anybody may send a form to {name!r} ({view.__module__}.{view.__name__}), as often as "
        f'they like. Write a line in LIMITS of src/doorstep/site/limiting.py: "{name}": FORMS, or '
        "a limit of its own with a rule; or @public, when it is only for reading."
    )


@pytest.mark.parametrize(("name", "view"), named_views(), ids=[name for name, _ in named_views()])
def test_every_form_of_strangers_has_a_limit(name, view):
    refuse_unlisted(name, view)


def test_the_test_sees_a_forgotten_limit():
    def forgotten(request): ...

    forgotten.guarded = "public"
    with pytest.raises(AssertionError, match="Write a line in LIMITS"):
        refuse_unlisted("forgotten", forgotten)


@pytest.mark.parametrize(("name", "view"), named_views(), ids=[name for name, _ in named_views()])
def test_every_page_that_takes_files_has_a_limit(name, view):
    if "request.FILES" in inspect.getsource(inspect.unwrap(view)):
        assert name in LIMITS, (
            f"{name!r} takes files, as many as anybody sends. Write a line in LIMITS of "
            f'src/doorstep/site/limiting.py: "{name}": UPLOADS.'
        )


def test_the_list_names_what_there_is_and_rules_that_hold():
    assert set(LIMITS) <= {name for name, _view in named_views()}
    for held in LIMITS.values():
        for one in [held] if isinstance(held, Elsewhere) else held:
            assert most(one.rule) > 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "limit"),
    [
        (name, limit)
        for name, held in LIMITS.items()
        if not isinstance(held, Elsewhere)
        for limit in held
        if limit.per == "connection" and name in {"language", "account_login", "voting:leave"}
    ],
)
def test_one_too_many_is_told_when_to_come_again(client, name, limit: Limit):
    with time_machine.travel("2026-11-28T10:00:00+00:00", tick=False) as clock:
        key = f"limit.{limit.together or name}.connection.{mark_of(HERE)}"
        count(key, QUARTER, by=most(limit.rule) - 1)
        send = {"REMOTE_ADDR": HERE}
        assert client.post(reverse(name), {"next": "/"}, **send).status_code != 429
        refused = client.post(reverse(name), {"next": "/"}, **send)
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) == QUARTER
        assert "28 November 2026 at 10:15am" in refused.content.decode()
        assert client.post(reverse(name), {}, REMOTE_ADDR="192.0.2.10").status_code != 429
        clock.shift(QUARTER)
        assert client.post(reverse(name), {"next": "/"}, **send).status_code != 429


def test_forms_at_one_moment_are_taken_no_more_often_than_forms_in_turn(committed_db):
    limit, answers, ready = most("limit.forms"), [], threading.Barrier(24)
    count(f"limit.voting:leave.connection.{mark_of(HERE)}", QUARTER, by=limit - 10)

    def send() -> None:
        visitor = Client(REMOTE_ADDR=HERE)
        ready.wait(60)
        try:
            answers.append(visitor.post("/vote/leave/").status_code)
        finally:
            connection.close()

    connection.close()
    threads = [threading.Thread(target=send) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (answers.count(303), answers.count(429)) == (10, 14)


@pytest.mark.django_db
def test_what_was_typed_is_handed_back_and_secrets_are_not(client):
    count(f"limit.sign_in.connection.{mark_of(HERE)}", QUARTER, by=most("limit.sign_in"))
    sent = {"login": "ann@example.org", "code": "never-shown", "credential": "nor-this"}
    asked = {"REMOTE_ADDR": HERE, "HTTP_ORIGIN": "http://testserver"}
    text = client.post("/accounts/login/", sent, **asked).content.decode()
    assert "ann@example.org" in text
    assert "never-shown" not in text
    assert "nor-this" not in text
    asked["HTTP_ACCEPT_LANGUAGE"] = "cy"
    welsh = client.post("/accounts/login/", sent, **asked)
    assert welsh.status_code == 429
    assert 'lang="cy"' in welsh.content.decode()
    assert "Please wait" not in welsh.content.decode()


@pytest.mark.django_db
def test_one_address_is_not_asked_for_over_and_over_from_many_machines():
    answers = [
        Client(REMOTE_ADDR=f"192.0.2.{n}").post(
            "/accounts/login/code/", {"email": "Ann@example.org "}
        )
        for n in range(most("limit.sign_in_address") + 1)
    ]
    assert {answer.status_code for answer in answers[:-1]} <= {200, 302, 429}
    assert answers[-1].status_code == 429
    assert "this address" in answers[-1].content.decode()
    assert not Count.objects.filter(key__icontains="ann@")


@pytest.mark.django_db
def test_numbers_of_an_app_are_counted_for_the_account_wherever_they_are_typed(client):
    account = open_account("ann@example.org", actor=TEST)
    enrol_totp(account, SECRET, actor=TEST)
    sign_in(client, account)
    count(f"limit.second_step.{account.pk}", QUARTER, by=most("limit.codes_entered"))
    refused = client.post("/accounts/2fa/reauthenticate/", {"code": "000000"})
    assert refused.status_code == 429
    assert "tried for your account" in refused.content.decode()


@pytest.mark.django_db
def test_files_are_counted_for_the_account(client):
    place = place_with_money()
    account = open_account("ann@example.org", actor=TEST)
    give_role(account, "finance_officer", place=place, since=date(2020, 1, 1), actor=ACTOR)
    sign_in(client, account)
    count(f"limit.uploads.account.{account.pk}", QUARTER, by=most("limit.uploads"))
    refused = client.post(reverse("bank-account", args=["no-such-account"]))
    assert refused.status_code == 429
    assert "your account" in refused.content.decode()


@pytest.mark.django_db
def test_the_read_api_asks_for_patience_in_its_own_words(client):
    count(f"limit.api.{mark_of(HERE)}", QUARTER, by=most("limit.api") + 1)
    # With a cookie of a session, so that no kept page answers in its place.
    refused = client.get("/api/v1/places", REMOTE_ADDR=HERE, HTTP_COOKIE="doorstep=x")
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert 0 < int(refused["Retry-After"]) <= QUARTER
    assert refused.json()["status"] == 429
    assert client.get("/api/v1/places", REMOTE_ADDR="192.0.2.10").status_code == 200
    assert (
        "429"
        in client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/places"]["get"]["responses"]
    )


@pytest.mark.django_db
def test_one_question_in_twenty_is_counted_for_twenty_so_that_reading_hardly_writes(
    client, monkeypatch
):
    turns = itertools.cycle([True] + [False] * 19)
    monkeypatch.setattr(limiting, "falls_due", lambda: next(turns))
    for _ in range(40):
        client.get("/api/v1/places", REMOTE_ADDR=HERE, HTTP_COOKIE="doorstep=x")
    assert Count.objects.get(key__startswith="limit.api").times == 40
