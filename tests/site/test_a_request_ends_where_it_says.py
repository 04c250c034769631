"""A request whose end could be read in two ways is refused, and the line is closed: nothing in it
is ever taken for the request of somebody else who comes through the same proxy."""

import re
import socket

from tests.site.test_the_server_stays_up import PATIENCE, answers, running, wait_for

__all__ = ["running"]  # a fixture of this file too
HIDDEN = "GET /healthz HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n"
POST = "POST /vote/leave/ HTTP/1.1\nHost: 127.0.0.1\n"
# What each says of its length, and then its body. "\n" is sent as CR LF, "␊" as a bare LF.
TWO_ENDS = {
    "chunks and a number": "Content-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n",
    "a number and chunks": "Transfer-Encoding: chunked\nContent-Length: 5\n\n0\n\n",
    "two numbers": "Content-Length: 0\nContent-Length: 60\n\n",
    "the same number twice in one": "Content-Length: 0, 60\n\n",
    "a signed number": "Content-Length: +0\n\n",
    "a negative number": "Content-Length: -1\n\n",
    "a number in hex": "Content-Length: 0x0\n\n",
    "digits of another script": "Content-Length: \u0660\n\n",
    "a space before the colon": "Content-Length : 0\n\n",
    "chunks under another name": "Transfer-Encoding: xchunked\n\n0\n\n",
    "chunks, and then as they are": "Transfer-Encoding: chunked, identity\n\n0\n\n",
    "chunks behind a strange space": "Transfer-Encoding: \x0bchunked\n\n0\n\n",
    "a chunk with a sign": "Transfer-Encoding: chunked\n\n+0\n\n",
    "a chunk in two notations": "Transfer-Encoding: chunked\n\n0x0\n\n",
    "a line that ends halfway": "X: y␊Content-Length: 0\n\n",
    "a header with nothing in it but a nul": "X: a\0b\n\n",
}


def told_on(port: int, sent: str) -> list[str]:
    """The status lines of everything that one connection is answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        line.sendall(sent.replace("\n", "\r\n").replace("␊", "\n").encode())
        told = b""
        while more := line.recv(65536):
            told += more
    return re.findall(r"^HTTP/1[.][01] (\d+)", told.decode(), re.MULTILINE)


def test_a_request_with_two_ends_is_refused_and_what_hides_in_it_is_not_answered(running):
    _process, port = running
    wait_for(lambda: answers(port))
    wrong = {}
    for name, said in TWO_ENDS.items():
        told = told_on(port, f"{POST}{said}{HIDDEN}")
        if told not in (["400"], ["501"]):
            wrong[name] = told
    old = POST.replace("HTTP/1.1", "HTTP/1.0")
    if (told := told_on(port, f"{old}Transfer-Encoding: chunked\n\n0\n\n{HIDDEN}")) != ["400"]:
        wrong["chunks before there were any"] = told
    assert wrong == {}
    assert answers(port)


def test_requests_that_follow_each_other_rightly_are_each_answered(running):
    """The test would see what hides: here it does not hide."""
    _process, port = running
    wait_for(lambda: answers(port))
    for said in ("Content-Length: 0\n\n", "Transfer-Encoding: chunked\n\n0\n\n"):
        assert told_on(port, f"{POST}{said}{HIDDEN}")[1:] == ["200"]
