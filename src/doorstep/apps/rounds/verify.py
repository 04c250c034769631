"""Re-checks rounds: what was frozen, the ballots that were sealed, and every count again."""

import zlib
from collections.abc import Iterator

from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import Finding
from doorstep.apps.refused import Refused
from doorstep.apps.rounds import freezing
from doorstep.apps.rounds.ballots import everything_fits, recount, withdrawn_in
from doorstep.apps.rounds.models import BallotBox, Round, RoundState, Withdrawal
from doorstep.apps.rounds.queries import fingerprint, public_rounds, withdrawn
from doorstep.apps.rounds.verify_counters import (
    one_room,
    recounts,
    said,
    sha256,
    signed_recount,
    verify_counts,
)
from doorstep.engine.count import RuleError, canonical

STEPS = ("frozen", "closed", "counted", "settled", "cancelled")


def verify_rounds() -> Iterator[Finding]:
    """Every fault in every round, as a sentence and where it stands; nothing when all is sound."""
    rounds = public_rounds().select_related(
        "box", "result", "frozen", "closed", "counted", "cancelled", "cancel_reason"
    )
    seen = []
    for round_ in rounds.order_by("pk"):
        seen.append(round_.pk)
        faults = [*_gone(round_)] or [
            *_sealed(round_), *_asked(round_), *one_room(round_), *recounts(round_),
            *_counts(round_),
        ]  # fmt: skip
        yield from (Finding(f"Round {round_.slug}", fault) for fault in faults)
    yield from _unseen(seen)
    yield from _steps()
    yield from _withdrawals()
    yield from verify_counts()


def _unseen(seen: list[int]) -> Iterator[Finding]:
    """Rounds that no page shows and that are no drafts: what their rows lead to is not there, or
    they were called drafts once they had taken a step."""
    for round_ in Round.objects.exclude(pk__in=seen).order_by("pk"):
        if round_.state != RoundState.DRAFT:
            yield Finding(f"Round {round_.slug}", "its place or its title is not there.")
        elif _stands(round_) != RoundState.DRAFT:
            sentence = f"its row says “{round_.state}”, and its leaves “{_stands(round_)}”."
            yield Finding(f"Round {round_.slug}", sentence)


def _steps() -> Iterator[Finding]:
    """Faults between the steps that leaves say were taken and those that the rounds name."""
    told = set()
    kinds = [f"round.{step}" for step in (*STEPS, "decided")]
    for leaf in Leaf.objects.filter(log="public", kind__in=kinds).order_by("idx"):
        told.add((leaf.pk, said(leaf, "kind"), said(leaf, "round")))
    # Drafts too: a step of one is a step that nobody took.
    named = {
        (getattr(round_, f"{step}_id"), f"round.{_step(round_, step)}", round_.slug)
        for round_ in Round.objects.all()
        for step in STEPS
        if getattr(round_, f"{step}_id") is not None
    }
    for _leaf, kind, slug in sorted(told ^ named, key=str):
        yield Finding(
            f"Round {slug}", f"its row and the record disagree about {str(kind).replace('.', ' ')}."
        )
    for round_ in Round.objects.filter(cancelled=None).exclude(cancel_reason=None).order_by("pk"):
        yield Finding(f"Round {round_.slug}", "it says why it was called off, and it was not.")


def _step(round_: Round, step: str) -> str:
    """The word of a step in the record: a round without a vote was decided, not counted."""
    return "decided" if step == "counted" and round_.without_vote else step


def _withdrawals() -> Iterator[Finding]:
    """Faults between the ideas that were taken off and the leaves that say so."""
    told = {
        leaf.pk: (said(leaf, "round"), said(leaf, "project"), said(leaf, "reason"))
        for leaf in Leaf.objects.filter(log="public", kind="round.project_withdrawn")
    }
    rows = {
        one.leaf_id: (one.project.round.slug, one.project.code, one.reason.commitment)
        for one in Withdrawal.objects.select_related("project__round", "reason")
    }
    for _leaf, (slug, code, _reason) in sorted(told.items() ^ rows.items(), key=str):
        yield Finding(
            f"Round {slug}", f"its rows and the record disagree about taking off idea {code}."
        )


def _gone(round_: Round) -> Iterator[str]:
    """What a step that the row names must have left, and did not; nothing else is looked at."""
    if round_.closed is not None and not hasattr(round_, "box"):
        yield "its row says that voting is over, and no ballots of it are kept."
    if round_.counted is not None and not hasattr(round_, "result"):
        yield "its row says that it was counted, and no result of it is kept."


def _sealed(round_: Round) -> Iterator[str]:
    """Faults between a round's rows and the leaves that commit to them."""
    if said(round_.frozen, "fingerprint") != sha256(fingerprint(round_)):
        yield "what it asks is not what was frozen."
    if said(round_.frozen, "title") != round_.title.commitment:
        yield "its title is not the one that was frozen."
    if said(round_.frozen, "example") is not round_.is_example:
        yield "it was frozen as a live round and is called an example, or the other way round."
    if round_.closed is None:
        return
    forgotten = round_.box.is_forgotten
    ballots = _hash_of_box(round_.box)
    if forgotten and not signed_recount(round_):
        yield "its ballots were destroyed, and no two people had signed a recount of them."
    if not ballots == round_.box.sha256 == said(round_.closed, "ballots_sha256"):
        yield "its ballots are not the ones that were sealed."
    if round_.counted is None:
        return
    result = sha256(round_.result.outcome.encode())
    if not result == round_.result.sha256 == said(round_.counted, "result_sha256"):
        yield "its result is not the one that was published."
    if said(round_.counted, "ballots_sha256") != ballots:
        yield "its result was counted from other ballots."


def _stands(round_: Round) -> str:
    """Where a round stands: at the last step that a leaf of it tells."""
    taken = (step for step in reversed(STEPS) if getattr(round_, f"{step}_id") is not None)
    return next(taken, RoundState.DRAFT)


def _hash_of_box(box: BallotBox) -> str:
    """What the box holds now, as a hash; of a box that was emptied on purpose, the kept one."""
    try:
        return box.sha256 if box.is_forgotten else sha256(box.published)
    except (OSError, EOFError, zlib.error):
        return "damaged past unpacking"


def _asked(round_: Round) -> Iterator[str]:
    """Faults in how a round was asked, where it stands, and why it was called off."""
    if round_.state != _stands(round_):
        yield f"its row says “{round_.state}”, and its leaves “{_stands(round_)}”."
    if round_.closed is not None and round_.box.voters != said(round_.closed, "voters"):
        yield "its box names another number of ballots than the record does."
    kind = said(round_.closed, "form") or BallotBox.Form.BALLOTS  # a leaf names totals alone
    if round_.closed is not None and round_.box.form != kind:
        yield "its box holds ballots and the record says totals, or the other way round."
    if freezing.terms_of(round_) and round_.rule.get("seed") != _link_before(round_.frozen):
        yield "the seed of its lot is not the last link of the record before it was frozen."
    if round_.cancelled is not None and (
        round_.cancel_reason is None
        or said(round_.cancelled, "reason") != round_.cancel_reason.commitment
    ):
        yield "the reason for which it was called off is not the one in the record."
    if round_.without_vote:
        yield from _without_vote(round_)


def _without_vote(round_: Round) -> Iterator[str]:
    """Faults of a round that was decided because every idea fits."""
    if round_.counted is None:
        return
    result = sha256(round_.result.outcome.encode())
    if not result == round_.result.sha256 == said(round_.counted, "result_sha256"):
        yield "its result is not the one that was published."
    try:
        again = everything_fits(round_)
    except Refused:
        yield "it was decided without a vote, and its ideas cost more than its pot."
        return
    if again != round_.result.outcome:
        yield "its result is not that every idea on its ballot is funded."


def _link_before(leaf: Leaf | None) -> str:
    return bytes(leaf.prev_chain).hex() if leaf is not None else ""


def _counts(round_: Round) -> Iterator[str]:
    """Faults that only counting again can find. Ballots that two people recounted are gone."""
    if round_.counted is None or round_.without_vote or round_.box.is_forgotten:
        return
    try:
        again = canonical(recount(round_))
    except (ValueError, RuleError, OSError, EOFError, zlib.error) as problem:
        yield f"its ballots cannot be counted again: {problem}"
        return
    if withdrawn_in(round_) != set(withdrawn(round_)):
        yield "its ballots and its rows disagree about which ideas were taken off."
    if again != round_.result.outcome:
        yield "counting its ballots again gives another result than the published one."
