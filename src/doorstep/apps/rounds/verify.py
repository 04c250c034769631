"""Re-checks rounds: what was frozen, the ballots that were sealed, and every count again."""

import hashlib
from collections.abc import Iterator

from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import Finding, body_of
from doorstep.apps.rounds.ballots import recount
from doorstep.apps.rounds.models import Round
from doorstep.apps.rounds.queries import fingerprint, public_rounds
from doorstep.engine.count import PabulibError, RuleError, canonical

STEPS = ("frozen", "closed", "counted", "settled")


def verify_rounds() -> Iterator[Finding]:
    """Every fault in every round, as a sentence and where it stands; nothing when all is sound."""
    rounds = public_rounds().select_related("box", "result", "frozen", "closed", "counted")
    for round_ in rounds.order_by("pk"):
        yield from (
            Finding(f"Round {round_.slug}", fault) for fault in (*_sealed(round_), *_counts(round_))
        )
    yield from _steps()


def _steps() -> Iterator[Finding]:
    """Faults between the steps that leaves say were taken and those that the rounds name."""
    told = {}
    kinds = [f"round.{step}" for step in STEPS]
    for leaf in Leaf.objects.filter(log="public", kind__in=kinds).order_by("idx"):
        told[leaf.pk] = (_said(leaf, "kind"), _said(leaf, "round"))
    named = {
        getattr(round_, f"{step}_id"): (f"round.{step}", round_.slug)
        for round_ in public_rounds()
        for step in STEPS
        if getattr(round_, f"{step}_id") is not None
    }
    for _leaf, (kind, slug) in sorted(told.items() ^ named.items(), key=str):
        yield Finding(
            f"Round {slug}", f"its row and the record disagree about {str(kind).replace('.', ' ')}."
        )


def _sealed(round_: Round) -> Iterator[str]:
    """Faults between a round's rows and the leaves that commit to them."""
    if _said(round_.frozen, "fingerprint") != _sha256(fingerprint(round_)):
        yield "what it asks is not what was frozen."
    if _said(round_.frozen, "title") != round_.title.commitment:
        yield "its title is not the one that was frozen."
    if _said(round_.frozen, "example") is not round_.is_example:
        yield "it was frozen as a live round and is called an example, or the other way round."
    if round_.closed is None:
        return
    ballots = _sha256(round_.box.pabulib)
    if not ballots == round_.box.sha256 == _said(round_.closed, "ballots_sha256"):
        yield "its ballots are not the ones that were sealed."
    if round_.counted is None:
        return
    result = _sha256(round_.result.outcome.encode())
    if not result == round_.result.sha256 == _said(round_.counted, "result_sha256"):
        yield "its result is not the one that was published."
    if _said(round_.counted, "ballots_sha256") != ballots:
        yield "its result was counted from other ballots."


def _counts(round_: Round) -> Iterator[str]:
    """Faults that only counting again can find."""
    if round_.counted is None:
        return
    try:
        again = canonical(recount(round_))
    except (PabulibError, RuleError, OSError, EOFError) as problem:
        yield f"its ballots cannot be counted again: {problem}"
        return
    if again != round_.result.outcome:
        yield "counting its ballots again gives another result than the published one."


def _said(leaf: Leaf | None, name: str) -> object:
    body = body_of(leaf) if leaf is not None else None
    return body.get(name) if body else None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
