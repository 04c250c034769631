"""Loading the site is enough: Welsh is there, desks have their sources, sign-in is heard."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import doorstep
from doorstep.site.environment import kept_secret
from tests.site.test_the_server_stays_up import free_port

ASK = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "doorstep.site.settings"
import django
django.setup()
from allauth.mfa.signals import authenticator_added
from django.utils import translation
from doorstep.site.words import counted
with translation.override("cy"):
    print(counted(2, "years"))
print(sum("has_just_shown_a_code" in str(r[1]) for r in authenticator_added.receivers))
from doorstep.apps.people import desk
print(sum(name.startswith("doorstep.site.desk.") for name in desk._tellers))
"""


def test_a_fresh_install_speaks_welsh_and_listens(tmp_path):
    source = Path(doorstep.__file__).parents[1]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(source)}
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        env=environment | {"DOORSTEP_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    years, receivers, desks = asked.stdout.split("\n")[:3]
    assert years == "2 flynedd"
    assert int(receivers) >= 1
    assert int(desks) >= 1


def doorstep_says(data: Path, *words: str, within: float | None = None) -> tuple[int, str, str]:
    """Exit code, output and errors of a command on a data folder; stopped in the end."""
    source = Path(doorstep.__file__).parents[1]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(source)}
    process = subprocess.Popen(
        [sys.executable, "-c", "from doorstep.cli import main; main()", *words],
        env=environment | {"DOORSTEP_DATA": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline() if within else ""
    if within:
        process.terminate()
    rest, errors = process.communicate(timeout=within or 120)
    return process.returncode, first + rest, errors


def test_without_its_database_it_says_what_to_run_and_with_it_its_address(tmp_path):
    todo = "doorstep: The database is not of this release. Run: doorstep migrate\n"
    for words in (["serve"], ["verify"]):
        assert doorstep_says(tmp_path, *words) == (2, "", todo)
    assert doorstep_says(tmp_path, "migrate")[0] == 0
    port = free_port()
    code, said, _errors = doorstep_says(tmp_path, "serve", "--port", str(port), within=60)
    assert (code, said) == (0, f"Doorstep is open at http://127.0.0.1:{port}/\n")


@pytest.mark.parametrize("again", range(20))
def test_several_at_a_first_start_agree_on_one_secret(tmp_path, again):
    """Otherwise half of them would know no cookie of the other half, and no printed code."""
    read: list[str] = []
    ready = threading.Barrier(16)

    def start() -> None:
        ready.wait(10)
        read.append(kept_secret(tmp_path / "secret"))

    starts = [threading.Thread(target=start) for _ in range(16)]
    for one in starts:
        one.start()
    for one in starts:
        one.join(10)
    assert len(read) == 16
    assert len(set(read)) == 1
    assert len(read[0]) > 60
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["secret"]
