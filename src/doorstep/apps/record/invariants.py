"""What must always hold of the record: its leaves, its seals, and what was signed of it."""

from collections.abc import Iterator

from django.db import connection
from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import holds
from doorstep.engine.seal.checkpoint import Checkpoint as Signed
from doorstep.engine.seal.faults import SealError
from doorstep.engine.seal.note import Note

from . import seals
from .checks import durability_faults
from .folder import CHECKPOINT
from .models import Checkpoint, Leaf, Log
from .publishing import folder_of
from .queries import size
from .verify import Finding, root_at, verify_checkpoints, verify_record


@holds(
    "record.seals",
    _("Every lock that keeps rows from being changed is in the database, word for word."),
    lambda: len(seals.expected(connection.vendor)),
)
def seals_stand() -> Iterator[Finding]:
    for name in seals.missing_seals():
        yield Finding(f"Seal {name}", "it is missing or altered. Run: doorstep migrate")


@holds(
    "record.durable",
    _("What somebody was told is kept was on the disk before they were told."),
    lambda: 1,
)
def commits_are_durable() -> Iterator[Finding]:
    for fault in durability_faults():
        yield Finding("The database", fault)


holds(
    "record.leaves",
    _("Every line of the record is as it was written, and none is missing."),
    Leaf.objects.count,
)(verify_record)
holds(
    "record.checkpoints",
    _("Everything that was ever signed is signed over the lines that stand now."),
    Checkpoint.objects.count,
)(verify_checkpoints)


@holds(
    "record.published",
    _("What is published is the beginning of what is kept here, and nothing in it is missing."),
    lambda: len(_published()),
)
def published_is_kept() -> Iterator[Finding]:
    for log, data in _published().items():
        where = f"The published checkpoint of the {log} log"
        try:
            shown = Signed.parse(Note.parse(data).text)
        except SealError as fault:
            yield Finding(where, f"it cannot be read: {fault}")
            continue
        if shown.size > (now := size(log)):
            yield Finding(where, f"it is of {shown.size:,} leaves, and only {now:,} stand here.")
        elif root_at(log, shown.size) != shown.root:
            yield Finding(where, "the leaves that stand here are not those that it signed.")


def _published() -> dict[str, bytes]:
    found = {log: folder_of(log).read(CHECKPOINT) for log in Log.values}
    return {log: data for log, data in found.items() if data is not None}
