"""What is written about checkpoints: that one was signed, who watches, and what they signed."""

import re
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from doorstep.apps.refused import Refused
from doorstep.engine.seal import checkpoint as seal
from doorstep.engine.seal.faults import SealError
from doorstep.engine.seal.leaf import leaf_hash
from doorstep.engine.seal.note import WITNESS, Note, Signature, VerifierKey
from doorstep.engine.seal.words import words_for

from ..actors import Actor
from ..models import Checkpoint, Cosignature, Timestamp, Witness
from ..queries import standing_witnesses
from . import lock_head, write_leaf

CLOCK_SKEW = 600  # seconds by which a witness's clock may be ahead of ours
_WITNESS_NAME = re.compile(r"[a-z0-9][a-z0-9.:-]*(/[a-z0-9._-]+)*")


def keep_checkpoint(log: str, size: int, root: bytes, note: str) -> Checkpoint:
    """Keep what was signed, before anybody sees it. The database takes growing sizes only."""
    words = words_for(Note.parse(note.encode()).text)
    return Checkpoint.objects.create(
        log=log, size=size, root=root, note=note, words=" ".join(words), signed_at=timezone.now()
    )


def keep_timestamp(
    checkpoint: Checkpoint, authority: str, token: bytes, stamped_at: datetime
) -> Timestamp:
    """Keep an authority's answer about a checkpoint, once it was verified."""
    return Timestamp.objects.create(
        checkpoint=checkpoint, authority=authority, token=token, stamped_at=stamped_at
    )


@transaction.atomic
def add_witness(vkey: str, *, actor: Actor) -> Witness:
    """Take somebody's key, so that their cosignatures are shown. Raises Refused for a key that is
    none, or is known already."""
    lock_head()
    try:
        key = VerifierKey.parse(vkey)
    except SealError as fault:
        raise Refused(f"Nothing was added: {fault}", code="witness-key") from None
    if key.kind != WITNESS or not _WITNESS_NAME.fullmatch(key.name) or len(key.name) > 100:
        raise Refused(
            "Nothing was added. A witness's key comes from `doorstep witness … --cosign`, and its "
            "name is an address of an organisation, such as council.example.org/witness, never a "
            "person's name.",
            code="witness-key",
        )
    if Witness.objects.filter(vkey=str(key)).exists():
        raise Refused(
            f"{key.name} is a witness already, with this key, or was one: a key that was removed "
            "does not come back. Its owner makes a new one.",
            code="witness-known",
        )
    leaf = write_leaf(
        "witness.added",
        {"witness": key.name, "key": leaf_hash(key.public).hex(), "actor": actor.as_leaf()},
    )
    return Witness.objects.create(name=key.name, vkey=str(key), added=leaf)


@transaction.atomic
def remove_witness(named: str, *, actor: Actor) -> Witness:
    """Show a witness's lines no longer, from now on: it stopped, or its key got lost. What it
    signed stays kept, and the leaf that names its key stays true. A removed key does not come back.

    Raises Refused where no standing witness, or more than one, has that name or key.
    """
    lock_head()
    found = [one for one in standing_witnesses() if named in (one.name, one.vkey)]
    if not found:
        raise Refused(
            f"Nothing was removed: no witness stands here as {named}. The names stand on "
            "/record/watch/.",
            code="witness-unknown",
        )
    if len(found) > 1:
        raise Refused(
            f"Nothing was removed: {named} has {len(found)} keys. Give the whole key, name+id+key.",
            code="witness-keys",
        )
    (witness,) = found
    key = leaf_hash(VerifierKey.parse(witness.vkey).public).hex()
    body = {"witness": witness.name, "key": key, "actor": actor.as_leaf()}
    write_leaf("witness.removed", body)
    return witness


@transaction.atomic
def add_cosignatures(data: bytes) -> list[Cosignature]:
    """Keep the lines of known witnesses under a checkpoint of ours. Lines that are kept already
    are passed over. Raises Refused when nothing in it is of use, and says why."""
    lock_head()
    try:
        note = Note.parse(data)
        told = seal.Checkpoint.parse(note.text)
    except SealError as fault:
        raise Refused(f"This is no cosigned checkpoint: {fault}", code="cosignature") from None
    ours = [
        one
        for one in Checkpoint.objects.filter(size=told.size)
        if Note.parse(one.note.encode()).text == note.text
    ]
    if not ours:
        raise Refused(
            f"No checkpoint of {told.size:,} leaves with this root was ever signed here. If a "
            "witness holds it with our signature, tell everybody: the record was split.",
            code="cosignature-unknown",
        )
    found = [
        (witness, line, at)
        for witness in standing_witnesses()
        for line, at in _lines_of(note, VerifierKey.parse(witness.vkey))
    ]
    if not found:
        raise Refused(
            "None of its signatures is of a witness that is known here. Add the witness first: "
            "doorstep add-witness KEY.",
            code="cosignature-nobody",
        )
    return [
        Cosignature.objects.get_or_create(
            checkpoint=ours[0], witness=witness, signed_at=at, defaults={"line": line.line}
        )[0]
        for witness, line, at in found
    ]


def _lines_of(note: Note, key: VerifierKey) -> list[tuple[Signature, datetime]]:
    found = []
    for one in note.signatures:
        if (one.name, one.key_id) != (key.name, key.id):
            continue
        try:
            at = Note(note.text, (one,)).signed_at(key) or 0
        except SealError as fault:
            raise Refused(f"Nothing was kept: {fault}", code="cosignature") from None
        if at > timezone.now().timestamp() + CLOCK_SKEW:
            raise Refused(
                f"Nothing was kept: {key.name} signed a time that is yet to come. Is its clock "
                "right?",
                code="cosignature-time",
            )
        found.append((one, datetime.fromtimestamp(at, UTC)))
    return found
