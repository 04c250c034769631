"""A fault of ours reaches the operator's log, without anything that the visitor typed."""

import logging
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from doorstep.site.logs import Plain

ROOT = Path(__file__).resolve().parents[2]
VISIT = """
import logging, sys
import django
django.setup()
from django.test import Client, override_settings
from django.test.utils import setup_test_environment
setup_test_environment()
from doorstep.site.server import prepare_static
prepare_static()
with override_settings(ROOT_URLCONF="tests.site.test_wrong_turns_lose_nothing"):
    visitor = Client(raise_request_exception=False)
    for address in sys.argv[1:]:
        print(visitor.get(address).status_code)
logging.getLogger("doorstep.site.anything").warning("a warning of ours")
logging.getLogger("somebody.else").warning("a warning of theirs")
logging.getLogger("somebody.else").error("an error of theirs")
"""


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """What a server with a fault wrote to its error stream, while it answered three visits."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "doorstep.site.settings",
        "DOORSTEP_DATA": str(tmp_path_factory.mktemp("data")),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    environment.pop("DOORSTEP_DATABASE_URL", None)
    visits = ("/t/breaks/?q=Mill+Lane", "/no/such/page/", "/t/forbids/")
    done = subprocess.run(
        [sys.executable, "-c", VISIT, *visits],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.split()[-3:] == ["500", "404", "403"]
    return done.stderr


def test_a_fault_is_written_with_its_path_and_its_trace(logged):
    assert "ERROR django.request: Internal Server Error: /t/breaks/\n" in logged
    assert "RuntimeError: a fault of ours" in logged
    assert "test_wrong_turns_lose_nothing.py" in logged


def test_it_is_written_once(logged):
    assert logged.count("Internal Server Error") == 1


def test_what_was_typed_is_not_written(logged):
    assert "Mill" not in logged
    assert "q=" not in logged


def test_only_faults_and_our_own_warnings_are_written(logged):
    assert "WARNING doorstep.site.anything: a warning of ours" in logged
    assert "an error of theirs" in logged
    assert "a warning of theirs" not in logged
    assert "/no/such/page/" not in logged
    assert "/t/forbids/" not in logged


def test_a_refused_row_is_not_repeated():
    said = (
        'duplicate key value violates unique constraint "account_email_once_in_any_case"\n'
        "DETAIL:  Key (lower(email))=(ann@example.org) already exists.\n"
    )
    try:
        raise ValueError(said)
    except ValueError as fault:
        written = Plain().formatException((ValueError, fault, fault.__traceback__))
    assert "account_email_once_in_any_case" in written
    assert "ann@example.org" not in written.partition("ValueError: ")[2]


FORGED = "2026-06-01T12:00:00.000Z ERROR django.request: Internal Server Error: /forged/"
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def lines_of(message: str, fault: Exception | None = None) -> list[str]:
    """What is written of one event, by whatever a reader takes for a line."""
    told = (type(fault), fault, fault.__traceback__) if fault else None
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s", (message,), told)
    return re.split(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", Plain(FORMAT).format(record))


@given(st.text())
@example(f"/a\n{FORGED}")
@example(f"/a\r{FORGED}")
@example(f"/a\r\n{FORGED}")
@example(f"/a\u2028{FORGED}\x85{FORGED}\x0b{FORGED}")
@example("\x1b[2K\x1b[1A\x08\x00")
def test_whatever_was_typed_is_one_line_and_moves_no_cursor(typed):
    [line] = lines_of(typed)
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.\d{3}Z ERROR django.request: ", line)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line)


@given(st.text())
@example(f"typed\n{FORGED}")
@example(f"typed\r\n{FORGED}\x85{FORGED}")
def test_what_was_typed_and_stands_in_a_fault_begins_no_line(typed):
    first, *others = lines_of("Internal Server Error: /a/", ValueError(typed))
    assert first.endswith("Internal Server Error: /a/")
    assert others
    assert all(line.startswith("  ") for line in others)


def test_times_are_in_utc_whatever_the_hour_of_the_server(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        record = logging.LogRecord("a", logging.ERROR, "", 0, "b", (), None)
        record.created, record.msecs = 1_782_907_200.25, 250.0
        assert Plain(FORMAT).format(record) == "2026-07-01T12:00:00.250Z ERROR a: b"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.django_db
def test_a_forged_form_is_written(caplog):
    strict = Client(enforce_csrf_checks=True)
    evil = {"Origin": "https://evil.example"}
    assert strict.post("/accounts/login/", {"login": "ann@x.org"}, headers=evil).status_code == 403
    assert "A form was not accepted at /accounts/login/" in caplog.text
    assert "ann@x.org" not in caplog.text
    assert logging.getLogger("doorstep.site.errors").isEnabledFor(logging.WARNING)
