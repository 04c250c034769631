"""The only writer of the record: add a leaf, keep words, erase words."""

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused
from doorstep.engine.seal.canonical import CanonicalError, canonical, parse
from doorstep.engine.seal.leaf import SALT_BYTES, chain_hash, commitment, leaf_hash

from ..actors import Actor
from ..models import Leaf, Log, Wording

VERSION = 1
TIME = "%Y-%m-%dT%H:%M:%SZ"
MAX_WORDS = 10_000
OWN_NAMES = frozenset({"v", "kind", "time"})
# Written out: every entry asks it three times, and the ORM composes it anew each time.
_HEAD = {
    "postgresql": "SELECT size, chain FROM doorstep_lock_head(%s)",
    "sqlite": "SELECT size, chain FROM record_loghead WHERE log = %s",
}


def lock_head(log: str = Log.PUBLIC) -> tuple[int, bytes]:
    """Wait for the one pen, and hold it until the transaction ends: (size, last link).

    Call it first in any action that reads before it writes. On SQLite the transaction holds the
    write lock already (BEGIN IMMEDIATE); on PostgreSQL the head's row is locked by a function
    of the owner, because the application's role has no right to update heads.
    Raises Refused where the log has no head to write under.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("lock_head() holds its lock only inside transaction.atomic()")
    with connection.cursor() as cursor:
        cursor.execute(_HEAD[connection.vendor], [str(log)])
        head = cursor.fetchone()
    if head is None or head[0] is None:  # of a function of PostgreSQL the row is there, and empty
        raise unsealed()
    return int(head[0]), bytes(head[1])


def write_leaf(
    kind: str, body: Mapping[str, Any], *, log: str = Log.PUBLIC, journal_seq: int | None = None
) -> Leaf:
    """Add the next leaf to a log. `kind` is `room.event`; `body` is plain data with no names in it.

    The leaf's bytes are the canonical JSON of body plus v, kind and time (UTC, to the second).
    Raises Refused where the body cannot be a leaf (a float, a number of 2^53 or more, too long).
    """
    if not re.fullmatch(r"[a-z_]{1,20}\.[a-z_]{1,39}", kind):
        raise Refused(
            _("“%(kind)s” is not the name of an event; write room.event.") % {"kind": kind},
            code="leaf-kind",
        )
    if taken := OWN_NAMES & body.keys():
        raise Refused(
            _("The record writes %(names)s itself.") % {"names": ", ".join(sorted(taken))},
            code="leaf-names",
        )
    moment = timezone.now().astimezone(UTC).replace(microsecond=0)
    try:
        written = canonical({**body, "v": VERSION, "kind": kind, "time": moment.strftime(TIME)})
    except CanonicalError as error:
        raise Refused(
            _("This cannot be written in the record: %(why)s") % {"why": error}, code="leaf"
        ) from None
    with transaction.atomic(savepoint=False):
        size, chain = lock_head(log)
        hashed = leaf_hash(written)
        leaf = Leaf.objects.create(
            log=log,
            idx=size,
            kind=kind,
            journal_seq=journal_seq,
            body=written,
            leaf_hash=hashed,
            prev_chain=chain,
            chain=chain_hash(chain, hashed),
            recorded_at=moment,
        )
        if lock_head(log) != (size + 1, bytes(leaf.chain)):
            raise unsealed()
        return leaf


def restore_leaf(written: bytes, *, log: str, journal_seq: int | None) -> Leaf:
    """Write a leaf again, byte for byte, that was signed and then lost. Whoever calls it has held
    the bytes against the signed root, and does not commit unless all of them stand."""
    body = parse(written)
    if not isinstance(body, dict):
        raise CanonicalError("a leaf is an object")
    size, chain = lock_head(log)
    hashed = leaf_hash(written)
    return Leaf.objects.create(
        log=log,
        idx=size,
        kind=str(body["kind"]),
        journal_seq=journal_seq,
        body=written,
        leaf_hash=hashed,
        prev_chain=chain,
        chain=chain_hash(chain, hashed),
        recorded_at=datetime.strptime(str(body["time"]), TIME).replace(tzinfo=UTC),
    )


def unsealed() -> Refused:
    """What to say where a head is gone, or a trigger should have moved something and did not."""
    return Refused(
        _(
            "The seals of record and ledger are not in place, so nothing was written. Run "
            "`doorstep migrate`, then `doorstep verify`."
        ),
        code="unsealed",
    )


def keep_words(text: str) -> Wording:
    """Keep words beside the record, erasable; put `.commitment` where the leaf should say them."""
    if not text or len(text) > MAX_WORDS or "\x00" in text:
        raise Refused(
            _("Write between 1 and %(most)s characters of plain text.")
            % {"most": f"{MAX_WORDS:,}"},
            code="words-length",
        )
    salt = secrets.token_bytes(SALT_BYTES)
    return Wording.objects.create(salt=salt, text=text, commitment=commitment(salt, text))


@transaction.atomic
def erase_words(wording: Wording, *, actor: Actor, reason: str) -> Leaf:
    """Forget words and their salt for ever; the leaf it writes says that and why, not what.

    `reason` is kept as words too. Raises Refused when they are erased already.
    """
    lock_head()
    now = Wording.objects.get(pk=wording.pk)
    if now.erasure_id is not None:
        raise Refused(_("These words were erased already. There is nothing left."), code="erased")
    why = keep_words(reason)
    leaf = write_leaf(
        "words.erased",
        {"commitment": now.commitment, "reason": why.commitment, "actor": actor.as_leaf()},
    )
    Wording.objects.filter(pk=now.pk).update(
        salt=b"", text="", erased_at=leaf.recorded_at, erasure=leaf
    )
    return leaf
