"""The checkpoints that a bundle keeps: each signed, and each the beginning of the record."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from ..recount.certificate import WrongError
from .files import Place
from .logs import required
from .signed import PublicKey, Signed, read_checkpoint, read_key, read_keys

KEPT = "checkpoints"
AUDIT_IN_A_BUNDLE = "record/log/audit"


class Kept(NamedTuple):
    """Roots of the public log in hex by size, how many checkpoints of the audit log and how many
    timestamps there are, and the keys of every witness that ever signed one."""

    roots: dict[int, str]
    audit: int
    timestamps: int
    witnesses: list[PublicKey]


def read_kept(place: Place, key: PublicKey, signed: Signed, tell: Callable[[int], None]) -> Kept:
    """What a bundle keeps, with every signature checked; nothing of it is held against leaves yet.
    Raises WrongError for the first that is not right."""
    here = place.below(KEPT)
    names = here.names()
    witnesses = read_keys(here.read("witnesses") if "witnesses" in names else None)
    roots: dict[str, dict[int, str]] = {"public": {}, "audit": {}}
    keys, timestamps = {"public": key}, 0
    for number, name in enumerate(names):
        match = re.fullmatch(r"((public|audit)/([1-9][0-9]*))((?:\.[0-9]+)?\.tsr)?", name, re.ASCII)
        if match is None:
            continue
        if match[4]:
            _hold_timestamp(here, name, match[1])
            timestamps += 1
            continue
        log = match[2]
        if log not in keys:
            audit_key = required(place.below(AUDIT_IN_A_BUNDLE), "key")
            keys[log] = read_key(audit_key.decode(errors="replace"))
        one = _checkpoint(here.read(name) or b"", f"{KEPT}/{name}", keys[log], witnesses)
        if log == "public" and one.size > signed.size:
            raise WrongError(f"{KEPT}/{name} is of more leaves than the record has.")
        if str(one.size) != match[3]:
            raise WrongError(f"{KEPT}/{name} is of another size than its name says.")
        roots[log][one.size] = one.root.hex()
        tell(number)
    if "audit" in keys:
        _hold_newest(place, keys["audit"], roots["audit"], witnesses)
    return Kept(roots["public"], len(roots["audit"]), timestamps, witnesses)


def _checkpoint(data: bytes, name: str, key: PublicKey, witnesses: list[PublicKey]) -> Signed:
    try:
        return read_checkpoint(data, key, witnesses)
    except WrongError as fault:
        raise WrongError(f"{name}: {fault}") from None


def _hold_newest(
    place: Place, key: PublicKey, roots: dict[int, str], witnesses: list[PublicKey]
) -> None:
    """The audit log's last checkpoint stands beside the public one's, and is kept here too."""
    name = f"{AUDIT_IN_A_BUNDLE}/checkpoint"
    newest = _checkpoint(
        required(place.below(AUDIT_IN_A_BUNDLE), "checkpoint"), name, key, witnesses
    )
    if max(roots) != newest.size or roots[newest.size] != newest.root.hex():
        raise WrongError(f"{name} is not the last that is kept in {KEPT}/audit.")


def _hold_timestamp(here: Place, name: str, note: str) -> None:
    """A timestamp holds the SHA-256 of the checkpoint's three lines (RFC 3161, messageImprint)."""
    text, gap, _signatures = (here.read(note) or b"").rpartition(b"\n\n")
    if not gap or sha256(text + b"\n").digest() not in (here.read(name) or b""):
        raise WrongError(f"{KEPT}/{name} is no timestamp of the checkpoint beside it.")
