"""Where everything is read from: a folder, or an address of the web."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from ..recount.ballots import UnreadableError
from ..recount.certificate import WrongError
from .web import fetched

MOST_OF_A_FILE = 64 << 20
SUMS, ABOUT = "SHA256SUMS", "bundle.json"
LEFT_BY_DESKTOPS = ("Thumbs.db", "desktop.ini", "System Volume Information", "__MACOSX")
SEEN = "doorstep-seen.json"  # the reader's own note, which may lie in the folder that is checked


class Place:
    """A folder or an address; `read` gives a file below it, None where there is none. `used` are
    the names of those that were read, from where it began.

    Raises UnreadableError for an address of another kind, and for a file that does not come whole.
    """

    def __init__(self, where: str) -> None:
        scheme, is_address, _ = where.partition("://")
        self.is_web = bool(is_address) and scheme.lower() in ("http", "https")
        if is_address and not self.is_web and not Path(where).exists():
            raise UnreadableError(
                f"{where} is nothing that can be read here: name a folder, or an address that "
                "begins with https:// or http://."
            )
        self.where = where.rstrip("/") if self.is_web else where
        self.used: set[str] = set()
        self._began = ""

    def read(self, name: str) -> bytes | None:
        data = self._web(name) if self.is_web else self._file(name)
        self.used.add(self._began + name)
        if data is not None and len(data) > MOST_OF_A_FILE:
            raise UnreadableError(f"{name} is too long.")
        return data

    def below(self, name: str) -> Place:
        further = Place(f"{self.where}/{name}" if self.is_web else str(Path(self.where) / name))
        further.used, further._began = self.used, f"{self._began}{name}/"
        return further

    def names(self) -> list[str]:
        """Every file of a folder; nothing of an address, which cannot be looked through."""
        if self.is_web:
            return []
        here = Path(self.where)
        found = (one.relative_to(here).as_posix() for one in here.rglob("*") if one.is_file())
        return sorted(name for name in found if not is_litter(name))

    def partials(self, whole: str) -> list[str]:
        """The tiles of a folder that `whole` has grown out of, whatever their widths."""
        here = Path(self.where) / f"{whole}.p"
        if self.is_web or not here.is_dir():
            return []
        names = sorted(one.name for one in here.iterdir() if not is_litter(one.name))
        return [f"{whole}.p/{name}" for name in names]

    def _file(self, name: str) -> bytes | None:
        try:
            with (Path(self.where) / name).open("rb") as stream:
                return stream.read(MOST_OF_A_FILE + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except (OSError, ValueError) as problem:
            raise UnreadableError(f"{name} cannot be read ({problem}).") from None

    def _web(self, name: str) -> bytes | None:
        return fetched(f"{self.where}/{quote(name)}", MOST_OF_A_FILE)


def is_litter(name: str) -> bool:
    """Whether a file manager left it there: nothing reads it, so nothing is said of it."""
    return any(part.startswith(".") or part in LEFT_BY_DESKTOPS for part in name.split("/"))


def sums_in(listed: bytes) -> dict[str, str]:
    """{file: its sum}, out of a list of checksums."""
    sums = {}
    # Not splitlines: to it a vertical tab ends a line too, and a flipped bit would go unseen.
    for line in listed.decode(errors="replace").removesuffix("\n").split("\n"):
        told, _, name = line.partition("  ")
        sums[name] = told
    return sums


def check_sums(place: Place) -> int:
    """Hold every file of a bundle against its checksums; how many. 0 where there is no list."""
    listed = place.read(SUMS)
    if listed is None:
        if not place.is_web and place.read(ABOUT) is not None:
            raise WrongError(f"This is a bundle, and its list of checksums, {SUMS}, is missing.")
        return 0
    sums = sums_in(listed)
    sums.pop(SEEN, None)
    names = set(place.names()) - {SUMS, SEEN} if not place.is_web else set(sums)
    for name in sorted(names | sums.keys()):
        data = place.read(name) if name in sums and ".." not in name.split("/") else None
        if name not in sums:
            raise WrongError(f"The file {name} is not in the list of checksums.")
        if data is None:
            raise WrongError(f"The file {name} is in the list of checksums, and missing.")
        if sha256(data).hexdigest() != sums[name]:
            raise WrongError(f"The file {name} is not what its checksum says.")
    place.used.clear()  # a sum is no check against the record
    return len(sums)
