"""verify.py reads an address as it reads a folder, and takes no broken answer for a forgery: what
cannot be read is never WRONG. The scripts of the page /verify/ are asked the same, where Node is.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from doorstep.engine.seal.alone import files, web
from doorstep.engine.seal.alone.run import main
from doorstep.engine.seal.joined import verify_file
from tests.engine.seal.logs import write
from tests.engine.seal.loopback import Answering, serving
from tests.engine.seal.many import LOG, resum
from tests.engine.seal.records import FROZEN, good, written
from tests.engine.seal.two_checkers import Scripts, scripts, verdict_of_python_on

TILE = "/tile/entries/000.p/32"
WAIT = 4000  # milliseconds for one file, of the page


@pytest.fixture
def log(tmp_path):
    return written(tmp_path / "log", good())


@pytest.fixture
def bundle(tmp_path):
    written(tmp_path / "bundle" / LOG, good())
    write(tmp_path / "bundle", "rounds/r1/frozen.jsonl", FROZEN)
    (tmp_path / "bundle/a name with #, ? and %41.txt").write_text("x")
    (tmp_path / "bundle/index.html").write_text("<!doctype html><title>A copy</title>")
    resum(tmp_path / "bundle")
    return tmp_path / "bundle"


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Iterator[Scripts | None]:
    node = shutil.which("node")
    if node is None:
        yield None
        return
    with scripts(node, tmp_path_factory.mktemp("page")) as running:
        yield running


@pytest.fixture
def impatient(monkeypatch):
    """Not so much that a busy machine would look like a silent server."""
    monkeypatch.setattr(web, "SILENCE", 1.0)
    monkeypatch.setattr(web, "LONGEST_WAIT", 2.0)


def test_a_log_and_a_bundle_are_read_alike(log, bundle, page):
    for folder in (log, bundle):
        from_disk = verdict_of_python_on(str(folder))
        # An address has no list of its files: which of them no check read cannot be told.
        from_disk["lines"] = [
            one for one in from_disk["lines"] if not one.startswith("Not checked")
        ]
        with serving(folder) as address:
            for where in (address, f"{address}/", address.replace("http", "HTTP")):
                assert verdict_of_python_on(where) == from_disk, where
            if page:
                assert page.verdict_on_address(address, WAIT) == from_disk
    assert any(line.startswith("Files: ") for line in from_disk["lines"])


def at(path: str, answer):
    """A server that is honest but for one path."""
    return lambda asked: asked.path == path and answer(asked)


def trickle(asked: Answering) -> bool:
    asked.answer(200, Content_Length="9999")
    while not asked.ended.wait(0.1):
        asked.wfile.write(b"x")
    return True


def endless(asked: Answering) -> bool:
    asked.answer(200, Content_Length="")
    while not asked.ended.is_set():
        asked.wfile.write(bytes(1 << 16))
    return True


def broken_chunk(asked: Answering) -> bool:
    asked.protocol_version = "HTTP/1.1"
    asked.close_connection = True
    return asked.answer(200, b"20\r\nnot so many", Content_Length="", Transfer_Encoding="chunked")


def elsewhere(location: str):
    return lambda asked: asked.answer(302, Location=location)


HTML = "text/html; charset=utf-8"
# What a server does with one file of a good log, and what verify.py says of it.
BROKEN = {
    "it answers with a fault of its own": (lambda one: one.answer(500), "answered 500"),
    "it wants a password": (lambda one: one.answer(401), "answered 401"),
    "it answers with no content": (lambda one: one.answer(204), "answered 204"),
    "it answers with a part": (lambda one: one.answer(206, b"xy"), "answered 206"),
    "it cuts the file off": (
        lambda one: one.answer(200, b"xyz", Content_Length="9000"),
        "cut off: 3 bytes of 9,000 came",
    ),
    "it breaks off between two chunks": (broken_chunk, "cannot be reached"),
    "it hangs up": (lambda one: not one.wfile.close(), "cannot be reached"),
    "it speaks no HTTP": (lambda one: not one.wfile.write(b"hello\n\n"), "cannot be reached"),
    "it never answers": (lambda one: one.ended.wait(60), "cannot be reached (timed out)"),
    "it trickles": (trickle, "came too slowly"),
    "it sends on to another server": (
        elsewhere("http://localhost:1/x"),
        "sends on to http://localhost:1/x. Only the address that you name",
    ),
    "it sends on to a file": (elsewhere("file:///etc/passwd"), "sends on to file:///etc/passwd"),
    "it sends on to itself for ever": (elsewhere(TILE), "answered 302"),
    "it shows a page to sign in": (
        lambda one: one.answer(200, b"<h1>Sign in", Content_Type=HTML),
        "answered with a web page instead of the file",
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_answer_is_said_and_is_nobodys_forgery(log, page, impatient, broken, capsys):
    does, told = BROKEN[broken]
    with serving(log, at(TILE, does)) as address:
        assert main([address, "--forget"]) == 2
        said = capsys.readouterr()
        assert told in said.err
        assert address + TILE in said.err
        assert "WRONG" not in said.out
        if page:
            assert page.verdict_on_address(address, WAIT)["kind"] == "unreadable"


def test_a_packed_answer_that_nobody_asked_for_is_not_read_as_the_file(log, capsys):
    packed = at(TILE, lambda one: one.answer(200, b"xyz", Content_Encoding="br"))
    with serving(log, packed) as address:
        assert main([address, "--forget"]) == 2
    assert "answered in a packed form (br), unasked" in capsys.readouterr().err


def test_no_file_is_read_without_end(log, capsys, monkeypatch):
    monkeypatch.setattr(files, "MOST_OF_A_FILE", 1 << 20)
    with serving(log, at(TILE, endless)) as address:
        assert main([address, "--forget"]) == 2
    assert f"{TILE[1:]} is too long" in capsys.readouterr().err


def test_a_file_that_the_server_says_is_not_there_is_missing_as_in_a_folder(log, page):
    for gone in ("key", "checkpoint", TILE[1:], "tile/0/000.p/32"):
        before = (log / gone).read_bytes()
        (log / gone).unlink()
        from_disk = verdict_of_python_on(str(log))
        with serving(log) as address:
            of_python = verdict_of_python_on(address)
            assert of_python["kind"] == from_disk["kind"] != "right"
            assert of_python["says"].replace(address, str(log)) == from_disk["says"]
            if page:
                assert page.verdict_on_address(address, WAIT) == of_python
        (log / gone).write_bytes(before)


def test_a_page_for_every_address_is_no_record(tmp_path, page):
    with serving(tmp_path, lambda one: one.answer(200, b"<p>Hello", Content_Type=HTML)) as address:
        of_python = verdict_of_python_on(address)
        assert of_python["kind"] == "unreadable"
        assert "a web page instead of the file" in of_python["says"]
        if page:
            assert page.verdict_on_address(address, WAIT)["kind"] == "unreadable"


def test_a_server_may_send_on_within_itself(log, page):
    """Some hosts show /index.html as /: it is the same server that says so."""
    moved = log.parent / "moved"
    shutil.copytree(log, moved / "new")

    def within(asked: Answering) -> bool:
        old = asked.path.startswith("/old/")
        return old and asked.answer(308, Location=asked.path.replace("/old/", "/new/"))

    with serving(moved, within) as address:
        assert verdict_of_python_on(f"{address}/old") == verdict_of_python_on(str(log))
        if page:
            assert page.verdict_on_address(f"{address}/old", WAIT)["kind"] == "right"


def test_a_record_of_another_server_is_not_read_for_the_one_that_was_named(log, page):
    with serving(log) as other:
        sends_on = elsewhere(f"{other}/checkpoint")
        with serving(log, at("/checkpoint", sends_on)) as address:
            of_python = verdict_of_python_on(address)
            assert of_python["kind"] == "unreadable"
            assert f"sends on to {other}/checkpoint" in of_python["says"]
            if page:
                of_page = page.verdict_on_address(address, WAIT)
                assert of_page["kind"] == "unreadable"
                assert f"checkpoint is sent on to {other}" in of_page["says"]


def test_an_address_without_a_record_says_what_to_name(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    with serving(tmp_path / "empty") as address:
        assert main([address, "--forget"]) == 2
    said = capsys.readouterr().err
    assert f"{address} shows no signed record. Name the address of the site's front page" in said
    assert main(["fund.example.org", "--forget"]) == 2
    assert "There is no folder fund.example.org. An address begins" in capsys.readouterr().err


@pytest.mark.parametrize(
    "where",
    ["ftp://127.0.0.1/x", "file:///etc", "gopher://x", "http://", "http://[::1", "http://a:b"],
)
def test_what_is_no_address_of_the_web_is_said(where, capsys):
    assert main([where, "--forget"]) == 2
    said = capsys.readouterr()
    assert (said.out, where.rstrip("/") in said.err) == ("", True)


def test_the_joined_file_reads_an_address(bundle, tmp_path):
    (tmp_path / "verify.py").write_bytes(verify_file())
    with serving(bundle) as address:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-W", "error", "verify.py", address, "--forget"],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "ok     Files: " in done.stdout
