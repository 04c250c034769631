"""A log's folder of published files: each appears whole or not at all, and a tile never changes."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from doorstep.apps.refused import Refused
from doorstep.engine.seal.whole import write_whole

CHECKPOINT, WITNESSES, KEY = "checkpoint", "witnesses", "key"


class LogFolder:
    """One log's files under `path`; made when it is first written to."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One publisher at a time, however many workers share the folder."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def read(self, name: str) -> bytes | None:
        """A file's bytes, or None where there is none."""
        try:
            return (self.path / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def keep(self, name: str, data: bytes) -> None:
        """Write a file that never changes. Refused when another stands there under its name."""
        held = self.read(name)
        if held is None:
            self.replace(name, data)
        elif held != data:
            raise Refused(
                f"{self.path / name} was published with other bytes. Nothing was signed. Run "
                "`doorstep verify`: either this file or the database was changed.",
                code="record-forked",
            )

    def replace(self, name: str, data: bytes) -> None:
        """Write a file so that a reader, or a power cut, meets the old or the new one whole."""
        write_whole(self.path / name, data)

    def forget_partial(self, whole: str) -> None:
        """Remove the partial tiles that a whole one has taken the place of."""
        partial = self.path / f"{whole}.p"
        if partial.is_dir():
            for one in partial.iterdir():
                one.unlink(missing_ok=True)
            partial.rmdir()

    def copy_to(self, target: "LogFolder") -> int:
        """Bring another folder up to this one, the checkpoint last; how many files were new."""
        names = [
            str(one.relative_to(self.path))
            for one in sorted((self.path / "tile").rglob("*"))
            if one.is_file() and not one.name.startswith(".")
        ]
        missing = [name for name in names if not (target.path / name).exists()]
        for name in missing:
            target.keep(name, (self.path / name).read_bytes())
        for name in (KEY, WITNESSES, CHECKPOINT):
            if (data := self.read(name)) is not None and data != target.read(name):
                target.replace(name, data)
        return len(missing)
