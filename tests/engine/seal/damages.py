"""Damages: what happens to the files of a record after they were signed."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def other_bytes(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data)) if data else 0
    return chance.choice(
        (
            data[:at],
            data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
            data[:at] + chance.choice((b'"', b";", b"\r", b"\n", b",", b"1", b"\x85")) + data[at:],
            data + b"\n",
            data.replace(b"\n", b"\r\n"),
        )
    )


def a_bit_is_flipped(folder: Path, _log: Path, chance: random.Random) -> None:
    path = chance.choice([path for path in files_of(folder) if path.stat().st_size])
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def a_file_is_gone(folder: Path, _log: Path, chance: random.Random) -> None:
    chance.choice(files_of(folder)).unlink()


def a_file_is_cut(folder: Path, _log: Path, chance: random.Random) -> None:
    path = chance.choice(files_of(folder))
    path.write_bytes(other_bytes(path.read_bytes(), chance))


def a_file_too_many(folder: Path, log: Path, chance: random.Random) -> None:
    (chance.choice((folder, log)) / "more.txt").write_text("x")


def an_old_partial_tile_differs(_folder: Path, log: Path, chance: random.Random) -> None:
    kind = chance.choice(("0", "entries"))
    path = log / f"tile/{kind}/000.p/7"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(chance.choice((b"", b"x", bytes(32))))


def a_whole_tile_took_a_partial_ones_place(_folder: Path, log: Path, chance: random.Random) -> None:
    """As a log looks to whoever holds its checkpoint from before; the odd one grew otherwise."""
    for kind, more in (("0", bytes(32)), ("entries", b"\0\0")):
        for partial in sorted((log / "tile" / kind).glob("*.p")):
            (newest,) = partial.iterdir()
            data = newest.read_bytes() + more * (256 - int(newest.name))
            shutil.rmtree(partial)
            partial.with_suffix("").write_bytes(data[chance.choice((0, 0, 0, 32)) :])


def a_larger_tile_is_there_already(_folder: Path, log: Path, chance: random.Random) -> None:
    """What a publisher writes first, before it shows the checkpoint that needs it."""
    for partial in sorted((log / "tile/0").glob("*.p")):
        (newest,) = partial.iterdir()
        more = chance.choice((bytes(32), b""))
        (partial / f"{int(newest.name) + 1}").write_bytes(newest.read_bytes() + more)
        (partial / "new").write_bytes(newest.read_bytes()[:32] + more)


def a_readers_note_lies_there(folder: Path, _log: Path, _chance: random.Random) -> None:
    (folder / "doorstep-seen.json").write_text("{}")


def a_line_is_added(_folder: Path, log: Path, chance: random.Random) -> None:
    name = chance.choice(("checkpoint", "witnesses", "key"))
    before = (log / name).read_bytes() if (log / name).exists() else b""
    more = (b"\n", b"x\n", "— x AAAA\n".encode(), b"a+00000000+AAAA\n")
    (log / name).write_bytes(before + chance.choice(more))


def a_checkpoint_is_damaged(_folder: Path, log: Path, chance: random.Random) -> None:
    """The short file that everything hangs on gets more than its share of bad luck."""
    path = log / "checkpoint"
    path.write_bytes(other_bytes(path.read_bytes(), chance))


DAMAGES: dict[str, Callable[[Path, Path, random.Random], None]] = {
    do.__name__: do
    for do in (
        a_bit_is_flipped, a_file_is_gone, a_file_is_cut, a_file_too_many,
        an_old_partial_tile_differs, a_line_is_added, a_checkpoint_is_damaged,
        a_whole_tile_took_a_partial_ones_place, a_larger_tile_is_there_already,
        a_readers_note_lies_there,
    )
}  # fmt: skip
