"""A copy of the public log that somebody else kept. It is held against our key and against all that
we signed and show before any of it is believed, and nothing of ours is touched until then."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from doorstep.apps.record.folder import CHECKPOINT, KEY, LogFolder
from doorstep.apps.record.models import Log
from doorstep.apps.record.publishing import SHOWN, STORED, folder_of
from doorstep.apps.record.queries import latest_checkpoint
from doorstep.apps.refused import Refused
from doorstep.engine.seal.checkpoint import Checkpoint, opened
from doorstep.engine.seal.faults import SealError
from doorstep.engine.seal.leaf import leaf_hash
from doorstep.engine.seal.note import SignerKey
from doorstep.engine.seal.tiles import (
    WIDTH,
    TileMaker,
    bundle,
    bundles_for,
    entries_of,
    entries_path,
)
from doorstep.engine.seal.tree import Frontier

IN_A_BUNDLE = Path("record", "log", "public")
UNTOUCHED = "Nothing was brought back, and nothing of ours was touched."


@contextmanager
def checked(copy: Path, key: SignerKey) -> Iterator[LogFolder]:
    """The log of a copy, or of a bundle, in a scratch folder: what its leaves lead to, no more. Our
    own folder is locked meanwhile.

    Raises Refused where it is no copy of our log, is older than what we show, or contradicts it.
    """
    theirs, ours = _folder_in(copy), folder_of(Log.PUBLIC)
    signed = _opened(theirs, key)
    with ours.locked(), tempfile.TemporaryDirectory(prefix="doorstep-copy-") as scratch:
        known = _known(ours, key)
        for name, one in known.items():
            if one.size > signed.size:
                _refuse(
                    f"The copy in {copy} is older than what we have: it has {signed.size:,} "
                    f"leaves, and {name.lower()} has {one.size:,}. Look for a newer copy."
                )
        found = LogFolder(Path(scratch))
        try:
            _write(theirs, found, signed, known)
        except SealError as fault:
            _refuse(f"The copy in {copy} is damaged: {fault} Look for another copy.")
        found.replace(KEY, f"{key.verifier}\n".encode())
        # Where both are the same, ours has the lines of our witnesses.
        same = known.get(SHOWN) == signed
        found.replace(CHECKPOINT, (ours if same else theirs).read(CHECKPOINT) or b"")
        yield found


def leaves_of(folder: LogFolder, first: int, end: int) -> Iterator[bytes]:
    """The leaves from `first` to before `end`, out of the published bundles."""
    for number in range(first // WIDTH, -(-end // WIDTH)):
        width = min(WIDTH, end - number * WIDTH)
        data, found = folder.read(entries_path(number, width)), width
        if data is None:  # a log may drop a partial bundle once the whole one stands
            data, found = folder.read(entries_path(number)), WIDTH
        if data is None:
            raise Refused(
                f"The bundle {entries_path(number, width)} is missing in {folder.path}. Ask "
                "whoever copied the record for theirs: doorstep recover-record --copy FOLDER.",
                code="record-bundle-missing",
            )
        yield from entries_of(data, found)[max(first - number * WIDTH, 0) : width]


def _folder_in(copy: Path) -> LogFolder:
    if not copy.is_dir():
        _refuse(f"There is no folder {copy}. Name one that holds a copy of the log, or a bundle.")
    found = LogFolder(copy / IN_A_BUNDLE if (copy / IN_A_BUNDLE).is_dir() else copy)
    if found.read(CHECKPOINT) is None:
        _refuse(
            f"{copy} is no copy of a record: there is no {CHECKPOINT} in it. Name the folder in "
            "which that file stands, or a bundle."
        )
    return found


def _opened(theirs: LogFolder, key: SignerKey) -> Checkpoint:
    try:
        return opened(theirs.read(CHECKPOINT) or b"", key.verifier)[0]
    except SealError as fault:
        _refuse(f"The copy in {theirs.path} is not one of our record: {fault}")


def _known(ours: LogFolder, key: SignerKey) -> dict[str, Checkpoint]:
    """What we show and what our database signed, by name, as far as there is any."""
    last, shown = latest_checkpoint(Log.PUBLIC), ours.read(CHECKPOINT)
    try:
        return {
            **({SHOWN: opened(shown, key.verifier)[0]} if shown is not None else {}),
            **({STORED: opened(last.note.encode(), key.verifier)[0]} if last else {}),
        }
    except SealError as fault:
        _refuse(f"A checkpoint of our own cannot be trusted: {fault} Run: doorstep verify.")


def _write(
    theirs: LogFolder, found: LogFolder, signed: Checkpoint, known: dict[str, Checkpoint]
) -> None:
    """Make every tile and bundle anew out of the leaves, on the way past what we know."""
    frontier, maker = Frontier(), TileMaker()
    for number, width in bundles_for(signed.size):
        first = number * WIDTH
        leaves = list(leaves_of(theirs, first, first + width))
        found.keep(entries_path(number, width), bundle(leaves))
        for hashed in map(leaf_hash, leaves):
            frontier.add(hashed)
            for tile, data in maker.add(hashed):
                found.keep(tile.path, data)
            _same(frontier, signed, known)
    for tile, data in maker.unfinished():
        found.keep(tile.path, data)


def _same(frontier: Frontier, signed: Checkpoint, known: dict[str, Checkpoint]) -> None:
    if frontier.size == signed.size and frontier.root() != signed.root:
        raise SealError("its leaves do not lead to the root that was signed.")
    for name, one in known.items():
        if frontier.size == one.size and frontier.root() != one.root:
            _refuse(
                f"The copy contradicts what we have: its first {one.size:,} leaves are not those "
                f"of {name.lower()}, and our key signed both. Keep the copy: somebody else may "
                "hold the key."
            )


def _refuse(why: str) -> NoReturn:
    raise Refused(f"{why} {UNTOUCHED}", code="record-copy")
