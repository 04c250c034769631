"""Copies the public log into a folder of another web server, and never over another log."""

from pathlib import Path
from typing import NoReturn

from doorstep.apps.refused import Refused
from doorstep.engine.seal.checkpoint import opened
from doorstep.engine.seal.faults import SealError
from doorstep.engine.seal.note import VerifierKey
from doorstep.engine.seal.source import Folder
from doorstep.engine.seal.tiles import TileNodes
from doorstep.engine.seal.tree import root_of

from .folder import CHECKPOINT, KEY, LogFolder


def copy_log(log: LogFolder, to: Path) -> int:
    """Bring a copy up to a published log; how many files were new.

    Raises Refused, and writes nothing, where the folder holds another log: of another name or key,
    or one that this log did not grow out of.
    """
    target = LogFolder(to)
    key = VerifierKey.parse((log.read(KEY) or b"").decode())
    signed = opened(log.read(CHECKPOINT) or b"", key)[0]
    _refuse_another_key(target, key)
    shown = target.read(CHECKPOINT)
    if shown is None:
        _refuse_other_tiles(log, target)
        return log.copy_to(target)
    try:
        held = opened(shown, key)[0]
        if held.size > signed.size:
            _refuse(to, f"it has {held.size:,} leaves, and ours has {signed.size:,}")
        if root_of(TileNodes(Folder(log.path).read, held.size), held.size) != held.root:
            _refuse(to, f"its first {held.size:,} leaves are not those of ours")
    except SealError as fault:
        _refuse(to, str(fault).rstrip("."))
    return log.copy_to(target)


def _refuse_another_key(target: LogFolder, key: VerifierKey) -> None:
    there = target.read(KEY)
    if there is not None and there.decode(errors="replace").strip() != str(key):
        name = there.decode(errors="replace").partition("+")[0][:200]
        _refuse(target.path, f"its key is of {name!a}, and is not the one of {key.name}")


def _refuse_other_tiles(log: LogFolder, target: LogFolder) -> None:
    """A copy that was cut off before its first checkpoint holds tiles alone, and each is ours."""
    for one in sorted((target.path / "tile").rglob("*")):
        if one.is_file() and not one.name.startswith("."):
            name = str(one.relative_to(target.path))
            if not _as_far_as_we_have_it(log, name).startswith(one.read_bytes()):
                _refuse(target.path, f"its file {name} has other bytes than ours")


def _as_far_as_we_have_it(log: LogFolder, name: str) -> bytes:
    """The tile that this one is, or has grown into: a partial one is how a larger one begins."""
    whole = name.partition(".p/")[0]
    widths = (one.name for one in (log.path / f"{whole}.p").glob("[0-9]*"))
    names = [whole, *(f"{whole}.p/{width}" for width in sorted(widths, key=int, reverse=True))]
    return next((data for one in names if (data := log.read(one)) is not None), b"")


def _refuse(folder: Path, why: str) -> NoReturn:
    raise Refused(
        f"{folder} holds another record than ours, and nothing there was touched: {why}. Our own "
        "is published. Name a folder that is empty or not there yet, or the one with our copy.",
        code="record-copy",
    )
