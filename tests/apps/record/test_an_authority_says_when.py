"""A timestamp is kept only when a trusted authority stamped exactly this checkpoint."""

import shutil
import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from doorstep.apps.record.models import Timestamp
from doorstep.apps.record.publishing import publish
from doorstep.apps.record.timestamps import stamp_latest, stamped_text
from doorstep.apps.refused import Refused
from tests.apps.record.authorities import make_authority, reply_to
from tests.apps.record.publishing import grow, signing  # noqa: F401 - a fixture

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here"),
]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory) -> Path:
    """A root and a timestamp authority of our own, for a day."""
    folder = tmp_path_factory.mktemp("tsa")
    make_authority(folder)
    return folder


@pytest.fixture
def authority(certificates, settings, signing):  # noqa: F811
    """The authority behind a web server on the loopback; what it stamps can be bent."""
    bent: list[bytes] = []

    class Stamps(BaseHTTPRequestHandler):
        def log_message(self, *_args): ...

        def do_POST(self):
            query = self.rfile.read(int(self.headers["Content-Length"]))
            reply = reply_to(query, certificates)
            data = bent[0] if bent else reply
            self.send_response(200)
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Stamps)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.TIMESTAMP_URL = f"http://127.0.0.1:{server.server_port}/stamp"
    settings.TIMESTAMP_ROOTS = str(certificates / "root.pem")
    yield bent
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_last_checkpoint_is_stamped_once(authority, certificates, client, tmp_path):
    assert stamp_latest() is None  # nothing is signed yet
    grow(3)
    publish()
    stamp = stamp_latest()
    assert stamp.checkpoint.size == 3
    assert stamp_latest() is None
    grow(1)
    publish()
    assert stamp_latest().checkpoint.size == 4
    reply = client.get("/record/log/public/timestamp/4.tsr")
    assert "127.0.0.1" in client.get("/record/watch/").content.decode()
    (tmp_path / "4.tsr").write_bytes(reply.content)
    (tmp_path / "text").write_bytes(stamped_text(Timestamp.objects.last().checkpoint))
    done = subprocess.run(
        ["openssl", "ts", "-verify", "-in", "4.tsr", "-data", "text", "-CAfile",
         certificates / "root.pem"], cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    assert b"Verification: OK" in done.stdout + done.stderr


def test_an_answer_that_does_not_hold_is_not_kept(authority, certificates, settings):
    grow(1)
    publish()
    stamp_latest()
    earlier = bytes(Timestamp.objects.get().token)
    grow(1)
    publish()
    for data in (earlier, earlier[:-40], b"", b"<html>"):
        authority[:] = [data]
        with pytest.raises(Refused, match="does not hold"):
            stamp_latest()
    authority.clear()
    settings.TIMESTAMP_ROOTS = str(certificates / "other.pem")
    with pytest.raises(Refused, match="does not hold"):
        stamp_latest()
    settings.TIMESTAMP_ROOTS = str(certificates / "gone.pem")
    with pytest.raises(Refused, match=r"TIMESTAMP_ROOTS, .*gone\.pem, cannot be read: No"):
        stamp_latest()
    settings.TIMESTAMP_ROOTS = str(certificates / "root.pem")
    settings.TIMESTAMP_URL = "http://127.0.0.1:1/"
    with pytest.raises(Refused, match="cannot be reached"):
        stamp_latest()
    assert Timestamp.objects.count() == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_answer_that_leads_elsewhere_is_not_followed(signing, settings, certificates, status):  # noqa: F811
    asked = []

    class LeadsAway(BaseHTTPRequestHandler):
        def log_message(self, *_args): ...

        def do_POST(self):
            asked.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/inside")
            self.end_headers()

        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), LeadsAway)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.TIMESTAMP_URL = f"http://127.0.0.1:{server.server_port}/stamp"
    settings.TIMESTAMP_ROOTS = str(certificates / "root.pem")
    grow(1)
    publish()
    try:
        with pytest.raises(Refused, match="cannot be reached"):
            stamp_latest()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert asked == ["/stamp"]


def test_without_an_authority_nothing_is_asked(signing):  # noqa: F811
    grow(1)
    publish()
    assert stamp_latest() is None
    assert Timestamp.objects.count() == 0
