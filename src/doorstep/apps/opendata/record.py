"""The public record: its lines with their hashes, what was signed, and the way from one to all."""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router
from pydantic import BaseModel

from doorstep.apps.record.models import Checkpoint, Leaf, Log, Wording
from doorstep.apps.record.proofs import proof_of
from doorstep.apps.record.queries import (
    commitments_in,
    hidden_among,
    last_link,
    latest_checkpoint,
    size,
)
from doorstep.apps.record.sentences import groups
from doorstep.apps.record.telling import tell
from doorstep.apps.record.verify import body_of

from .links import page
from .listing import Piece, Row, alone, lists

router = Router(tags=["record"])


class LeafRow(Row):
    leaf: int = Field(description="Its line in the public record, from 0.")
    kind: str
    recorded_at: datetime
    sentence: str
    entry: int | None = Field(description="The entry in the ledger that it seals.")
    leaf_hash: str = Field(description="SHA-256 of a zero byte and its bytes (RFC 6962), in hex.")
    body: dict[str, Any] = Field(
        description="What it says. Words stand in it as commitments, so that they can be erased."
    )
    page: str


class WordsPart(BaseModel):
    """Words that a leaf commits to: the commitment is the salted hash of the text."""

    commitment: str
    salt: str
    text: str


class LeafWhole(LeafRow):
    """A leaf with its links in the chain, its exact bytes, and the words it commits to that are
    neither erased nor hidden."""

    previous: str
    chain: str
    bytes_base64: str
    words: list[WordsPart]


class ProofWhole(BaseModel):
    """The way from a leaf to a signed root (RFC 6962): hash upwards, and compare with the note."""

    leaf: int
    size: int = Field(description="How many leaves the signed tree holds.")
    path: list[str] = Field(description="Base64 hashes, from the leaf's neighbour upwards.")
    note: str = Field(description="The signed checkpoint (C2SP), with the witnesses' lines.")


class CheckpointRow(Row):
    size: int = Field(description="How many leaves were signed.")
    root: str = Field(description="The root of their tree, in hex.")
    signed_at: datetime
    words: str = Field(description="Eight words that stand for it on paper.")
    note: str


class RecordWhole(BaseModel):
    """How the public record stands."""

    size: int
    last_link: str = Field(description="The last link of its chain, in hex.")
    checkpoint: CheckpointRow | None = Field(description="What was signed last.")
    log: str = Field(description="The address of the published log: tiles, key and checkpoint.")


def about_room() -> Any:
    return Query("", pattern=r"^[a-z_]{0,30}$", description="Only of this kind: award, round …")


@router.get("/record", response=RecordWhole, operation_id="record", summary="The public record")
@alone
def record(request: HttpRequest) -> Any:
    """How long it is, and what was signed last."""
    signed = latest_checkpoint()
    return RecordWhole(
        size=size(),
        last_link=last_link(),
        checkpoint=_checkpoints([signed])[0] if signed else None,
        log=page("record:checkpoint", "public").removesuffix("/checkpoint"),
    )


@lists(router, "/leaves", LeafRow, gettext_noop("Lines of the record"))
def leaves(piece: Piece, about: str = about_room()) -> list[LeafRow]:
    """Everything that happened, oldest first. Follow this list and you follow all the others."""
    found = Leaf.objects.filter(log=Log.PUBLIC, idx__gte=piece.start).order_by("idx")
    if about:
        found = found.filter(kind__startswith=f"{about}.")
    return [LeafRow(**told) for told in _leaves(list(found[: piece.limit]))]


@router.get(
    "/leaves/{number:leaf}",
    response=LeafWhole,
    operation_id="leaf",
    summary="One line of the record",
)
@alone
def one_leaf(request: HttpRequest, leaf: int) -> Any:
    """With its exact bytes and its links in the chain."""
    found = get_object_or_404(Leaf, log=Log.PUBLIC, idx=leaf)
    wanted = commitments_in(body_of(found))
    kept = Wording.objects.filter(
        commitment__in=wanted - hidden_among(wanted), erased_at=None
    ).order_by("pk")
    return LeafWhole(
        **_leaves([found])[0],
        previous=bytes(found.prev_chain).hex(),
        chain=bytes(found.chain).hex(),
        bytes_base64=base64.b64encode(bytes(found.body)).decode(),
        words=[
            WordsPart(commitment=one.commitment, salt=bytes(one.salt).hex(), text=one.text)
            for one in kept
        ]
        if wanted
        else [],
    )


@router.get(
    "/leaves/{number:leaf}/proof",
    response=ProofWhole,
    operation_id="proof",
    summary="The proof that a line stands in the signed record",
)
@alone
def proof(request: HttpRequest, leaf: int) -> Any:
    """Only of lines that a checkpoint covers."""
    found = proof_of(leaf)
    if found is None:
        raise Http404
    path = [base64.b64encode(one).decode() for one in found.path]
    return ProofWhole(leaf=found.index, size=found.size, path=path, note=found.note)


@lists(router, "/checkpoints", CheckpointRow, gettext_noop("Checkpoints"))
def checkpoints(piece: Piece) -> list[CheckpointRow]:
    """Everything that was signed of the public record; sequence is the number of leaves."""
    found = Checkpoint.objects.filter(log=Log.PUBLIC, size__gte=piece.start).order_by("size")
    return _checkpoints(found[: piece.limit])


def kinds_of_room() -> list[str]:
    """What `about` can ask for."""
    return [room for room, _name in groups()]


def _leaves(found: Sequence[Leaf]) -> list[dict[str, Any]]:
    return [
        {
            "sequence": leaf.idx,
            "leaf": leaf.idx,
            "kind": leaf.kind,
            "recorded_at": leaf.recorded_at,
            "sentence": told,
            "entry": leaf.journal_seq,
            "leaf_hash": bytes(leaf.leaf_hash).hex(),
            "body": body_of(leaf) or {},
            "page": page("record:leaf", leaf.idx),
        }
        for leaf, told in tell(found)
    ]


def _checkpoints(found: Any) -> list[CheckpointRow]:
    return [
        CheckpointRow(
            sequence=one.size,
            size=one.size,
            root=bytes(one.root).hex(),
            signed_at=one.signed_at,
            words=one.words,
            note=one.note,
        )
        for one in found
    ]
