"""Shows a witness another history: split, rewritten, gone back or damaged; it must refuse."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TypeAlias

from bench.torture import Figure, Options

NUMBERS = ("T13",)
EACH_DATABASE = False

Trick: TypeAlias = Callable[[Path, list[bytes], Random], None]

LONGEST = 700
WITNESS = "council.example.org/witness"


def main(options: Options) -> list[Figure]:
    chance, many = options.chance(), options.size(60, 1_000)
    tried, deceived, unproved = Counter[str](), list[str](), list[str]()
    for done in range(1, many + 1):
        trick = chance.choice(TRICKS)
        name = trick.__name__.strip("_")
        signed, kept = _deceive(options.folder / f"try-{done}", trick, chance)
        tried[name] += 1
        if signed:
            deceived.append(f"{name} in try {done}")
        if trick is not _damaged and not kept:
            unproved.append(f"{name} in try {done}")
        options.say(f"{done:,} of {many:,}, {len(deceived)} signed, {len(unproved)} unproved")
    told = (
        f"{many:,} second histories ({', '.join(f'{n} {name}' for name, n in tried.items())}): "
        f"signed {len(deceived)}, evidence missing {len(unproved)}"
    )
    faults = [*deceived, *unproved][:5]
    return [Figure("T13", "a second history", "; ".join([told, *faults]), not faults)]


def _deceive(folder: Path, trick: Trick, chance: Random) -> tuple[bool, bool]:
    """Whether the witness signed something else than what it saw first, or forgot what it saw; and
    whether it kept what proves the attempt."""
    from doorstep.engine.seal.faults import SealError
    from doorstep.engine.seal.source import Folder
    from doorstep.engine.seal.witness import Witness
    from tests.engine.seal.logs import leaves, publish

    log, witness = folder / "log", Witness(folder / "watch")
    witness.make_key(WITNESS)
    size = chance.randrange(2, LONGEST)
    honest = leaves(size)
    publish(log, honest)
    first = witness.look(Folder(log), cosign=True).cosigned
    assert first
    before = first.read_bytes()
    trick(log, honest, chance)
    try:
        witness.look(Folder(log), cosign=True)
    except SealError:
        signed = first.read_bytes() != before
    else:
        signed = True
    kept = any(witness.keep.glob("evidence/*/why.txt"))
    shutil.rmtree(log)
    publish(log, leaves(size + chance.randrange(1, LONGEST)))  # it goes on with the true one
    witness.look(Folder(log), cosign=True)
    shutil.rmtree(folder)
    return signed, kept


def _split(log: Path, honest: list[bytes], chance: Random) -> None:
    """As many leaves, and one or more of them others."""
    from tests.engine.seal.logs import publish

    publish(log, _rewritten_leaves(honest, chance))


def _rewritten(log: Path, honest: list[bytes], chance: Random) -> None:
    """More leaves, and one or more of the old ones others."""
    from tests.engine.seal.logs import publish

    more = [b'{"more":%d}' % n for n in range(chance.randrange(1, LONGEST))]
    publish(log, [*_rewritten_leaves(honest, chance), *more])


def _gone_back(log: Path, honest: list[bytes], chance: Random) -> None:
    from tests.engine.seal.logs import publish

    publish(log, honest[: chance.randrange(1, len(honest))])


def _damaged(log: Path, honest: list[bytes], chance: Random) -> None:
    """A longer checkpoint whose tiles do not lead to it: one bit of one of them is flipped."""
    from doorstep.engine.seal.tiles import tiles_for
    from tests.engine.seal.logs import publish

    publish(log, [*honest, b'{"more":1}'])
    tile = log / next(tiles_for(len(honest) + 1, since=len(honest))).path
    data = bytearray(tile.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    tile.write_bytes(data)


def _rewritten_leaves(honest: list[bytes], chance: Random) -> list[bytes]:
    again = list(honest)
    for place in {chance.randrange(len(again)) for _ in range(chance.randrange(1, 4))}:
        again[place] = b'{"rewritten":%d}' % place
    return again


TRICKS: tuple[Trick, ...] = (_split, _rewritten, _gone_back, _damaged)
