"""Re-checks what leaves tell of a poll: its steps, its stacks of paper, its codes, their uses."""

from collections.abc import Iterator

from django.db.models import F

from doorstep.apps.organisations import strongbox
from doorstep.apps.record.models import Leaf, Log
from doorstep.apps.record.verify import PIECE, Finding, body_of
from doorstep.apps.rounds.models import Round
from doorstep.apps.voting import codes, sealing
from doorstep.apps.voting.actions.trustees import KEY_OF_A_ROUND
from doorstep.apps.voting.models import (
    Claim,
    CodeBatch,
    CodePlan,
    CodeState,
    Credential,
    Envelope,
    PaperStack,
    Poll,
    PollState,
    RoundKey,
    Way,
)
from doorstep.engine.seal.leaf import leaf_hash

# What the desk's leaves of the audit log make of a code.
DESK = {
    "voting.code_voided": CodeState.VOIDED,
    "voting.code_replaced": CodeState.REPLACED,
    "voting.letter_returned": CodeState.RETURNED,
}


def verify_steps() -> Iterator[Finding]:
    """Every fault between polls, stacks, codes and the leaves that tell of them."""
    yield from _steps()
    yield from _stacks()
    yield from _ownerless()
    yield from _kept_keys()
    for poll in Poll.objects.select_related("round", "ending").exclude(state=PollState.SEALED):
        where = f"Voting in round {poll.round.slug}"
        faults = (*_codes(poll), *_uses(poll), *_key_of_the_house(poll))
        yield from (Finding(where, fault) for fault in faults)


def _told(kind: str, *, log: str = Log.PUBLIC) -> dict[int, dict]:
    """{key of a leaf: what it says} for every leaf of a kind."""
    return {leaf.pk: body_of(leaf) or {} for leaf in Leaf.objects.filter(log=log, kind=kind)}


def _steps() -> Iterator[Finding]:
    """Faults between the steps that leaves say were taken and where each poll stands."""
    opened, ended = _told("voting.opened"), _told("voting.ended")
    unsealed = {body.get("round") for body in _told("voting.box_opened").values()}
    sealed = {body.get("round") for body in _told("voting.sealed").values()}
    printed = {body.get("round") for body in _told("voting.batch_printed").values()}
    seen = set()
    for poll in Poll.objects.select_related("round").order_by("pk"):
        slug, where = poll.round.slug, f"Voting in round {poll.round.slug}"
        seen.add(slug)
        for step, leaf, told in (
            ("opening", poll.opening_id, opened), ("ending", poll.ending_id, ended),
        ):  # fmt: skip
            named = [] if leaf is None else [leaf]
            if [pk for pk, body in told.items() if body.get("round") == slug] != named:
                yield Finding(where, f"its row and the record disagree about its {step}.")
        stands = (
            PollState.SEALED if slug in sealed else
            PollState.OPENED if slug in unsealed else
            PollState.ENDED if poll.ending_id is not None else
            PollState.OPEN if poll.opening_id is not None else
            PollState.PREPARED
        )  # fmt: skip
        if poll.state != stands:
            yield Finding(where, f"its row says “{poll.state}”, and the record “{stands}”.")
    for slug in sorted(str(slug) for slug in printed - seen):
        yield Finding(f"Voting in round {slug}", "codes were printed for it, and it is gone.")


def _stacks() -> Iterator[Finding]:
    """Faults between stacks of ballot papers and the leaves of their printing and signing."""
    printed, signed = _told("voting.stack_printed"), _told("voting.stack_signed")
    for stack in PaperStack.objects.select_related("round").order_by("pk"):
        stands = {
            "round": stack.round.slug,
            "stack": stack.number,
            "sheets": stack.sheets_printed,
            "look": stack.look,
            "language": stack.language,
        }
        body = printed.pop(stack.leaf_id, {})
        sound = all(body.get(name) == value for name, value in stands.items())
        if stack.signed_id is not None:
            body = signed.pop(stack.signed_id, {})
            sound &= (body.get("round"), body.get("stack"), body.get("printed")) == (
                stack.round.slug, stack.number, stack.sheets_printed,
            )  # fmt: skip
        if not sound:
            where = f"Voting in round {stack.round.slug}"
            yield Finding(where, f"stack {stack.number} is not what the record says.")
    for body in (*printed.values(), *signed.values()):
        where = f"Voting in round {body.get('round')}"
        yield Finding(where, f"the row of stack {body.get('stack')} does not name its leaves.")


def _ownerless() -> Iterator[Finding]:
    """Uses and ballots of codes that are not there, and codes of plans that are not."""
    known = Credential.objects.values("pk")
    for what, rows in (("use", Claim.objects), ("ballot", Envelope.objects)):
        if wrong := rows.exclude(credential_id__in=known).count():
            yield Finding("Voting", f"{wrong} rows tell of the {what} of a code that is not there.")
    if wrong := CodeBatch.objects.exclude(plan_id__in=CodePlan.objects.values("pk")).count():
        yield Finding("Voting", f"{wrong} print runs are of a plan that is not there.")
    if wrong := Poll.objects.exclude(round_id__in=Round.objects.values("pk")).count():
        yield Finding("Voting", f"{wrong} polls are of a round that is not there.")
    if wrong := Credential.objects.exclude(round=F("batch__plan__round")).count():
        yield Finding("Voting", f"{wrong} codes stand in another round than they were printed for.")


def _kept_keys() -> Iterator[Finding]:
    """Keys in the strongbox that trustees hold, or that were destroyed with the codes."""
    sealed = Poll.objects.filter(state=PollState.SEALED).values("round")
    for key in RoundKey.objects.exclude(in_strongbox="").select_related("round"):
        if key.made_by_id is not None or sealed.filter(round=key.round_id).exists():
            where = f"Voting in round {key.round.slug}"
            yield Finding(where, "a key of its box is kept that should be gone from here.")


def _codes(poll: Poll) -> Iterator[str]:
    """Codes that stand otherwise than the desk's leaves in the audit log left them."""
    left: dict[object, CodeState] = {}
    for leaf in Leaf.objects.filter(log=Log.AUDIT, kind__in=DESK).order_by("idx"):
        body = body_of(leaf) or {}
        if body.get("round") == poll.round.slug:
            left[body.get("code")] = DESK[leaf.kind]
    rows = Credential.objects.filter(round=poll.round).iterator(chunk_size=PIECE)
    wrong = 0
    for one in rows:
        kept = codes.committed(one.selector, bytes(one.salt), bytes(one.hashed))
        wrong += left.pop(leaf_hash(kept).hex(), CodeState.ISSUED) != one.state
    if wrong or left:
        yield (
            f"{wrong + len(left)} codes are in use, void or replaced otherwise than the desk "
            "wrote down."
        )


def _uses(poll: Poll) -> Iterator[str]:
    """Faults between what codes were used for, the ballots they cast, and the close."""
    uses = Claim.objects.filter(credential__round=poll.round)
    ways = dict.fromkeys(Way.values, 0)
    for way in uses.values_list("channel", flat=True):
        ways[way] = ways.get(way, 0) + 1
    if ways.keys() - set(Way.values):
        yield "a code was used in a way that is not known."
    cast = Envelope.objects.filter(credential__round=poll.round).values("credential")
    if uses.filter(channel=Way.ONLINE).exclude(credential__in=cast).exists():
        yield "a code counts as used online, and no ballot of it is in the box."
    if cast.exclude(credential__in=uses.values("credential")).exists():
        yield "a ballot is in the box whose code does not count as used."
    if poll.ending is not None:
        body = _last_said_of_uses(poll) or {}
        said = {Way.ONLINE: body.get("used_online"), Way.PAPER: body.get("used_paper")}
        if any(said[Way(way)] != ways[way] for way in Way.values):
            yield (
                f"{ways[Way.ONLINE]} codes were used online and {ways[Way.PAPER]} on paper, and "
                f"the record said {said[Way.ONLINE]} and {said[Way.PAPER]}."
            )


def _last_said_of_uses(poll: Poll) -> dict | None:
    """The leaf of the ending, or of the last paper that was taken in after it."""
    late = Leaf.objects.filter(log=Log.PUBLIC, kind="voting.paper_taken_in")
    told = (body_of(leaf) or {} for leaf in late.order_by("-idx"))
    mine = next((body for body in told if body.get("round") == poll.round.slug), None)
    return mine or (body_of(poll.ending) if poll.ending else None)


def _key_of_the_house(poll: Poll) -> Iterator[str]:
    """Where the house opens the box: whether the key it keeps opens what is sealed to the round."""
    key = RoundKey.objects.filter(round=poll.round, made_by=None).first()
    if key is None:
        return
    info = sealing.info_of(poll.round.slug)
    try:
        private = bytes.fromhex(strongbox.open_sealed(key.in_strongbox, KEY_OF_A_ROUND))
        tried = sealing.seal(bytes(key.public_key), b"tried", info)
        sealing.open_sealed(private, tried, info)
    except (strongbox.SealError, sealing.NotSealedError, ValueError):
        yield "the key that opens its box is not in the strongbox, or cannot be read."
