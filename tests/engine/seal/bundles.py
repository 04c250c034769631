"""A small bundle with everything that one may hold beside its log, true until a test changes it."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from doorstep.engine.seal.checkpoint import Checkpoint
from doorstep.engine.seal.leaf import leaf_hash
from doorstep.engine.seal.note import LOG, SignerKey
from doorstep.engine.seal.tree import root
from tests.engine.seal.logs import KEY, write
from tests.engine.seal.many import LOG as PUBLIC
from tests.engine.seal.many import WATCHER, WATCHER_HASH, bytes_of_any, one_further_on, resum
from tests.engine.seal.records import FROZEN, Says, good, said, written

AUDIT = SignerKey("example.org/record/log/audit", LOG, bytes(31) + b"\1")
AT = 1_795_000_000


def record() -> list[Says]:
    """The good record, with a witness that stood until it was removed."""
    leaves = good()
    one_further_on(leaves)
    leaves.insert(0, said("witness.added", witness=WATCHER.name, key=WATCHER_HASH))
    return [*leaves, said("witness.removed", witness=WATCHER.name, key=WATCHER_HASH)]


def bundle(folder: Path) -> Path:
    """Write it, with its list of sums."""
    leaves = record()
    written(folder / PUBLIC, leaves)
    write(folder, "rounds/r1/frozen.jsonl", FROZEN)
    hashes = [leaf_hash(bytes_of_any(one)) for one in leaves]
    for size in (1, 20, len(leaves)):
        keep(folder, "public", size, hashes[:size])
    for size in (3, 4):
        keep(folder, "audit", size, hashes[:size], AUDIT)
    write(folder, "record/log/audit/checkpoint", (folder / "checkpoints/audit/4").read_bytes())
    write(folder, "record/log/audit/key", f"{AUDIT.verifier}\n".encode())
    write(folder, "checkpoints/witnesses", f"{WATCHER.verifier}\n".encode())
    write(folder, "checkpoints/words.csv", b"month,leaves,words\n2026-11,1,a b c d e f g h\n")
    resum(folder)
    return folder


def keep(folder: Path, log: str, size: int, hashes: Sequence[bytes], key: SignerKey = KEY) -> None:
    """An earlier checkpoint with a witness's line, and a token of the same digest."""
    note = Checkpoint(key.name, size, root(hashes)).signed(key)
    write(folder, f"checkpoints/{log}/{size}", f"{note}{WATCHER.sign(note.text, at=AT)}".encode())
    token = b"0\x82" + sha256(note.text.encode()).digest() + b"signed by an authority"
    write(folder, f"checkpoints/{log}/{size}.tsr", token)
