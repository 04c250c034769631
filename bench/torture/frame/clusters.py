"""A PostgreSQL of the run's own: made with initdb, on a port of its own, and ended by its pid."""

import os
import pwd
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from doorstep.site.upkeep.cluster import programs_here


class Cluster:
    """One server process and its folder. It may be killed (`kill`) and started again (`start`)."""

    def __init__(
        self, folder: Path, *, settings: dict[str, str] | None = None, log_in: Path | None = None
    ) -> None:
        self.folder, self.port, self.log_in = folder, _free_port(), log_in
        self.settings = {"fsync": "on", "synchronous_commit": "on"} | (settings or {})
        self.server: subprocess.Popen[bytes] | None = None
        self.kills = self.started_again = 0

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        give_to_postgres(self.folder)
        subprocess.run(
            [program("initdb"), "-D", self.folder, "-U", "postgres", "-A", "trust",
             "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", *self._small_log()],
            check=True, stdout=subprocess.DEVNULL, cwd="/", **_as_postgres(),
        )  # fmt: skip

    def _small_log(self) -> list[str]:
        """A disk of its own for the log is a small one: segments of 1 MB instead of 16."""
        return [f"--waldir={self.log_in}", "--wal-segsize=1"] if self.log_in else []

    def start(self, seconds: float = 60) -> None:
        given = {
            "port": str(self.port), "listen_addresses": "127.0.0.1", "max_connections": "120",
            "unix_socket_directories": "", **self.settings,
        }  # fmt: skip
        options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.server = subprocess.Popen(
                [program("postgres"), "-D", self.folder, *options],
                stdout=log, stderr=log, cwd="/", **_as_postgres(),
            )  # fmt: skip
        end = time.monotonic() + seconds
        while not self.answers():
            if time.monotonic() > end or self.server.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2_000:])
            time.sleep(0.05)

    def comes_back(self, seconds: float = 60) -> None:
        """Wait for a server that ended its processes; start it where it ended itself too."""
        end = time.monotonic() + seconds
        while not self.answers() and time.monotonic() < end:
            if self.server and self.server.poll() is not None:
                self.started_again += 1
                self.start(seconds)
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.url, connect_timeout=5) as line:
                line.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def kill(self) -> None:
        """End every process of the server at once, as a power cut would, without a word to anybody.

        Its children lead sessions of their own; they are known by the folder in which they stand.
        """
        if self.server is None:
            return
        children = self._children()
        self.server.send_signal(signal.SIGKILL)
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.server.wait(30)
        self.kills += 1
        end = time.monotonic() + 30
        while self._children() and time.monotonic() < end:
            time.sleep(0.02)

    def log_segments(self) -> list[Path]:
        """PostgreSQL's own log on the disk, with the segments that wait to be written over."""
        return sorted(path for path in (self.folder / "pg_wal").iterdir() if path.is_file())

    def turn_log_over(self) -> int:
        """Write every segment of the log over, as docs/secrecy.md says; how many it began."""
        turns = len(self.log_segments()) + 1
        with psycopg.connect(self.url, autocommit=True) as line:
            for _ in range(turns):
                line.execute("SELECT pg_switch_wal()")
                line.execute("CHECKPOINT")
        return turns

    def stop(self) -> None:
        if self.server is None or self.server.poll() is not None:
            return
        self.server.send_signal(signal.SIGINT)  # "fast": ends every session, then itself
        try:
            self.server.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def _children(self) -> list[int]:
        """Processes that still stand in this cluster's folder."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if (entry / "cwd").readlink() == self.folder:
                    found.append(int(entry.name))
        return found


@contextmanager
def a_server() -> Iterator[str]:
    """The URL of the server that was named, or of a cluster that is made and thrown away."""
    named = os.environ.get("DOORSTEP_DATABASE_URL", "")
    if named.startswith("postgres"):
        yield named
        return
    with in_a_cluster_of_its_own() as cluster:
        yield cluster.url


@contextmanager
def in_a_cluster_of_its_own(
    *, settings: dict[str, str] | None = None, log_in: Path | None = None
) -> Iterator[Cluster]:
    """Where the user postgres can walk to, and gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="torture-cluster-", ignore_cleanup_errors=True) as kept:
        os.chmod(kept, 0o755)
        cluster = Cluster((Path(kept) / "data").resolve(), settings=settings, log_in=log_in)
        cluster.make()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def program(name: str) -> str:
    found = programs_here()
    if found is None:
        sys.exit(f"{name} was not found: this run needs PostgreSQL's programs on this machine.")
    return str(found / name)


def give_to_postgres(folder: Path) -> None:
    """Let the server write there, whoever runs it."""
    if user := _postgres_user():
        os.chown(folder, user.pw_uid, user.pw_gid)


def _postgres_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; anybody else runs it as themselves."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def _as_postgres() -> dict[str, object]:
    user = _postgres_user()
    given = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    return given | {"start_new_session": True}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
