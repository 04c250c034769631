"""`doorstep recover-record`: brings back leaves that were signed and published, and then lost with
a machine, because only an older backup was left (docs/record.md)."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from doorstep.apps.ledger.actions.recovering import recover_account, recover_entry
from doorstep.apps.record.actions import lock_head, restore_leaf, write_leaf
from doorstep.apps.record.folder import CHECKPOINT, LogFolder
from doorstep.apps.record.keys import signer
from doorstep.apps.record.models import Leaf, Log
from doorstep.apps.record.publishing import folder_of
from doorstep.apps.record.queries import size
from doorstep.apps.refused import Refused
from doorstep.engine.seal.canonical import CanonicalError, parse
from doorstep.engine.seal.checkpoint import Checkpoint, opened
from doorstep.engine.seal.faults import SealError
from doorstep.engine.seal.leaf import leaf_hash
from doorstep.engine.seal.tree import Frontier
from doorstep.site.operations import OPERATOR
from doorstep.site.upkeep.copies import checked, leaves_of

RECOVERED = "record.tail_recovered"
# Leaves that are all there is to what they tell, or from which the rest is made again.
WHOLE = ("ledger.", "upkeep.", "record.")
PIECE = 5000


@dataclass(frozen=True)
class Recovered:
    """Which leaves of a log came back (`first` to before `end`), and how many of them have lost
    the rows that stood beside them."""

    log: str
    first: int
    end: int
    without_rows: int


def recover(copy: Path | None = None) -> list[Recovered]:
    """Bring back what is missing of each log, from the published folder or from a copy of the
    public one. Raises Refused, with nothing written, when it does not lead to what was signed."""
    key = signer(Log.PUBLIC)
    if key is None:
        raise Refused(
            f"There is no key of the record in {settings.RECORD_KEYS}, so nobody can tell which "
            "leaves were signed. Put the copy of that file back first.",
            code="record-key-missing",
        )
    if copy is None:
        with transaction.atomic():
            return _recover(folder_of(Log.PUBLIC))
    with checked(copy, key) as found, transaction.atomic():
        done = _recover(found)
        found.copy_to(folder_of(Log.PUBLIC))
    return done


def _recover(public: LogFolder) -> list[Recovered]:
    if public.read(CHECKPOINT) is None:
        raise Refused(
            f"Nothing published stands in {public.path}, so nobody can tell what is missing. If it "
            "was lost, give a copy: doorstep recover-record --copy FOLDER.",
            code="record-folder-lost",
        )
    done = []
    for log in Log.values:
        folder = public if log == Log.PUBLIC else folder_of(log)
        if (found := _recover_log(log, folder)) is not None:
            done.append(found)
    for one in done:
        write_leaf(
            RECOVERED,
            {
                "log": one.log, "from": one.first, "to": one.end,
                "without_rows": one.without_rows, "actor": OPERATOR.as_leaf(),
            },
        )  # fmt: skip
    return done


def _recover_log(log: str, folder: LogFolder) -> Recovered | None:
    signed = _signed(log, folder)
    if signed is None:
        return None
    first, _chain = lock_head(log)
    if signed.size <= first:
        _lead_to(log, [], signed)
        return None
    try:
        missing = list(leaves_of(folder, first, signed.size))
        _lead_to(log, missing, signed)
        for written in missing:
            _write(log, written)
    except (SealError, CanonicalError, IntegrityError, KeyError, ValueError) as fault:
        raise Refused(
            f"Nothing was brought back: the published leaves cannot be written here ({fault}).",
            code="record-recover",
        ) from fault
    bare = [written for written in missing if not _kind(written).startswith(WHOLE)]
    return Recovered(log, first, signed.size, len(bare))


def _signed(log: str, folder: LogFolder) -> Checkpoint | None:
    key, shown = signer(log), folder.read(CHECKPOINT)
    if shown is None or key is None:
        return None
    try:
        return opened(shown, key.verifier)[0]
    except SealError as fault:
        raise Refused(
            f"The published checkpoint of the {log} log cannot be trusted: {fault}",
            code="record-checkpoint",
        ) from None


def _lead_to(log: str, missing: list[bytes], signed: Checkpoint) -> None:
    frontier = Frontier()
    hashes = Leaf.objects.filter(log=log, idx__lt=signed.size).order_by("idx")
    for hashed in hashes.values_list("leaf_hash", flat=True).iterator(chunk_size=PIECE):
        frontier.add(bytes(hashed))
    for written in missing:
        frontier.add(leaf_hash(written))
    if frontier.root() != signed.root:
        raise Refused(
            f"Nothing was brought back: this database's {size(log):,} leaves of the {log} log, "
            "with the published ones behind them, are not what was signed. Either it went on from "
            "an older backup, or the copy was changed.",
            code="record-forked",
        )


def _write(log: str, written: bytes) -> None:
    kind, body = _kind(written), parse(written)
    if not isinstance(body, dict):
        raise CanonicalError("a leaf is an object")
    is_entry = log == Log.PUBLIC and kind == "ledger.journal"
    if is_entry:
        recover_entry(body)
    leaf = restore_leaf(written, log=log, journal_seq=int(str(body["seq"])) if is_entry else None)
    if log == Log.PUBLIC and kind == "ledger.account":
        recover_account(leaf, body)


def _kind(written: bytes) -> str:
    body = parse(written)
    return str(body["kind"]) if isinstance(body, dict) else ""


def say(done: list[Recovered]) -> str:
    if not done:
        return "Nothing is missing: this database holds every leaf that was published."
    told = [
        f"{one.log}: leaves {one.first:,} to {one.end - 1:,} are back as they were published; what "
        f"stood beside {one.without_rows:,} of them is lost."
        for one in done
    ]
    return "\n".join([*told, "Next: doorstep invariants, then doorstep publish-record."])
