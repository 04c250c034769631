"""Keys and signed checkpoints as C2SP writes them: signed-note, tlog-checkpoint, cosignature/v1."""

from __future__ import annotations

import base64
import binascii
import re
from hashlib import sha256
from typing import NamedTuple

from ..recount.ballots import UnreadableError
from ..recount.certificate import WrongError
from .curve import signature_holds

LOG_KIND, WITNESS_KIND = 1, 4


class PublicKey(NamedTuple):
    """`name+id+key`, taken apart."""

    name: str
    kind: int
    public: bytes
    key_id: bytes

    def line(self) -> str:
        """The key as it is published and given out on paper."""
        encoded = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"


class Signed(NamedTuple):
    """A checkpoint that the log signed, and who else did: {witness: seconds since 1970}."""

    origin: str
    size: int
    root: bytes
    text: str
    witnesses: dict[str, int]


def read_key(text: str) -> PublicKey:
    """A public key. Raises UnreadableError."""
    name, _, rest = text.removesuffix("\n").partition("+")
    written, _, encoded = rest.partition("+")
    data = base64_of(encoded)
    if (
        not re.fullmatch(r"[^\s+]+", name)
        or data is None
        or len(data) != 33
        or data[0] not in (LOG_KIND, WITNESS_KIND)
    ):
        raise UnreadableError("The key is not one: it is written name+id+key.")
    key_id = sha256(name.encode() + b"\n" + data).digest()[:4]
    if key_id.hex() != written:
        raise UnreadableError(f"The id of the key of {name} does not belong to it.")
    return PublicKey(name, data[0], data[1:], key_id)


def read_keys(data: bytes | None) -> list[PublicKey]:
    """The public keys of a file, one a line; none where there is no file. Raises
    UnreadableError."""
    listed = (data or b"").decode(errors="replace")
    return [read_key(line) for line in listed.removesuffix("\n").split("\n") if listed]


def read_checkpoint(data: bytes, log: PublicKey, witnesses: list[PublicKey]) -> Signed:
    """A checkpoint with all its signatures checked. Raises WrongError for the first that is not
    right, or that nobody known gave."""
    try:
        whole = data.decode()
    except UnicodeDecodeError:
        raise WrongError("The checkpoint is not text.") from None
    text, gap, below = whole.rpartition("\n\n")
    match = re.fullmatch(
        r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)", text, re.ASCII | re.DOTALL
    )
    root = base64_of(match[3]) if match else None
    if not gap or match is None or root is None or not below.endswith("\n"):
        raise WrongError("The checkpoint is not three lines with signatures below them.")
    if match[1] != log.name:
        raise WrongError(f"The checkpoint is of {match[1]}, not of {log.name}.")
    signers: dict[str, int] = {}
    is_signed = False
    for line in below[:-1].split("\n"):
        key, at = _signer(line, text + "\n", [log, *witnesses])
        is_signed = is_signed or key == log
        if key != log:
            signers[key.name] = max(at, signers.get(key.name, 0))
    if not is_signed:
        raise WrongError(f"The checkpoint is not signed by {log.name}.")
    return Signed(match[1], int(match[2]), root, text + "\n", signers)


def base64_of(text: str) -> bytes | None:
    """Base64 in its one spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def _signer(line: str, text: str, keys: list[PublicKey]) -> tuple[PublicKey, int]:
    parts = line.split(" ")
    data = base64_of(parts[2]) if len(parts) == 3 and parts[0] == "\u2014" else None
    if data is None:
        raise WrongError("A signature line of the checkpoint is not well formed.")
    for key in keys:
        if (key.name, key.key_id) == (parts[1], data[:4]):
            stamp = data[4:12] if key.kind == WITNESS_KIND else b""
            at = int.from_bytes(stamp, "big")
            head = f"cosignature/v1\ntime {at}\n" if stamp else ""
            if not signature_holds(key.public, (head + text).encode(), data[4 + len(stamp) :]):
                raise WrongError(f"The signature of {key.name} does not belong to the checkpoint.")
            return key, at
    raise WrongError(f"{parts[1]} signed the checkpoint and is no witness that the record names.")
