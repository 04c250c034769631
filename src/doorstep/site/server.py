"""The web server: waitress in several processes on one socket, a worker beside them, and what
they need before a start.

waitress reads a whole request before it takes a thread, so a slow or hostile client cannot hold
one; no proxy is needed to be safe. The parent only watches: it starts a child again when one dies
and passes on the order to stop.
"""

import fcntl
import hashlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from django.conf import settings

from doorstep.apps.refused import Refused

SOURCES = Path(__file__).resolve().parent / "locale"
THREADS = 4
# A child that cannot start must not be started again a thousand times a second.
PAUSE = 1.0
PATIENCE = 10.0


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Hold a lock file, so that two starts at once do not write over each other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def compile_languages() -> list[Path]:
    """Compile each .po into the .mo that gettext reads, where it is stale; say which were.

    polib, because `msgfmt` is not on a fresh Debian.
    """
    import polib

    made = []
    for source in sorted(SOURCES.glob("*/LC_MESSAGES/*.po")):
        target = Path(settings.LOCALE_PATHS[0]) / source.relative_to(SOURCES).with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns == source.stat().st_mtime_ns:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_suffix(f".{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(fresh))
        # The compiled file takes its source's time, so that "stale" needs no third file.
        os.utime(fresh, ns=(source.stat().st_atime_ns, source.stat().st_mtime_ns))
        os.replace(fresh, target)
        made.append(target)
    return made


def _static_fingerprint() -> str:
    """What the static files are made of: every file that a finder knows, its size and its time."""
    from django.contrib.staticfiles.finders import get_finders

    seen = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = os.stat(storage.path(name))
            seen.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def prepare_static() -> bool:
    """Gather, name by content and compress the static files, if any changed; True when it did."""
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    stamp = root / ".made-of"
    with _one_at_a_time(root.with_suffix(".lock")):
        made_of = _static_fingerprint()
        if stamp.exists() and stamp.read_text() == made_of:
            return False
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(made_of)
    return True


def listen(host: str, port: int) -> socket.socket:
    """One listening socket that every child will share. `Refused` when the port is not free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(1024)
    except OSError as problem:
        bound.close()
        raise Refused(
            f"Doorstep could not listen on {host} port {port}: {problem.strerror}. "
            "Something else may be running there. Stop it, or choose another port.",
            code="port_taken",
        ) from problem
    bound.setblocking(False)
    return bound


def _leave_with(parent: int) -> None:
    """End this child when its parent is gone: the pipe's other end closes with the parent."""
    os.read(parent, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _toil(bound: socket.socket, parent: int) -> NoReturn:
    """A worker's whole life: send and count until told to stop, or until the parent has died."""
    from doorstep.site.worker import Worker

    bound.close()
    worker = Worker()
    signal.signal(signal.SIGTERM, lambda signum, frame: worker.stop())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    worker.run()
    os._exit(0)


def believing(proxy: str) -> dict[str, object]:
    """Waitress's own words for whose headers stand (settings.PROXY). Where one proxy is named, what
    anybody else says of themselves is taken out, so that the port may be reached by others too."""
    if proxy in ("", "*"):
        return {"clear_untrusted_proxy_headers": not proxy}
    return {
        "trusted_proxy": proxy,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        "clear_untrusted_proxy_headers": True,
    }


def _answer(bound: socket.socket, parent: int) -> NoReturn:
    """A web process's whole life: answer until told to stop, or until the parent has died."""
    from waitress.server import create_server

    from doorstep.site.wire import LARGEST_REQUEST, PlainChannel
    from doorstep.site.wsgi import application

    def stop(signum: int, frame: FrameType | None) -> NoReturn:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent tells
    server = create_server(
        application,
        sockets=[bound],
        threads=THREADS,
        connection_limit=1000,
        asyncore_use_poll=True,
        channel_timeout=20,
        max_request_body_size=LARGEST_REQUEST,
        ident="Doorstep",
        **believing(settings.PROXY),
    )
    server.channel_class = PlainChannel
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    server.run()  # returns on SystemExit, after the threads have finished what they were doing
    os._exit(0)


def _copy(bound: socket.socket, parent: int) -> NoReturn:
    """The backup's whole life: to become Litestream, which leaves when the parent does."""
    from doorstep.site.upkeep import replica

    bound.close()
    replica.run()


Life = Callable[[socket.socket, int], NoReturn]
NAMES: dict[Life, str] = {_answer: "web process", _toil: "worker", _copy: "backup"}


@contextmanager
def _signals_held() -> Iterator[None]:
    """Signals that come meanwhile are acted on afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Parent:
    """Keeps web processes at work on one socket, and workers beside them, until told to stop.

    The backup of an SQLite file begins first and ends last, so that it copies what the others write
    while they finish.
    """

    def __init__(
        self, bound: socket.socket, processes: int, workers: int = 0, backups: int = 0
    ) -> None:
        self.bound = bound
        self.lives: tuple[Life, ...] = (
            (_copy,) * backups + (_answer,) * processes + (_toil,) * workers
        )
        self.children: dict[int, tuple[Life, float]] = {}
        self.stopping = False
        self.alive, self.held = os.pipe()

    def run(self, *, say: str = "") -> None:
        """Until told to stop; `say` is printed once somebody can come, and can end it."""
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, self._stop)
        for life in self.lives:
            self._start(life)
        if say:
            print(say, flush=True)
        while self.children:
            try:
                pid, status = os.wait()
            except InterruptedError:
                continue
            except ChildProcessError:
                break
            found = self.children.pop(pid, None)
            self._end_backup()
            if found is None or self.stopping:
                continue
            life, started = found
            code = os.waitstatus_to_exitcode(status)
            print(
                f"doorstep: {NAMES[life]} {pid} ended ({code}); starting another", file=sys.stderr
            )
            time.sleep(max(0.0, PAUSE - (time.monotonic() - started)))
            if not self.stopping:
                self._start(life)

    def _start(self, life: Life) -> None:
        with _signals_held():  # told to stop at once, a child must not act as the parent
            pid = os.fork()
            if pid == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if pid == 0:
            try:
                os.close(self.held)
                life(self.bound, self.alive)
            except BaseException:
                sys.excepthook(*sys.exc_info())
                os._exit(1)
        self.children[pid] = (life, time.monotonic())

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        if self.stopping:
            return
        self.stopping = True
        self._tell(_answer, _toil)
        self._end_backup()
        signal.signal(signal.SIGALRM, self._insist)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)

    def _end_backup(self) -> None:
        if self.stopping and all(life is _copy for life, _ in self.children.values()):
            self._tell(_copy)

    def _tell(self, *lives: Life) -> None:
        for pid, (life, _) in self.children.items():
            if life in lives:
                os.kill(pid, signal.SIGTERM)

    def _insist(self, signum: int, frame: FrameType | None) -> None:
        for pid in self.children:
            os.kill(pid, signal.SIGKILL)


def copy_on() -> None:
    """Keep the backup of an SQLite file at work, and nothing else, until told to stop."""
    with socket.socket() as nobody:  # which nobody can reach
        Parent(nobody, 0, backups=1).run()


def serve(host: str, port: int, processes: int = 2, *, say: str = "") -> None:
    """Serve until SIGTERM or Ctrl-C. Returns when every child has finished its last answer.
    `say` is printed once somebody can come."""
    from django.db import connection, connections

    from doorstep.site.upkeep import replica

    backups = int(bool(settings.BACKUP) and connection.vendor == "sqlite")
    if backups:
        replica.program()  # refused before anything is served without its backup
        replica.socket_path()
    bound = listen(host, port)
    compile_languages()
    prepare_static()

    import doorstep.site.wsgi  # noqa: F401 - loaded once here, then shared by every child

    connections.close_all()  # a database connection must not be shared across a fork
    with bound:
        Parent(bound, processes, settings.WORKERS, backups).run(say=say)
