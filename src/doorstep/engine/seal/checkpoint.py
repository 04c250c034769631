"""A signed promise of a log: how long it is, and the root over all of it. C2SP tlog-checkpoint.

https://c2sp.org/tlog-checkpoint
"""

import base64
import binascii
import re
from dataclasses import dataclass

from .faults import SealError
from .note import Note, SignerKey, VerifierKey
from .tree import HASH_BYTES

MAX_SIZE = (1 << 63) - 1


@dataclass(frozen=True)
class Checkpoint:
    """The first three lines: the log's name, how many leaves it has, their root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Raises SealError for anything else, and for lines after the third: we sign none."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise SealError("a checkpoint is three lines: the log's name, its size, its root.")
        if not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1], re.ASCII) or int(lines[1]) > MAX_SIZE:
            raise SealError("the size in this checkpoint is no whole number.")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except (binascii.Error, ValueError):
            root = b""
        found = cls(lines[0], int(lines[1]), root)
        if len(root) != HASH_BYTES or found.text != text:
            raise SealError("the root in this checkpoint is not 32 bytes in base64.")
        return found

    def signed(self, key: SignerKey) -> Note:
        """This checkpoint with the log's signature below it."""
        return Note.parse((self.text + "\n" + key.sign(self.text)).encode())


def opened(data: bytes, key: VerifierKey) -> tuple[Checkpoint, Note]:
    """A checkpoint that this key of a log signed, with everything that stands below it.

    Raises SealError when it is none, is of another log, or is not signed by the key.
    """
    note = Note.parse(data)
    found = Checkpoint.parse(note.text)
    if found.origin != key.name:
        raise SealError(f"this checkpoint is of {found.origin}, not of {key.name}.")
    if note.signed_at(key) is None:
        raise SealError(f"{key.name} has not signed this checkpoint.")
    return found, note
