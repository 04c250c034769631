"""A web server for this machine alone: it serves a folder, honestly or not, for one block."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Answering(SimpleHTTPRequestHandler):
    """Serves the folder. A twist that returns True has answered in its place."""

    def __init__(self, *more, twist, ended, **named) -> None:
        self.twist, self.ended = twist, ended
        super().__init__(*more, **named)

    def do_GET(self) -> None:
        with contextlib.suppress(OSError):  # whoever asked may have had enough
            if not self.twist(self):
                super().do_GET()

    def answer(self, status: int, body: bytes = b"", **headers: str) -> bool:
        """Answer; `Content_Length="9"` may lie."""
        self.send_response(status)
        for name, text in {"Content_Length": str(len(body)), **headers}.items():
            if text:
                self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        self.wfile.write(body)
        return True

    def log_message(self, *_) -> None: ...


Twist = Callable[[Answering], bool]


@contextlib.contextmanager
def serving(folder: Path, twist: Twist = lambda _asked: False) -> Iterator[str]:
    """The address, without a slash at its end."""
    ended = threading.Event()
    answering = partial(Answering, directory=str(folder), twist=twist, ended=ended)
    with ThreadingHTTPServer(("127.0.0.1", 0), answering) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            ended.set()
            server.shutdown()
            thread.join()
