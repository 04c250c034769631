"""Small logs in folders, signed like real ones, to be watched, altered and split."""

from collections.abc import Sequence
from pathlib import Path

from doorstep.engine.seal.checkpoint import Checkpoint
from doorstep.engine.seal.leaf import leaf_hash
from doorstep.engine.seal.note import LOG, SignerKey
from doorstep.engine.seal.tiles import WIDTH, TileMaker, bundle, bundles_for, entries_path
from doorstep.engine.seal.tree import root

KEY = SignerKey("example.org/record/log/public", LOG, bytes(range(32)))


def write(folder: Path, name: str, data: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def publish(folder: Path, leaves: Sequence[bytes], key: SignerKey = KEY) -> Checkpoint:
    """Write a whole log into a folder. Earlier partial tiles stay, as a real log may leave them."""
    maker = TileMaker()
    for leaf in leaves:
        for tile, data in maker.add(leaf_hash(leaf)):
            write(folder, tile.path, data)
    for tile, data in maker.unfinished():
        write(folder, tile.path, data)
    for number, width in bundles_for(len(leaves)):
        first = number * WIDTH
        write(folder, entries_path(number, width), bundle(leaves[first : first + width]))
    now = Checkpoint(key.name, len(leaves), root(map(leaf_hash, leaves)))
    write(folder, "key", f"{key.verifier}\n".encode())
    write(folder, "checkpoint", str(now.signed(key)).encode())
    return now


def leaves(count: int, story: str = "") -> list[bytes]:
    return [f'{{"leaf":{number},"story":"{story}"}}'.encode() for number in range(count)]
