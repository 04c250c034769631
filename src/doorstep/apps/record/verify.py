"""Re-checks the record from its stored bytes: every hash, link and place, and every kept word."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any, NamedTuple

from doorstep.engine.seal.canonical import CanonicalError, parse
from doorstep.engine.seal.checkpoint import opened
from doorstep.engine.seal.faults import SealError
from doorstep.engine.seal.leaf import CHAIN_START, SALT_BYTES, chain_hash, commitment, leaf_hash
from doorstep.engine.seal.note import Note, VerifierKey, signature_of
from doorstep.engine.seal.tree import Frontier
from doorstep.engine.seal.words import words_for

from .keys import signer
from .models import Checkpoint, Cosignature, Leaf, Log, LogHead, Wording
from .queries import commitments_in

PIECE = 2000


class Finding(NamedTuple):
    """One fault: where it stands, and what is wrong, in a sentence."""

    where: str
    sentence: str


def verify_record() -> Iterator[Finding]:
    """Every fault in both logs and in the words beside them; nothing when all is sound."""
    committed: set[str] = set()
    erased: set[str] = set()
    for log in Log.values:
        yield from _verify_log(log, committed, erased)
    yield from _verify_words(committed, erased)


def verify_checkpoints() -> Iterator[Finding]:
    """Every fault between what was signed and the leaves that stand, and in witnesses' lines."""
    for log in Log.values:
        signed = {one.size: one for one in Checkpoint.objects.filter(log=log)}
        yield from _signed_faults(log, signed)
    for strange in Checkpoint.objects.exclude(log__in=Log.values).order_by("pk"):
        yield Finding(f"Checkpoint of {strange.size} leaves", f"there is no log “{strange.log}”.")
    for line in Cosignature.objects.select_related("checkpoint", "witness").order_by("pk"):
        yield from _cosignature_faults(line)


def _signed_faults(log: str, signed: dict[int, Checkpoint]) -> Iterator[Finding]:
    key, frontier = signer(log), Frontier()
    # Words are dear to make, so only those are made again that may hang on a wall today.
    newest = signed[max(signed)] if signed else None
    hashes = Leaf.objects.filter(log=log).order_by("idx").values_list("leaf_hash", flat=True)
    for hashed in hashes.iterator(chunk_size=PIECE) if signed else ():
        frontier.add(bytes(hashed))
        if (one := signed.pop(frontier.size, None)) is None:
            continue
        where = f"Checkpoint of {one.size} leaves of the {log} log"
        if bytes(one.root) != frontier.root():
            yield Finding(where, "the leaves that stand now do not have the root that was signed.")
        try:
            told = opened(one.note.encode(), key.verifier)[0] if key else None
        except SealError as fault:
            yield Finding(where, f"its note is not sound: {fault}")
            continue
        if told and (told.size, told.root) != (one.size, bytes(one.root)):
            yield Finding(where, "its note names another size or root than its row.")
        if one == newest and " ".join(words_for(Note.parse(one.note.encode()).text)) != one.words:
            yield Finding(where, "its eight words are not the words of its note.")
    for size in sorted(signed):
        yield Finding(
            f"Checkpoint of {size} leaves of the {log} log",
            f"only {frontier.size} stand: leaves that were signed are missing.",
        )


def _cosignature_faults(line: Cosignature) -> Iterator[Finding]:
    where = f"Signature of {line.witness.name} under {line.checkpoint.size} leaves"
    try:
        text = Note.parse(line.checkpoint.note.encode()).text
        below = signature_of(line.line.rstrip("\n"))
        at = Note(text, (below,)).signed_at(VerifierKey.parse(line.witness.vkey))
    except SealError as fault:
        yield Finding(where, f"it is not sound: {fault}")
        return
    if at is None or int(line.signed_at.timestamp()) != at:
        yield Finding(where, "its row names another witness or time than the line does.")


def root_at(log: str, size: int) -> bytes:
    """The root of a log's tree over its first `size` leaves, from the hashes that stand."""
    frontier = Frontier()
    hashes = Leaf.objects.filter(log=log, idx__lt=size).order_by("idx")
    for hashed in hashes.values_list("leaf_hash", flat=True).iterator(chunk_size=PIECE):
        frontier.add(bytes(hashed))
    return frontier.root()


def body_of(leaf: Leaf) -> dict[str, Any] | None:
    """What a leaf's bytes say, or None when they are not a leaf's."""
    try:
        value = parse(bytes(leaf.body))
    except CanonicalError:
        return None
    return value if isinstance(value, dict) else None


def otherwise(leaf: Leaf | None, stands: Mapping[str, Any]) -> Iterator[str]:
    """A sentence with the name of whatever the leaf says otherwise than it `stands` in a row; None
    is a leaf that is missing, and says nothing."""
    said = (body_of(leaf) if leaf else None) or {}
    if wrong := [name for name, value in stands.items() if said.get(name) != value]:
        yield f"the record says another {', '.join(wrong)}."


def _verify_log(log: str, committed: set[str], erased: set[str]) -> Iterator[Finding]:
    chain, expected = CHAIN_START, 0
    for leaf in Leaf.objects.filter(log=log).order_by("idx").iterator(chunk_size=PIECE):
        where = f"Leaf {leaf.idx} of the {log} log"
        if leaf.idx != expected:
            yield Finding(where, f"it stands where leaf {expected} belongs: some are missing.")
        body = body_of(leaf)
        for fault in (*_seal_faults(leaf, chain), *_body_faults(leaf, body)):
            yield Finding(where, fault)
        chain, expected = bytes(leaf.chain), leaf.idx + 1
        if body is not None:
            committed |= commitments_in(body)
            if leaf.kind == "words.erased":
                erased.add(str(body.get("commitment")))
    head = LogHead.objects.filter(log=log).first()
    if head is None:
        yield Finding(f"The {log} log", "it has no head.")
    elif (head.size, bytes(head.chain)) != (expected, chain):
        yield Finding(
            f"The {log} log",
            f"its head says {head.size} leaves, but it ends after {expected}, "
            "or the head's link is not the last leaf's.",
        )


def _seal_faults(leaf: Leaf, previous: bytes) -> Iterator[str]:
    if bytes(leaf.leaf_hash) != leaf_hash(bytes(leaf.body)):
        yield "its bytes do not have its hash: they were changed."
    if bytes(leaf.prev_chain) != previous:
        yield "it does not name the link before it."
    elif bytes(leaf.chain) != chain_hash(previous, bytes(leaf.leaf_hash)):
        yield "its link does not follow from the link before it and its hash."


def _body_faults(leaf: Leaf, body: dict[str, Any] | None) -> Iterator[str]:
    if body is None:
        yield "its bytes are not canonical JSON."
        return
    if body.get("v") != 1 or body.get("kind") != leaf.kind:
        yield "its row names another kind than its bytes do."
    if body.get("time") != leaf.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"):
        yield "its row names another time than its bytes do."
    if leaf.journal_seq != (body.get("seq") if leaf.kind == "ledger.journal" else None):
        yield "its row names another entry of the ledger than its bytes do."


def _verify_words(committed: set[str], erased: set[str]) -> Iterator[Finding]:
    kept: set[str] = set()
    rows = Wording.objects.select_related("erasure").order_by("pk")
    for wording in rows.iterator(chunk_size=PIECE):
        kept.add(wording.commitment)
        where = f"Words number {wording.pk}"
        salt = bytes(wording.salt)
        if wording.erasure is not None:
            said = body_of(wording.erasure) or {}
            if wording.text or salt:
                yield Finding(where, "they should be erased, but something of them still stands.")
            if said.get("commitment") != wording.commitment:
                yield Finding(where, "they were erased, but the leaf named does not say so.")
        elif len(salt) != SALT_BYTES or commitment(salt, wording.text) != wording.commitment:
            yield Finding(where, "they are not the words that the record committed to.")
        elif wording.commitment in erased:
            yield Finding(where, "the record says that they were erased, but they still stand.")
    for missing in sorted(committed - kept):
        yield Finding("The record", f"it commits to words that are nowhere: {missing}")
