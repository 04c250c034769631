"""A code is checked, a ballot is cast, a code is spent on paper."""

from dataclasses import dataclass

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round, RoundState
from doorstep.apps.rounds.queries import withdrawn
from doorstep.apps.rounds.rules import window
from doorstep.apps.voting import budgets, choices, codes, sealing
from doorstep.apps.voting.actions.polls import keep_time, used_codes
from doorstep.apps.voting.choices import Choice, Question
from doorstep.apps.voting.models import (
    Claim,
    CodeState,
    Credential,
    Envelope,
    Poll,
    PollState,
    Way,
)
from doorstep.apps.voting.turns import in_turn
from doorstep.engine.rulebook import rule

_WITH_POLL = ("round__poll", "round__terms", "round__place", "round__title")


@dataclass(frozen=True)
class Cast:
    """What a voter may keep: which version of their ballot counts, and the hash of its envelope."""

    version: int
    env_hash: bytes


# Whose code


def credential_of(number: int) -> Credential | None:
    """A credential with all that its ballot needs; one SQL statement."""
    return Credential.objects.select_related(*_WITH_POLL).filter(pk=number).first()


def redeem(typed: str, *, address: str) -> Credential:
    """The credential of a code that is right and may vote now. Refuses with what to do.

    A mistyped code is told by its check character, and costs no try and no slow hash. `address`
    is the network address that a wrong code is charged to.
    """
    credential = _proved(typed, address)
    refuse_unless_votes(credential)
    return credential


def _proved(typed: str, address: str) -> Credential:
    """The credential whose secret was typed, whatever state it is in."""
    try:
        code = codes.read(typed)
    except codes.MistypedError:
        raise Refused(
            _(
                "That is not a whole code. Look at the letter or card again: a code has 16 letters "
                "and numbers, in four groups of four. Nothing was lost by trying."
            ),
            code="mistyped",
        ) from None
    budgets.refuse_over_budget(address)  # before the slow hash
    candidates = _candidates(code.selector)
    if candidates and not any(credential.tries_left for credential in candidates):
        raise locked()
    for credential in candidates:
        if codes.is_right(code, bytes(credential.salt), bytes(credential.hashed)):
            budgets.refuse_over_budget(address)
            _give_tries_back(credential)
            return credential
    budgets.charge(address)
    for credential in candidates:
        _take_a_try(credential)
    raise Refused(
        _(
            "We do not know this code. If you typed it, compare it with the letter or card. If it "
            "is from an earlier vote, it no longer works. The desk can help you."
        ),
        code="unknown_code",
    )


def _candidates(selector: str) -> list[Credential]:
    """Codes with this public part in polls that are not finished: one, save by a rare chance."""
    found = Credential.objects.filter(selector=selector).select_related(*_WITH_POLL)
    return list(found.exclude(round__poll__state=PollState.SEALED))


def _give_tries_back(credential: Credential) -> None:
    """Its secret was typed. Refused when five wrong ones came first, however many ran at once.

    The slow hash ran outside any transaction, so that its outcome is compared with what stands now.
    """
    most = int(rule("voting.tries", timezone.localdate()).value)
    mine = Credential.objects.filter(pk=credential.pk, tries_left__gt=0)
    if credential.tries_left < most and not mine.update(tries_left=most):
        raise locked()
    if not mine.exists():
        raise locked()


def _take_a_try(credential: Credential) -> None:
    """A wrong secret is noted against the code's five tries, each in turn."""
    mine = Credential.objects.filter(pk=credential.pk, tries_left__gt=0)
    mine.update(tries_left=F("tries_left") - 1)


def locked() -> Refused:
    return Refused(
        _(
            "Wrong codes were tried five times with this one, so it is locked for safety. Your "
            "vote is not lost: take the letter or card to the desk, and they unlock it at once."
        ),
        code="locked",
    )


def refuse_unless_votes(credential: Credential) -> None:
    """Say why a code that is right cannot vote online now."""
    _open_poll_of(credential)
    if Claim.objects.filter(credential=credential, channel=Way.PAPER).exists():
        raise _used_on_paper()


def _open_poll_of(credential: Credential) -> Poll:
    """The open poll of a code that is in use; refuses any other."""
    if credential.state != CodeState.ISSUED:
        raise Refused(_why_not(credential.state), code=f"code_{credential.state}")
    return _poll_in_time(credential.round)


def _used_on_paper() -> Refused:
    return Refused(
        _(
            "This code was used on paper, and that is the vote that counts. A code counts "
            "once. If you did not vote on paper, tell the desk."
        ),
        code="used_on_paper",
    )


def _why_not(state: str) -> str:
    words = {
        CodeState.VOIDED: _(
            "This code was made void at the desk and does not vote. If that is a mistake, the "
            "desk gives you a new one."
        ),
        CodeState.REPLACED: _(
            "This code was replaced by another at the desk. Use the new card; only that one counts."
        ),
        CodeState.RETURNED: _(
            "The letter with this code came back to us, so the code does not vote. The desk gives "
            "you a new one."
        ),
    }
    return words[CodeState(state)]


def _poll_in_time(round_: Round) -> Poll:
    """The round's open poll; refuses before and after, each with its moment."""
    if round_.state == RoundState.CANCELLED:
        raise Refused(
            _("This vote was called off. The page of the round says why."), code="cancelled"
        )
    poll = keep_time(round_.poll)
    when = window(round_.terms, timezone.now())
    if poll.state == PollState.PREPARED or when == "before":
        raise Refused(
            _("Voting has not begun. Your code is good: keep it, and come back when voting opens."),
            code="not_open_yet",
        )
    if poll.state != PollState.OPEN or when == "over":
        raise Refused(
            _("Voting has ended. What was cast before counts; nothing can be added now."),
            code="voting_over",
        )
    return poll


# Casting


def question_now(round_: Round) -> Question:
    """What the round asks, without what was withdrawn since it was frozen."""
    return choices.question_of(round_, frozenset(withdrawn(round_)))


def cast(
    credential: Credential, choice: Choice, tracker: str, question: Question | None = None
) -> Cast:
    """Seal a whole choice as the next version of a code's ballot. The highest version counts.

    `question` is the round's, for a page that has just read it. Writes no leaf: a leaf has a time,
    and would name whoever voted just then.
    """
    poll = _open_poll_of(credential)
    round_ = credential.round
    question = question or question_now(round_)
    choices.refuse_uncounted(question, choice)
    assert poll.public_key is not None
    assert poll.padded_to is not None
    plain = sealing.ballot_bytes(
        tracker, choices.sealed_form(question, choice), int(poll.padded_to)
    )
    sealed = sealing.seal(bytes(poll.public_key), plain, sealing.info_of(round_.slug))
    try:
        with in_turn():
            return _keep(credential, sealed)
    except OperationalError:
        raise Refused(
            _(
                "So many people are voting that this tap was not kept. Nothing that was cast "
                "before is lost: tap again."
            ),
            code="busy",
        ) from None
    except IntegrityError:
        # The database refused: the poll ended, or the code was voided or spent, at this moment.
        if now := credential_of(credential.pk):
            refuse_unless_votes(now)
        raise


@transaction.atomic
def _keep(credential: Credential, sealed: bytes) -> Cast:
    claim, _made = _claimed(credential, Way.ONLINE)
    if claim.channel == Way.PAPER:
        raise _used_on_paper()
    versions = Envelope.objects.filter(credential=credential)
    last = versions.aggregate(last=Max("version"))["last"] or 0
    if last >= int(rule("voting.versions_at_most", timezone.localdate()).value):
        raise Refused(
            _(
                "This ballot was changed very often and cannot be changed again. Version "
                "%(version)s counts."
            )
            % {"version": last},
            code="too_many_versions",
        )
    env_hash = sealing.envelope_hash(sealed)
    Envelope.objects.create(
        credential=credential, version=last + 1, sealed=sealed, env_hash=env_hash
    )
    return Cast(last + 1, env_hash)


def _claimed(credential: Credential, way: Way) -> tuple[Claim, bool]:
    """The code's one use, held until the transaction ends, and whether it was made just now."""
    held = Claim.objects.select_for_update().filter(credential=credential)
    if claim := held.first():
        return claim, False
    try:
        with transaction.atomic():
            return Claim.objects.create(credential=credential, channel=way), True
    except IntegrityError:
        if claim := held.first():  # another hand was first
            return claim, False
        raise


def version_that_counts(credential: Credential) -> int:
    """The version of this code's ballot that counts now; 0 when nothing was cast online."""
    found = Envelope.objects.filter(credential=credential).aggregate(last=Max("version"))
    return found["last"] or 0


# Paper


def spend_on_paper(round_: Round, code: str, *, actor: Actor) -> Credential:
    """Spend a code's one use on a paper ballot of this round: it replaces what was cast online.

    Never back, and never twice. `code` is the whole code as it stands on the slip; `actor` is
    whoever keys the stack that the paper lies in. Like casting, it writes no leaf; but once voting
    has ended, and the record has said how many codes were used, a leaf says it anew.
    """
    credential = _proved(code, f"{actor.kind} {actor.id}")
    if credential.round_id != round_.pk:
        raise Refused(
            _("This code belongs to another vote. Put the paper aside and look at it together."),
            code="foreign_code",
        )
    if credential.state != CodeState.ISSUED:
        raise Refused(_why_not(credential.state), code=f"code_{credential.state}")
    with in_turn():
        _spend(credential, actor)
    return credential


@transaction.atomic
def _spend(credential: Credential, actor: Actor) -> None:
    # Read, not locked: the claim is held first, as in casting, and then its trigger holds the
    # poll. In two orders, two hands would wait for each other for ever.
    poll = Poll.objects.select_related("round").get(pk=credential.round_id)
    has_ended = poll.state == PollState.ENDED
    if has_ended:
        lock_head()
    elif poll.state != PollState.OPEN:
        raise Refused(
            _("Paper is taken in while voting is open, and keyed until the box is opened."),
            code="not_open_yet",
        )
    claim, made = _claimed(credential, Way.PAPER)
    if claim.channel == Way.PAPER and not made:
        raise Refused(
            _("This code was used on paper already. A code counts once: put this paper aside."),
            code="used_on_paper",
        )
    if claim.channel == Way.ONLINE:
        claim.channel = Way.PAPER
        claim.save(update_fields=["channel"])
    if has_ended:
        body = {"round": poll.round.slug, **used_codes(poll.round), "actor": actor.as_leaf()}
        write_leaf("voting.paper_taken_in", body)
    elif Poll.objects.filter(pk=poll.pk, state=PollState.ENDED).exists():
        raise Refused(
            _("Voting ended at this moment. Take the code in once more."), code="just_ended"
        )
