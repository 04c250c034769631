"""Signed notes and the keys that sign them: C2SP signed-note and tlog-cosignature.

https://c2sp.org/signed-note  https://c2sp.org/tlog-cosignature

A note is text, an empty line, and one line for each signature. A log signs the text itself; a
witness signs it with the time at which it looked (`cosignature/v1`).
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from .faults import SealError

LOG, WITNESS = 1, 4  # C2SP's numbers for Ed25519 over a note, and for a cosignature/v1
DASH = "\u2014"
MAX_NOTE_BYTES = 64 * 1024
MAX_SIGNATURES = 64
_KIND = {LOG: "log", WITNESS: "witness"}
_NAME = re.compile(r"[^\s+\x00-\x1f]{1,200}")


@dataclass(frozen=True)
class VerifierKey:
    """Who may sign, as `name+id+key` (a “vkey”): public, printed on paper, typed into commands."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name, newline, kind, public key)."""
        named = self.name.encode() + b"\n" + bytes([self.kind])
        return sha256(named + self.public).digest()[:4]

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Raises SealError for anything that is not a vkey of a log or a witness."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        data = _decoded(encoded)
        if not _NAME.fullmatch(name) or data is None or len(data) != 33:
            raise SealError("this is no key: write it as name+id+key, on one line.")
        if data[0] not in _KIND:
            raise SealError("this key is of a kind that is not known here.")
        key = cls(name, data[0], data[1:])
        if key.id.hex() != key_id:
            raise SealError("the id of this key does not belong to it: a letter may be wrong.")
        return key

    def __str__(self) -> str:
        encoded = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{encoded}"


@dataclass(frozen=True)
class SignerKey:
    """The private half. `str` gives the file that keeps it: whoever reads it can sign."""

    name: str
    kind: int
    seed: bytes

    @classmethod
    def new(cls, name: str, kind: int) -> "SignerKey":
        if not _NAME.fullmatch(name):
            raise SealError("a key's name has no spaces and no plus, such as example.org/log.")
        return cls(name, kind, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> "SignerKey":
        """Raises SealError for anything that `str` of a key did not write."""
        parts = text.strip().split("+", 4)
        data = _decoded(parts[4]) if len(parts) == 5 and parts[:2] == ["PRIVATE", "KEY"] else None
        if data is None or len(data) != 33 or data[0] not in _KIND:
            raise SealError("this is no private key of a log or a witness.")
        key = cls(parts[2], data[0], data[1:])
        if key.verifier.id.hex() != parts[3]:
            raise SealError("the id of this private key does not belong to it.")
        return key

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.kind, self._private.public_key().public_bytes_raw())

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def sign(self, text: str, *, at: int | None = None) -> str:
        """A signature line for a note's text. A witness says `at`, in whole seconds since 1970."""
        if (self.kind == WITNESS) != (at is not None):
            raise ValueError("a witness signs a time, a log does not")
        stamp = b"" if at is None else at.to_bytes(8, "big")
        signature = self._private.sign(_message(text, at))
        encoded = base64.b64encode(self.verifier.id + stamp + signature).decode()
        return f"{DASH} {self.name} {encoded}\n"

    def __str__(self) -> str:
        encoded = base64.b64encode(bytes([self.kind]) + self.seed).decode()
        return f"PRIVATE+KEY+{self.name}+{self.verifier.id.hex()}+{encoded}"


@dataclass(frozen=True)
class Signature:
    """One signature line, not yet believed."""

    name: str
    key_id: bytes
    data: bytes

    @property
    def line(self) -> str:
        return f"{DASH} {self.name} {base64.b64encode(self.key_id + self.data).decode()}\n"


@dataclass(frozen=True)
class Note:
    """A text (with its last newline) and the signatures below it."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, data: bytes) -> "Note":
        """Raises SealError for anything that is no signed note."""
        if len(data) > MAX_NOTE_BYTES:
            raise SealError("the note is too long to be one.")
        try:
            whole = data.decode()
        except UnicodeDecodeError:
            raise SealError("the note is not UTF-8.") from None
        if re.search(r"[\x00-\x09\x0b-\x1f]", whole):
            raise SealError("the note holds control characters.")
        text, gap, below = whole.rpartition("\n\n")
        if not gap or not text or not below.endswith("\n"):
            raise SealError("the note has no signatures below an empty line.")
        lines = below[:-1].split("\n")
        if len(lines) > MAX_SIGNATURES:
            raise SealError("the note has too many signatures.")
        return cls(text + "\n", tuple(signature_of(line) for line in lines))

    def __str__(self) -> str:
        return self.text + "\n" + "".join(one.line for one in self.signatures)

    def signed_at(self, key: VerifierKey) -> int | None:
        """When this key signed the note, in seconds since 1970; 0 for a log, which signs no time.
        None when it did not. Raises SealError when a line claims its signature falsely."""
        found = [one for one in self.signatures if (one.name, one.key_id) == (key.name, key.id)]
        times = [_checked(self.text, one, key) for one in found]
        return max(times) if times else None


def signature_of(line: str) -> Signature:
    """A signature line, without its newline; SealError when it is none."""
    parts = line.split(" ")
    data = _decoded(parts[2]) if len(parts) == 3 else None
    if data is None or parts[0] != DASH or not _NAME.fullmatch(parts[1]) or len(data) <= 4:
        raise SealError("a signature line of the note is not well formed.")
    return Signature(parts[1], data[:4], data[4:])


def _checked(text: str, signature: Signature, key: VerifierKey) -> int:
    """The time that was signed; SealError when the signature is not this key's over this text."""
    stamp_bytes = 8 if key.kind == WITNESS else 0
    at = int.from_bytes(signature.data[:stamp_bytes], "big")
    try:
        if len(signature.data) != stamp_bytes + 64 or at >= 1 << 63:
            raise InvalidSignature
        Ed25519PublicKey.from_public_bytes(key.public).verify(
            signature.data[stamp_bytes:], _message(text, at if stamp_bytes else None)
        )
    except (InvalidSignature, ValueError):
        raise SealError(f"the signature of {key.name} does not belong to this text.") from None
    return at


def _message(text: str, at: int | None) -> bytes:
    head = "" if at is None else f"cosignature/v1\ntime {at}\n"
    return (head + text).encode()


def _decoded(text: str) -> bytes | None:
    """Base64 in its one spelling; None for anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None
