"""Re-checks codes and envelopes: the runs against their roots, the envelopes against their leaves,
and the numbers that must agree."""

from collections.abc import Iterator

from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import Finding, body_of
from doorstep.apps.voting import codes, sealing
from doorstep.apps.voting.models import Claim, CodeBatch, Envelope, Poll, PollState
from doorstep.engine.seal.leaf import leaf_hash
from doorstep.engine.seal.tree import root


def polls() -> int:
    return Poll.objects.exclude(state=PollState.PREPARED).count()


def verify_voting() -> Iterator[Finding]:
    """Every fault in every poll, as a sentence; nothing when all is sound.

    Of a sealed poll only leaves and runs are left to compare, which is the point of sealing it.
    """
    for poll in Poll.objects.select_related("round", "opening", "ending").order_by("pk"):
        where = f"Voting in round {poll.round.slug}"
        yield from (Finding(where, fault) for fault in (*_runs(poll), *_opening(poll)))
        if poll.state != PollState.SEALED:
            yield from (Finding(where, fault) for fault in _envelopes(poll))


def _runs(poll: Poll) -> Iterator[str]:
    """Faults between print runs, their codes and the leaves that committed to them."""
    printed = 0
    opened_at = poll.opening.idx if poll.opening else None
    for run in CodeBatch.objects.filter(plan__round=poll.round).select_related("leaf"):
        body = body_of(run.leaf) or {}
        name = f"print run {run.number}"
        if (body.get("root"), body.get("count")) != (bytes(run.root).hex(), run.count):
            yield f"{name} is not what the record says."
        if opened_at is not None and run.leaf.idx > opened_at:
            yield f"{name} was committed to after voting opened."
        if run.spoiled_id is None:
            printed += run.count
        kept = sorted(
            codes.committed(one.selector, bytes(one.salt), bytes(one.hashed))
            for one in run.credentials.all()
        )
        # A sealed poll may have let go of its codes.
        if kept or poll.state != PollState.SEALED:
            if len(kept) != run.count:
                yield f"{name} has {len(kept)} codes, and the record says {run.count}."
            elif root([leaf_hash(each) for each in kept]) != bytes(run.root):
                yield f"the codes of {name} are not the ones that were printed."
    if poll.opening is not None:
        said = (body_of(poll.opening) or {}).get("codes")
        if said != printed:
            yield f"{printed} codes were printed, and at opening the record said {said}."


def _opening(poll: Poll) -> Iterator[str]:
    if poll.opening is None:
        return
    body = body_of(poll.opening) or {}
    if (body.get("key"), body.get("padded_to")) != (
        bytes(poll.public_key or b"").hex(),
        poll.padded_to,
    ):
        yield "its ballots are sealed to another key than the record says."


def _envelopes(poll: Poll) -> Iterator[str]:
    """Faults between envelopes and the leaves that noted them, and between the two numbers."""
    noted: set[str] = set()
    leaves = Leaf.objects.filter(log="public", kind="voting.envelopes")
    for leaf in leaves.order_by("idx"):
        body = body_of(leaf) or {}
        if body.get("round") == poll.round.slug:
            noted.update(body.get("hashes") or [])
    logged: set[str] = set()
    for one in Envelope.objects.filter(credential__round=poll.round).iterator():
        mark = bytes(one.env_hash).hex()
        if sealing.envelope_hash(bytes(one.sealed)) != bytes(one.env_hash):
            yield "an envelope is not the one whose mark was given to its voter."
        if one.batch_id is not None:
            logged.add(mark)
        elif poll.state != PollState.OPEN:
            yield "an envelope was never noted in the record, although voting has ended."
    if logged != noted:
        yield (
            f"{len(noted - logged)} envelopes of the record are missing from the box, and "
            f"{len(logged - noted)} of the box are missing from the record."
        )
    issued = sum(
        run.count for run in CodeBatch.objects.filter(plan__round=poll.round, spoiled=None)
    )
    used = Claim.objects.filter(credential__round=poll.round).count()
    if used > issued:
        yield f"{used} codes were used, and only {issued} were issued."
