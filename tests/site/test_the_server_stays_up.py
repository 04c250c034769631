"""The server answers, replaces a process that died, and stops cleanly."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from doorstep.apps.refused import Refused
from doorstep.site import server
from doorstep.site.wire import LARGEST_REQUEST

START = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "doorstep.site.settings"
import django
django.setup()
from doorstep.site.server import serve
serve("127.0.0.1", int(sys.argv[1]), 2)
"""
PATIENCE = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what):
    """What `what` returns once it is true; the test fails after PATIENCE seconds."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what.__name__} did not happen within {PATIENCE} s")


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/accessibility/", timeout=5) as page:
            return page.status == 200
    except OSError:
        return False


def children(parent: int) -> list[int]:
    try:
        listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except OSError:
        return []
    return [int(pid) for pid in listed]


@pytest.fixture
def running(tmp_path):
    port = free_port()
    source = Path(server.__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", START, str(port)],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(source),
            "DOORSTEP_DATA": str(tmp_path),
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(lambda: answers(port) or process.poll() is not None)
        yield process, port
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.mark.parametrize("place", [0, 2], ids=["web process", "worker"])
def test_a_process_that_dies_is_replaced_and_all_stop_together(running, place):
    process, port = running
    before = wait_for(lambda: len(children(process.pid)) == 3 and children(process.pid))
    os.kill(before[place], signal.SIGKILL)
    after = wait_for(
        lambda: (
            len(children(process.pid)) == 3
            and before[place] not in children(process.pid)
            and children(process.pid)
        )
    )
    assert answers(port)
    process.send_signal(signal.SIGTERM)
    _out, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert f"{'worker' if place == 2 else 'web process'} {before[place]} ended (-9)" in said
    assert "starting another" in said
    assert not any(Path(f"/proc/{pid}").exists() for pid in after)
    assert not answers(port)


def test_the_children_leave_when_the_parent_is_gone(running):
    process, _port = running
    left = wait_for(lambda: children(process.pid))
    process.kill()
    process.wait()
    wait_for(lambda: not any(is_alive(pid) for pid in left))


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_taken_port_is_refused_in_words():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Refused, match="choose another port"):
            server.listen("127.0.0.1", other.getsockname()[1])


def test_what_did_not_change_is_not_made_again():
    server.prepare_static()
    assert server.prepare_static() is False
    server.compile_languages()
    assert server.compile_languages() == []


def test_welsh_is_compiled_when_its_words_changed(settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path]
    made = server.compile_languages()
    assert [path.name for path in made] == ["django.mo"]
    assert made[0].read_bytes()


def answer_to(port: int, head: str) -> str:
    """All that the server answers to the head of a request whose body never comes."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        line.sendall(head.replace("\n", "\r\n").encode())
        told = b""
        while more := line.recv(65536):
            told += more
    return told.decode()


@pytest.mark.parametrize(
    ("language", "said"),
    [("en-GB", "choose a file of at most 10 MB"), ("cy", "dewiswch ffeil o 10 MB ar y mwyaf")],
)
def test_what_is_far_too_large_is_refused_in_plain_words(running, language, said):
    _process, port = running
    wait_for(lambda: answers(port))
    told = answer_to(
        port,
        f"POST /vote/ HTTP/1.1\nHost: 127.0.0.1\nAccept-Language: {language}\n"
        f"Content-Length: {LARGEST_REQUEST + 1}\n\n",
    )
    assert told.startswith("HTTP/1.1 413 ")
    assert "<h1>" in told
    assert said in told
    assert "waitress" not in told.lower()


def test_a_damaged_request_is_refused_in_plain_words(running):
    _process, port = running
    wait_for(lambda: answers(port))
    told = answer_to(port, "POST / HTTP/1.1\nHost: 127.0.0.1\nContent-Length: many\n\n")
    assert told.startswith("HTTP/1.1 400 ")
    assert "We could not read that request" in told


def test_a_question_for_the_headers_alone_gets_them_alone(running):
    _process, port = running
    wait_for(lambda: answers(port))
    ask = "HEAD {} HTTP/1.1\nHost: 127.0.0.1\n{}\n"
    told = answer_to(
        port, ask.format("/nowhere/", "") + ask.format("/accounts/login/", "Connection: close\n")
    )
    first, second, nothing = told.split("\r\n\r\n")
    assert first.startswith("HTTP/1.1 404 ")
    assert second.startswith("HTTP/1.1 200 ")
    assert nothing == ""
    assert "\r\ncontent-length: " in second.lower()
