"""Publishes a log: static tiles, entry bundles and a signed checkpoint (docs/record.md).

Whatever was signed once binds for ever. So before anything is signed, the whole tree is computed
from the database and held against every checkpoint that is known of this log: the database's last,
the published one, and one that a witness gave. A database that was restored without its last
leaves, or grew other ones since, is refused: that is recovery mode. And so that it never comes to
that, only what the backup holds already is signed, where there is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from doorstep.apps import backups
from doorstep.apps.refused import Refused
from doorstep.engine.seal import checkpoint as seal
from doorstep.engine.seal.faults import SealError
from doorstep.engine.seal.leaf import leaf_hash
from doorstep.engine.seal.note import Note, SignerKey, signature_of
from doorstep.engine.seal.tiles import (
    WIDTH,
    Tile,
    TileMaker,
    bundle,
    bundles_for,
    entries_path,
    tiles_for,
)
from doorstep.engine.seal.tree import EMPTY_ROOT, Frontier

from .actions.checkpoints import keep_checkpoint
from .folder import CHECKPOINT, KEY, WITNESSES, LogFolder
from .keys import signer
from .models import Checkpoint, Leaf, Log
from .queries import last_cosignatures, latest_checkpoint, size, witnesses_shown

PIECE = 5000
NOBODY = b"none"  # what an operator says when no witness holds a checkpoint
SHOWN = "The published checkpoint"
STORED = "The database's last checkpoint"


@dataclass(frozen=True)
class Published:
    """How a log stands on the web now; `is_new` when this run signed it. `waiting` leaves are not
    signed yet, because the backup may lack them: `why`."""

    log: str
    checkpoint: Checkpoint
    is_new: bool
    waiting: int = 0
    why: str = ""


@dataclass(frozen=True)
class _Tree:
    root: bytes
    tiles: list[tuple[Tile, bytes]]


def folder_of(log: str) -> LogFolder:
    return LogFolder(Path(settings.RECORD_FOLDER) / log)


def publish(*, held_outside: Sequence[bytes] = ()) -> list[Published]:
    """Publish what is new in each log that has a key and a leaf.

    `held_outside` are the last checkpoints that witnesses keep (or b"none"), asked for when this
    machine has lost its own. Raises Refused, with what to do, rather than sign what does not
    follow from all that was signed before.
    """
    found = []
    held = backups.held() if any(map(signer, Log.values)) else None
    for log in Log.values:
        key = signer(log)
        if key is not None and (
            done := publish_log(log, key, held_outside=held_outside, held=held)
        ):
            found.append(done)
    return found


def publish_log(
    log: str,
    key: SignerKey,
    *,
    held_outside: Sequence[bytes] = (),
    held: backups.Held | None = None,
) -> Published | None:
    """Publish one log, as far as the backup `held` it; None while it has no leaf. See `publish`."""
    folder = folder_of(log)
    with folder.locked():
        stands, last = size(log), latest_checkpoint(log)
        promises = _promises(folder, key, last, held_outside)
        if not stands and not promises:
            return None
        _none_missing(stands, promises)
        shown = promises.get(SHOWN)
        now = _signable(log, stands, promises.values(), held)
        why = held.why if held else ""
        if last and shown and shown == promises[STORED] and last.size == now:
            _show(folder, last)
            return Published(log, last, False, stands - now, why)
        tree = _tree(log, now, list(promises.items()), shown.size if shown else 0)
        _write_files(log, folder, tree, now, shown.size if shown else 0)
        is_new = last is None or last.size < now
        if last is None or is_new:
            signed = seal.Checkpoint(key.name, now, tree.root).signed(key)
            last = keep_checkpoint(log, now, tree.root, str(signed))
        folder.replace(KEY, f"{key.verifier}\n".encode())
        _show(folder, last)
        _forget_partials(folder, last.size)
        return Published(log, last, is_new, stands - now, why)


def _signable(
    log: str, stands: int, promises: Iterable[seal.Checkpoint], held: backups.Held | None
) -> int:
    """How many leaves may be signed: those that the backup holds, and what was signed before."""
    if held is None:
        return stands
    now = max([min(stands, held.sizes.get(log, 0)), *(one.size for one in promises)])
    if not now:
        raise Refused(
            f"Nothing is signed yet: {held.why or 'the backup holds nothing of the record yet.'}",
            code="record-not-held",
        )
    return now


def _none_missing(stands: int, promises: Mapping[str, seal.Checkpoint]) -> None:
    for name, promised in promises.items():
        if promised.size > stands:
            raise Refused(
                f"Recovery mode: {name.lower()} is of {promised.size:,} leaves, and this database "
                f"has {stands:,}. It was restored without its last {promised.size - stands:,}, so "
                "nothing is signed. Restore a newer backup; where there is none, bring back what "
                "was published: doorstep recover-record.",
                code="record-behind",
            )


def _promises(
    folder: LogFolder, key: SignerKey, last: Checkpoint | None, held_outside: Sequence[bytes]
) -> dict[str, seal.Checkpoint]:
    """Every checkpoint of this log that is known, by who holds it."""
    found = {}
    if (shown := folder.read(CHECKPOINT)) is not None:
        found[SHOWN] = _opened(shown, key, SHOWN)
    if last is not None:
        found[STORED] = _opened(last.note.encode(), key, STORED)
    ours = [data for data in held_outside if data.startswith(f"{key.name}\n".encode())]
    for number, data in enumerate(ours, start=1):
        name = f"Checkpoint {number} that a witness holds"
        found[name] = _opened(data, key, name)
    begun = last is not None or (folder.path / "tile").exists()
    if begun and not found.keys() - {STORED} and NOBODY not in held_outside:
        # A run that was cut off after signing left every tile; only the last step is missing.
        if last is not None and _has_tiles(folder, last.size):
            return found
        raise Refused(
            f"The folder {folder.path} has lost what was published. Ask a witness for the last "
            "checkpoint it holds and give it: doorstep publish-record --last FILE. If nobody "
            "outside holds one, say: --last none.",
            code="record-folder-lost",
        )
    return found


def _has_tiles(folder: LogFolder, size: int) -> bool:
    edge = tiles_for(size, since=size - 1)
    return all((folder.path / tile.path).exists() for tile in edge)


def _opened(data: bytes, key: SignerKey, name: str) -> seal.Checkpoint:
    try:
        return seal.opened(data, key.verifier)[0]
    except SealError as fault:
        raise Refused(
            f"{name} cannot be trusted: {fault} Nothing was signed.", code="record-checkpoint"
        ) from None


def _tree(log: str, now: int, promises: list[tuple[str, seal.Checkpoint]], since: int) -> _Tree:
    """The tree over the database's leaves, held against every promise on the way."""
    wanted: dict[int, list[tuple[str, bytes]]] = {}
    for name, promised in promises:
        wanted.setdefault(promised.size, []).append((name, promised.root))
    frontier, maker, tiles = Frontier(), TileMaker(since), list[tuple[Tile, bytes]]()
    for name, promised_root in wanted.get(0, []):
        _same(name, 0, promised_root, EMPTY_ROOT)
    hashes = Leaf.objects.filter(log=log, idx__lt=now).order_by("idx")
    for hashed in hashes.values_list("leaf_hash", flat=True).iterator(chunk_size=PIECE):
        frontier.add(bytes(hashed))
        tiles += maker.add(bytes(hashed))
        for name, promised_root in wanted.get(frontier.size, []):
            _same(name, frontier.size, promised_root, frontier.root())
    if frontier.size != now:
        raise Refused(
            f"The {log} log says that it has {now:,} leaves, and {frontier.size:,} were found. Run "
            "`doorstep verify`.",
            code="record-torn",
        )
    return _Tree(frontier.root(), [*tiles, *maker.unfinished()])


def _same(name: str, at: int, promised: bytes, found: bytes) -> None:
    if promised != found:
        raise Refused(
            f"Recovery mode: the first {at:,} leaves of this database are not those of "
            f"{name.lower()}. Its past was changed, or it went on from an older backup, so nothing "
            "is signed. Run `doorstep verify`, and restore the backup that fits the published "
            "record.",
            code="record-forked",
        )


def _write_files(log: str, folder: LogFolder, tree: _Tree, now: int, since: int) -> None:
    for number, width in bundles_for(now, since=since):
        first = number * WIDTH
        leaves = Leaf.objects.filter(log=log, idx__gte=first, idx__lt=first + width)
        rows = list(leaves.order_by("idx").values_list("body", "leaf_hash"))
        for place, (body, hashed) in enumerate(rows):
            if leaf_hash(bytes(body)) != bytes(hashed):
                raise Refused(
                    f"The bytes of leaf {first + place} of the {log} log do not have its hash, so "
                    "nothing is signed. Run `doorstep verify`.",
                    code="record-torn",
                )
        folder.keep(entries_path(number, width), bundle([bytes(body) for body, _ in rows]))
    for tile, data in tree.tiles:
        folder.keep(tile.path, data)


def _forget_partials(folder: LogFolder, shown: int) -> None:
    """Remove what whole tiles took the place of, and what a run that was cut off left of it.

    Only once the larger checkpoint is shown: the one before it is read by its partial tiles.
    """
    for tile in tiles_for(shown):
        if tile.width == WIDTH:
            folder.forget_partial(tile.path)
            if tile.level == 0:
                folder.forget_partial(entries_path(tile.number))


def show_again(log: str) -> None:
    """Bring the lines under the published checkpoint up to date, and sign nothing."""
    folder, last = folder_of(log), latest_checkpoint(log)
    with folder.locked():
        shown = folder.read(CHECKPOINT)
        if last and shown and Note.parse(shown).text == Note.parse(last.note.encode()).text:
            _show(folder, last)


def shown_note(last: Checkpoint) -> str:
    """A checkpoint as everybody reads it, with the witnesses' lines under the log's own."""
    note = Note.parse(last.note.encode())
    lines = [signature_of(one.line.rstrip("\n")) for one in last_cosignatures(last)]
    return str(Note(note.text, (*note.signatures, *lines)))


def _show(folder: LogFolder, last: Checkpoint) -> None:
    known = "".join(f"{one.vkey}\n" for one in witnesses_shown(last)).encode()
    if folder.read(WITNESSES) != known:
        folder.replace(WITNESSES, known)
    data = shown_note(last).encode()
    if folder.read(CHECKPOINT) != data:
        folder.replace(CHECKPOINT, data)
