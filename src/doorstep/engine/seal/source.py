"""Where a stranger reads a log from: a folder, or an address of the web."""

import http.client
import urllib.error
import urllib.request
from pathlib import Path
from typing import Protocol

from .faults import MissingError, SealError

# 256 leaves of 65,535 bytes, each behind two more: nothing of a log is longer.
LONGEST = 256 * (65_535 + 2)
PATIENCE = 20.0  # seconds


class Source(Protocol):
    """`read` gives a file of the log by its path; MissingError when it is not there, SealError when
    it cannot be had."""

    def read(self, path: str) -> bytes: ...


class Folder:
    """A log's folder on this machine."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, path: str) -> bytes:
        try:
            return (self.path / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise MissingError(f"{self.path / path} is not there.") from None
        except OSError as problem:
            raise SealError(f"{self.path / path} cannot be read: {problem.strerror}.") from None


class Web:
    """A log's address, without the last slash."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")

    def read(self, path: str) -> bytes:
        where = f"{self.address}/{path}"
        asked = urllib.request.Request(where, headers={"User-Agent": "doorstep"})  # noqa: S310
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
                data: bytes = answer.read(LONGEST + 1)
        except urllib.error.HTTPError as problem:
            if problem.code in (404, 410):
                raise MissingError(f"{where} is not there.") from None
            raise SealError(f"{where} answered {problem.code}.") from None
        except (OSError, http.client.HTTPException, ValueError) as problem:
            raise SealError(f"{where} cannot be reached: {problem}.") from None
        if len(data) > LONGEST:
            raise SealError(f"{where} is longer than anything a log holds.")
        return data

    def send(self, path: str, data: bytes) -> str:
        """Post a text; the first line of the answer. SealError when it was not taken."""
        asked = urllib.request.Request(  # noqa: S310
            f"{self.address}/{path}",
            data,
            headers={"User-Agent": "doorstep", "Content-Type": "text/plain; charset=utf-8"},
        )
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
                said: bytes = answer.read(2000)
        except urllib.error.HTTPError as problem:
            why = problem.read(2000).decode(errors="replace").strip()
            raise SealError(f"{self.address} did not take it: {why}") from None
        except (OSError, http.client.HTTPException, ValueError) as problem:
            raise SealError(f"{self.address} cannot be reached: {problem}.") from None
        return said.decode(errors="replace").strip()


def source_of(where: str) -> Folder | Web:
    """A folder, or an address that begins with http:// or https://."""
    return Web(where) if where.startswith(("http://", "https://")) else Folder(Path(where))
