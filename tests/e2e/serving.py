"""What `./doorstep demo` serves, in a process of its own and at a day of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHOTS = Path(os.environ.get("DOORSTEP_SHOTS", ROOT / "var" / "shots"))
START = "from doorstep.cli import main; main()"
CLOCK = (
    "import datetime, time_machine;"
    "time_machine.travel(datetime.datetime.fromisoformat('{}'), tick=True).start();"
)
START_WITHIN = 240


@dataclass
class Demo:
    """A running demo: its address, its data folder, and what it printed when it started."""

    address: str
    data: Path
    log: Path

    @property
    def printed(self) -> str:
        return self.log.read_text()

    def run(self, *asked: object) -> None:
        """A command of Doorstep beside the running demo, on its data."""
        environment = os.environ | {
            "DOORSTEP_DATA": str(self.data), "DOORSTEP_ADDRESS": self.address,
        }  # fmt: skip
        environment.pop("DOORSTEP_DATABASE_URL", None)
        command = [sys.executable, "-c", START, *map(str, asked)]
        subprocess.run(command, env=environment, check=True, capture_output=True)

    def letters(self) -> list[str]:
        """The e-mails sent so far, oldest first."""
        files = sorted((self.data / "mail").glob("*"), key=lambda path: path.stat().st_mtime_ns)
        return [path.read_text() for path in files]


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as page:
            return page.status == 200
    except OSError:
        return False


@contextmanager
def serving(data: Path, port: int, *, at: datetime | None = None) -> Iterator[Demo]:
    """`doorstep demo` on a port with its own data, until the block ends.

    With `at`, the server's clock starts there and goes on: a season of months is walked in
    minutes by stopping the server and starting it later, which also shows that nothing is lost.
    """
    running = Demo(f"http://127.0.0.1:{port}", data, data / "printed.txt")
    environment = os.environ | {
        "DOORSTEP_DATA": str(data),
        "DOORSTEP_ADDRESS": running.address,
        "DOORSTEP_EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "PYTHONUNBUFFERED": "1",
    }
    environment.pop("DOORSTEP_DATABASE_URL", None)
    clock = CLOCK.format(at.isoformat()) if at else ""
    with running.log.open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", clock + START, "demo", "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=data,
        )
    try:
        end = time.monotonic() + START_WITHIN
        while not _answers(running.address):
            assert process.poll() is None, f"the demo ended: {running.printed}"
            assert time.monotonic() < end, f"no answer in {START_WITHIN} s: {running.printed}"
            time.sleep(0.2)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
