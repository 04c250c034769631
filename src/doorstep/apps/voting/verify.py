"""Re-checks codes and envelopes: the runs against their roots, the envelopes against their leaves,
and the numbers that must agree."""

from collections.abc import Iterator

from django.db.models import Count, Max, Min

from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import Finding, body_of
from doorstep.apps.voting import codes, sealing
from doorstep.apps.voting.models import (
    Claim,
    CodeBatch,
    Envelope,
    EnvelopeBatch,
    Poll,
    PollState,
)
from doorstep.apps.voting.verify_steps import verify_steps
from doorstep.apps.voting.verify_trustees import verify_trustees
from doorstep.engine.seal.leaf import leaf_hash
from doorstep.engine.seal.tree import root


def polls() -> int:
    return Poll.objects.exclude(state=PollState.PREPARED).count()


def verify_voting() -> Iterator[Finding]:
    """Every fault in every poll, as a sentence; nothing when all is sound.

    Of a sealed poll only leaves and runs are left to compare, which is the point of sealing it.
    """
    yield from verify_steps()
    yield from verify_trustees()
    for poll in Poll.objects.select_related("round", "opening", "ending").order_by("pk"):
        where = f"Voting in round {poll.round.slug}"
        faults = (*_runs(poll), *_spoilt(poll), *_opening(poll), *_batches(poll))
        yield from (Finding(where, fault) for fault in faults)
        if poll.state != PollState.SEALED:
            faults = (*_envelopes(poll), *_versions(poll))
            yield from (Finding(where, fault) for fault in faults)


def _runs(poll: Poll) -> Iterator[str]:
    """Faults between print runs, their codes and the leaves that committed to them."""
    printed = 0
    opened_at = poll.opening.idx if poll.opening else None
    runs = CodeBatch.objects.filter(plan__round=poll.round)
    for run in runs.select_related("leaf", "spoiled", "plan__area"):
        body = body_of(run.leaf) or {}
        name = f"print run {run.number}"
        stands = {
            "round": poll.round.slug,
            "channel": run.plan.channel,
            "area": run.plan.area.commitment if run.plan.area else None,
            "run": run.number,
            "root": bytes(run.root).hex(),
            "count": run.count,
        }
        if any(body.get(name) != value for name, value in stands.items()):
            yield f"{name} is not what the record says."
        if opened_at is not None and run.leaf.idx > opened_at:
            yield f"{name} was committed to after voting opened."
        if run.spoiled is None:
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


def _spoilt(poll: Poll) -> Iterator[str]:
    """Faults between runs that were called spoilt and the leaves that say so."""
    runs = CodeBatch.objects.filter(plan__round=poll.round).exclude(spoiled=None)
    for run in runs.select_related("spoiled"):
        said = {"round": poll.round.slug, "run": run.number, "count": run.count}
        if run.spoiled and not _says(run.spoiled, "voting.batch_spoiled", **said):
            yield f"the record does not say that print run {run.number} was spoilt."


def _batches(poll: Poll) -> Iterator[str]:
    """Faults between the batches of envelopes and the leaf that noted each. What was in them is
    gone once the poll is sealed."""
    seen = []
    for batch in EnvelopeBatch.objects.filter(round=poll.round).select_related("leaf"):
        seen.append(batch.leaf_id)
        name = f"the batch of envelopes in leaf {batch.leaf.idx}"
        held = sorted(
            bytes(each).hex() for each in batch.envelopes.values_list("env_hash", flat=True)
        )
        stands = {"round": poll.round.slug, "used": batch.used}
        inside = {} if poll.state == PollState.SEALED else {"hashes": held}
        if not _says(batch.leaf, "voting.envelopes", **stands, **inside):
            yield f"{name} is not what the record says."
    noted = Leaf.objects.filter(log="public", kind="voting.envelopes").exclude(pk__in=seen)
    for leaf in noted.order_by("idx"):
        if (body_of(leaf) or {}).get("round") == poll.round.slug:
            yield f"the batch of envelopes in leaf {leaf.idx} is gone."


def _versions(poll: Poll) -> Iterator[str]:
    """Codes whose ballots are not numbered from one without a gap: the highest is what counts."""
    cast = Envelope.objects.filter(credential__round=poll.round).values("credential")
    numbered = cast.annotate(kept=Count("version"), first=Min("version"), last=Max("version"))
    if wrong := sum((one["first"], one["last"]) != (1, one["kept"]) for one in numbered):
        yield f"the ballots of {wrong} codes are not numbered one after another."


def _says(leaf: Leaf, kind: str, **told: object) -> bool:
    body = body_of(leaf) or {}
    return all(body.get(name) == value for name, value in {"kind": kind, **told}.items())


def _opening(poll: Poll) -> Iterator[str]:
    if poll.opening is None:
        if poll.public_key is not None or poll.padded_to is not None:
            yield "voting never opened, and something is said of how ballots are sealed."
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
