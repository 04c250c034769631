"""What the commands about the published record do, and what they say."""

from pathlib import Path

from django.conf import settings

from doorstep.apps.record.actions import checkpoints
from doorstep.apps.record.copying import copy_log
from doorstep.apps.record.keys import make_keys
from doorstep.apps.record.models import Log
from doorstep.apps.record.publishing import NOBODY, folder_of, publish, show_again
from doorstep.apps.refused import Refused
from doorstep.site.operations import OPERATOR


def record_key() -> str:
    made = make_keys(settings.ADDRESS)
    names = "\n".join(f"  {key.verifier}" for key in made)
    return (
        f"The record is signed from now on. Public keys, to be told to everybody:\n{names}\n"
        f"The private ones are in {settings.RECORD_KEYS}: keep a copy of that file apart from\n"
        "copies of the database, and never make new ones while the record lives."
    )


def publish_record(copy: Path | None, last: list[str]) -> str:
    """Publish what is new; copy the public log's files into a folder for another web server."""
    outside = [NOBODY if one == NOBODY.decode() else Path(one).read_bytes() for one in last]
    done = publish(held_outside=outside)
    if not done:
        raise Refused(
            "Nothing was published: the record has no key yet, or no leaf. Make a key once with "
            "doorstep record-key.",
            code="record-key-missing",
        )
    told = [
        f"{one.log}: {one.checkpoint.size:,} leaves, "
        + (f"signed now. {one.checkpoint.words}" if one.is_new else "nothing new.")
        + (
            f" {one.waiting:,} more wait: {one.why or 'they are in no backup yet.'}"
            if one.waiting
            else ""
        )
        for one in done
    ]
    if not settings.BACKUP:
        told.append(
            "No backup is configured, so what is signed now could be lost with this machine: set "
            "DOORSTEP_BACKUP."
        )
    if copy is not None:
        new = copy_log(folder_of(Log.PUBLIC), copy)
        told.append(f"{copy}: {new:,} files were new.")
    return "\n".join(told)


def add_witness(vkey: str) -> str:
    witness = checkpoints.add_witness(vkey, actor=OPERATOR)
    return f"{witness.name} is a witness now (leaf {witness.added.idx})."


def remove_witness(named: str) -> str:
    witness = checkpoints.remove_witness(named, actor=OPERATOR)
    show_again(Log.PUBLIC)
    return f"{witness.name} is no witness any more. What it signed stays kept."


def add_cosignature(file: Path) -> str:
    kept = checkpoints.add_cosignatures(file.read_bytes())
    show_again(kept[0].checkpoint.log)
    names = ", ".join(sorted({one.witness.name for one in kept}))
    return f"Kept, and shown under the checkpoint of {kept[0].checkpoint.size:,} leaves: {names}."
