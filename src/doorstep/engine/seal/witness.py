"""What an outsider does who watches a log: remember, compare, and sign that it fits together.

Everything a witness knows stands in its own folder: the log's key, the last checkpoint it believed,
its own private key, and the evidence if the log was ever caught. The rules are those of C2SP
tlog-witness: a checkpoint is believed only when it is the log's, and the last one's tree is the
beginning of its tree; what was believed is kept before anything is said.
"""

import base64
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .checkpoint import Checkpoint, opened
from .faults import SealError
from .note import WITNESS, Note, SignerKey, VerifierKey, signature_of
from .source import Source
from .tiles import TileNodes
from .tree import consistency_proof, is_consistent, root_of
from .whole import write_whole

SEEN, LOG_KEY, OWN_KEY, COSIGNED, EVIDENCE = (
    "seen.note", "log.vkey", "witness.key", "cosigned.note", "evidence",
)  # fmt: skip


class CaughtError(SealError):
    """The log signed what does not fit together. The text says what, and where the evidence is."""


@dataclass(frozen=True)
class Sight:
    """What was seen and believed. `before` is what was seen the time before; `cosigned` is the file
    to hand back to the log, where one was asked for."""

    now: Checkpoint
    before: Checkpoint | None
    key: VerifierKey
    key_is_new: bool
    cosigned: Path | None


class Witness:
    """One watcher of one log, with its memory in `keep`."""

    def __init__(self, keep: Path) -> None:
        self.keep = keep
        keep.mkdir(parents=True, exist_ok=True)

    def look(self, source: Source, *, log_key: str | None = None, cosign: bool = False) -> Sight:
        """Fetch the log's checkpoint, compare it with the last one seen, and remember it.

        Raises CaughtError, with the evidence kept, when the log contradicts itself; SealError when
        something else is not as it should be. Neither changes what is remembered.
        """
        with self._alone():
            key, key_is_new = self._key(source, log_key)
            data = source.read("checkpoint")
            now, note = opened(data, key)
            held = self._read(SEEN)
            before = opened(held, key)[0] if held else None
            self._compare(source, before, now, held, data)
            self._write(LOG_KEY, f"{key}\n".encode())
            self._write(SEEN, data)
            cosigned = self._cosign(note) if cosign else None
            return Sight(now, before, key, key_is_new, cosigned)

    def make_key(self, name: str) -> VerifierKey:
        """The witness's own key; made at the first call, under this name."""
        held = self._read(OWN_KEY)
        if held:
            return SignerKey.parse(held.decode()).verifier
        key = SignerKey.new(name, WITNESS)
        handle = os.open(self.keep / OWN_KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(f"{key}\n")
        return key.verifier

    def _key(self, source: Source, given: str | None) -> tuple[VerifierKey, bool]:
        held = self._read(LOG_KEY)
        wanted = VerifierKey.parse(given) if given else None
        if held is None:
            found = wanted or VerifierKey.parse(source.read("key").decode(errors="replace"))
            return found, True
        known = VerifierKey.parse(held.decode(errors="replace"))
        if wanted is not None and wanted != known:
            raise SealError(f"this folder watches {known.name} under another key.")
        return known, False

    def _compare(
        self,
        source: Source,
        before: Checkpoint | None,
        now: Checkpoint,
        held: bytes | None,
        data: bytes,
    ) -> None:
        if before is not None and before == now:
            return
        nodes = TileNodes(source.read, now.size)
        if before is not None and held is not None:
            if now.size < before.size:
                raise self._caught(
                    f"The log shows {now.size:,} leaves; {before.size:,} were signed before. It "
                    "went back. That may be an old copy, or a restored backup: ask whoever runs "
                    "it, and do not sign.",
                    held,
                    data,
                )
            if now.size == before.size:
                raise self._caught(
                    f"SPLIT VIEW. Two different records of {now.size:,} leaves, both signed by "
                    f"{now.origin}.",
                    held,
                    data,
                )
            proof = consistency_proof(nodes, before.size, now.size)
            if not is_consistent(before.size, before.root, now.size, now.root, proof):
                raise self._caught(
                    f"SPLIT VIEW. The record of {now.size:,} leaves does not begin with the "
                    f"{before.size:,} that {now.origin} signed before: its past was rewritten, or "
                    "its files were.",
                    held,
                    data,
                    proof,
                )
        if root_of(nodes, now.size) != now.root:
            raise SealError("the log's files do not lead to the root that it signed.")

    def _caught(
        self, why: str, held: bytes, shown: bytes, proof: list[bytes] | None = None
    ) -> CaughtError:
        folder = EVIDENCE + time.strftime("/%Y-%m-%dT%H%M%SZ", time.gmtime())
        self._write(f"{folder}/seen-before.note", held)
        self._write(f"{folder}/shown-now.note", shown)
        hashes = "".join(base64.b64encode(one).decode() + "\n" for one in proof or [])
        self._write(f"{folder}/why.txt", f"{why}\n{hashes}".encode())
        return CaughtError(f"{why} The evidence is kept in {self.keep / folder}.")

    def _cosign(self, note: Note) -> Path:
        held = self._read(OWN_KEY)
        if held is None:
            raise SealError("this witness has no key yet: give it a name with --name.")
        key = SignerKey.parse(held.decode())
        line = signature_of(key.sign(note.text, at=int(time.time())).rstrip("\n"))
        others = tuple(
            one for one in note.signatures if (one.name, one.key_id) != (line.name, line.key_id)
        )
        self._write(COSIGNED, str(Note(note.text, (*others, line))).encode())
        return self.keep / COSIGNED

    def _read(self, name: str) -> bytes | None:
        path = self.keep / name
        return path.read_bytes() if path.exists() else None

    def _write(self, name: str, data: bytes) -> None:
        write_whole(self.keep / name, data)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Comparing and remembering are one step, however many run at once (C2SP tlog-witness)."""
        with (self.keep / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
