"""A PostgreSQL cluster of our own, for as long as it is needed: on no network, on a socket that our
user alone can reach, gone afterwards. Restores are tried in it, and tests make theirs with it."""

import logging
import os
import pwd
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from urllib.parse import quote

from doorstep.apps.refused import Refused

log = logging.getLogger(__name__)
PATIENCE = 600  # seconds for a start; what a restored server replays comes on top
PORT = 5432  # names the socket; nothing listens on a port
TELLS_EVERY = 60  # seconds
# Where Debian and its kin, and Red Hat and its, put each version's programs.
PACKAGED = ("/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin")
NOT_YET = 1  # how pg_isready tells of a server that runs and lets nobody in


def programs_here(version: int | None = None) -> Path | None:
    """The folder of PostgreSQL's programs: of this version, or of the newest. Where no package put
    any, those that a shell would find, whatever they are; None where there are none."""
    found = [
        Path(initdb).parent
        for where in PACKAGED
        for initdb in glob(f"{where.format(version or '*')}/initdb")
    ]
    if found:
        return max(found, key=_version_of)
    shell = shutil.which("initdb")
    return Path(shell).resolve().parent if shell else None


def _version_of(programs: Path) -> list[int]:
    return [int(part) for part in re.findall("[0-9]+", programs.parent.name)]


class Cluster:
    """A cluster under `folder` (its files in `folder/data`), run by PostgreSQL's `programs`.

    PostgreSQL refuses to run as root; then the user `postgres` runs it.
    """

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder, self.programs = folder, programs
        self.data, self.socket = folder / "data", folder / "socket"
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        for path in (self.folder, self.socket):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.hand_over(path)

    def hand_over(self, path: Path) -> None:
        """Give a file or a folder, and everything in it, to whoever runs the cluster."""
        if os.geteuid() == 0:
            shutil.chown(path, self.user, self.user)
            for inside in path.rglob("*"):
                shutil.chown(inside, self.user, self.user)

    def create(self) -> None:
        """An empty cluster whose superuser is whoever runs it."""
        self._run("initdb", f"--pgdata={self.data}", "--auth=trust", "--encoding=UTF8", "--no-sync")

    def configure(self, **settings: str) -> None:
        """Leave only these settings, and let in nobody but whoever reaches the socket."""
        said = {
            "listen_addresses": "", "unix_socket_directories": str(self.socket),
            "port": str(PORT), **settings,
        }  # fmt: skip
        lines = [
            f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in said.items()
        ]
        (self.data / "postgresql.conf").write_text("\n".join([*lines, ""]))
        (self.data / "postgresql.auto.conf").write_text("")
        (self.data / "pg_hba.conf").write_text("local all all trust\nlocal replication all trust\n")
        (self.data / "pg_ident.conf").write_text("")
        self.hand_over(self.data)

    def start(self) -> None:
        """Start, and wait until it answers (a restored one: until it is brought up to date)."""
        self._run(
            "pg_ctl", "start", "--wait", f"--timeout={PATIENCE}", f"--pgdata={self.data}",
            f"--log={self.folder / 'log'}",
        )  # fmt: skip
        # pg_ctl is content as soon as a server that is no standby replays its log; nobody gets in
        # before the end of that. A server that has ended gives no answer at all, which is refused.
        told = time.monotonic()
        while self._run("pg_isready", f"--host={self.socket}", f"--port={PORT}", may=NOT_YET):
            if time.monotonic() > told + TELLS_EVERY:
                told += TELLS_EVERY
                log.warning("The restored server still replays its log.")
            time.sleep(0.1)

    def stop(self, mode: str = "fast") -> None:
        """Stop, if it runs; `immediate` is what a power cut would leave."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--wait", f"--mode={mode}", f"--pgdata={self.data}")

    def url(self, database: str, user: str) -> str:
        """Its address for DOORSTEP_DATABASE_URL."""
        host = quote(str(self.socket), safe="")
        return f"postgresql://{quote(user)}@/{quote(database)}?host={host}&port={PORT}"

    def _run(self, program: str, *arguments: str, may: int = 0) -> int:
        """Its exit code, 0 or what it `may` end with; Refused, with what was said, at another."""
        as_user = self.user if os.geteuid() == 0 else None
        with (self.folder / "said").open("w+") as said:
            # A file, not a pipe: the server keeps its parent's output open.
            code = subprocess.run(  # noqa: S603 (no shell, and a program of PostgreSQL's)
                [str(self.programs / program), *arguments],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False, cwd=self.folder,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
                user=as_user, group=as_user,
            ).returncode  # fmt: skip
            said.seek(0)
            told = said.read()
        if code not in {0, may}:
            said_by_it = self.folder / "log"
            more = said_by_it.read_text(errors="replace")[-2000:] if said_by_it.exists() else ""
            raise Refused(f"{program} failed: {told.strip()} {more}".strip(), code="cluster")
        return code


@contextmanager
def scratch_cluster(folder: Path, programs: Path) -> Iterator[Cluster]:
    """A cluster that is stopped and removed at the end, whatever happens."""
    cluster = Cluster(folder, programs)
    try:
        yield cluster
    finally:
        try:
            cluster.stop("immediate")
        finally:
            _remove(folder)


def _remove(folder: Path) -> None:
    for _ in range(5):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.2)  # the last process of the server still writes its farewell
