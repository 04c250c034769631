"""A fault of ours reaches the operator's log, without anything that the visitor typed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
