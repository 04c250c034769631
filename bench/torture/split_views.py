"""Shows a witness another history: split, rewritten, gone back or damaged; it must refuse.

And two histories to two witnesses, who both sign: when they meet, each must hold what proves it.
"""

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
    return [
        Figure("T13", "a second history", "; ".join([told, *faults]), not faults),
        _two_witnesses(options, many),
    ]


def _two_witnesses(options: Options, many: int) -> Figure:
    """Each sees one history alone, and signs it, as nothing tells it of the other."""
    chance, faults, evidence = options.chance("two"), list[str](), 0
    for done in range(1, many + 1):
        trick = chance.choice([_split, _rewritten])
        found, told = _meet(options.folder / f"two-{done}", trick, chance)
        evidence += len(found)
        faults += [f"{each} in try {done}" for each in told]
        options.say(f"{done:,} of {many:,} meetings, {len(faults)} in which it was not proved")
    figure = (
        f"{many:,} times two witnesses signed one each; when they met, both refused and kept "
        f"{evidence:,} files of evidence; not proved {len(faults)}"
    )
    return Figure(
        "T13", "two witnesses, two histories", "; ".join([figure, *faults[:5]]), not faults
    )


def _meet(folder: Path, trick: Trick, chance: Random) -> tuple[list[Path], list[str]]:
    """The evidence of both after they looked at what the other had been shown, and what failed."""
    from doorstep.engine.seal.source import Folder
    from doorstep.engine.seal.witness import CaughtError, Witness
    from tests.engine.seal.logs import leaves, publish

    honest = leaves(chance.randrange(2, LONGEST))
    names = ("council", "library")
    logs = {name: folder / f"log-{name}" for name in names}
    publish(logs["council"], honest)
    trick(logs["library"], honest, chance)
    witnesses, signed = {name: Witness(folder / name) for name in names}, {}
    for name, witness in witnesses.items():
        witness.make_key(f"{name}.example.org/witness")
        signed[name] = witness.look(Folder(logs[name]), cosign=True).cosigned.read_bytes()
    found, faults = list[Path](), list[str]()
    for name, other in (names, names[::-1]):
        try:
            witnesses[name].look(Folder(logs[other]), cosign=True)
            faults.append(f"the {name} signed both")
        except CaughtError:
            mine = sorted((folder / name).glob("evidence/*/*"))
            faults += _unproved(mine, signed[name], signed[other])
            found += mine
    shutil.rmtree(folder)
    return found, faults


def _unproved(evidence: list[Path], mine: bytes, theirs: bytes) -> list[str]:
    """Whether two checkpoints that the log itself signed lie beside why they cannot both be."""
    from doorstep.engine.seal.checkpoint import opened
    from tests.engine.seal.logs import KEY

    files = {path.name: path.read_bytes() for path in evidence}
    if set(files) != {"seen-before.note", "shown-now.note", "why.txt"}:
        return [f"evidence of {sorted(files)}"]
    kept = [opened(files[name], KEY.verifier)[0] for name in ("seen-before.note", "shown-now.note")]
    if kept != [opened(note, KEY.verifier)[0] for note in (mine, theirs)]:
        return ["other checkpoints in the evidence than were signed"]
    return []


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
