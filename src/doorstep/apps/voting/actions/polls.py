"""Opening and ending a poll by the clock, and logging envelopes in batches that name nobody."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round, RoundState
from doorstep.apps.rounds.rules import window
from doorstep.apps.voting import choices, sealing, trackers
from doorstep.apps.voting.actions import messages
from doorstep.apps.voting.models import (
    Claim,
    CodeBatch,
    Envelope,
    EnvelopeBatch,
    Poll,
    PollState,
    RoundKey,
)
from doorstep.apps.voting.queries import used_by_way
from doorstep.engine.rulebook import rule

CLOCK = Actor("system", "clock")
# A hash takes 67 bytes of a leaf, which holds 65,535.
MOST_IN_A_LEAF = 900


@transaction.atomic
def prepare_poll(round_: Round) -> Poll:
    """The round's poll, made when it is first needed."""
    return Poll.objects.get_or_create(round=round_)[0]


@transaction.atomic
def open_poll(poll: Poll, *, actor: Actor = CLOCK) -> Poll:
    """Begin to take ballots. Fixes the key they are sealed to and the length they are padded to.

    Called by the clock (a chore, or the first visitor); it refuses before the announced moment.
    """
    lock_head()
    poll = _held(poll)
    if poll.state != PollState.PREPARED:
        return poll
    round_ = poll.round
    _refuse_unready(round_)
    key = RoundKey.objects.filter(round=round_).first()
    if key is None:
        raise Refused(
            _("Voting cannot open: no key was made for the ballots. Ask the trustees to make it."),
            code="no_key",
        )
    codes = CodeBatch.objects.filter(plan__round=round_, spoiled=None)
    printed = sum(batch.count for batch in codes)
    if not printed:
        raise Refused(
            _("Voting cannot open: no code was printed. Print the letters or cards first."),
            code="no_codes",
        )
    question = choices.question_of(round_)
    longest = choices.longest(question, "x" * trackers.LONGEST)
    poll.public_key = bytes(key.public_key)
    poll.padded_to = sealing.room_for(longest)
    poll.opening = write_leaf(
        "voting.opened",
        {
            "round": round_.slug,
            "codes": printed,
            "key": poll.public_key.hex(),
            "padded_to": poll.padded_to,
            "actor": actor.as_leaf(),
        },
    )
    poll.state = PollState.OPEN
    poll.save()
    return poll


def _refuse_unready(round_: Round) -> None:
    now = timezone.now()
    if round_.state != RoundState.FROZEN:
        raise Refused(
            _("Voting opens only in a round whose rules are fixed."), code="round_not_frozen"
        )
    if window(round_.terms, now) != "open":
        raise Refused(
            _("Voting opens and ends at the announced moments, and by no one’s hand."),
            code="not_the_time",
        )


@transaction.atomic
def end_poll(poll: Poll, *, actor: Actor = CLOCK) -> Poll:
    """Shut the box, and log every envelope that was not logged yet."""
    lock_head()
    poll = _held(poll)
    if poll.state != PollState.OPEN:
        return poll
    if window(poll.round.terms, timezone.now()) != "over" and (
        poll.round.state != RoundState.CANCELLED
    ):
        raise Refused(
            _("Voting opens and ends at the announced moments, and by no one’s hand."),
            code="not_the_time",
        )
    _log(poll)
    poll.ending = write_leaf(
        "voting.ended",
        {
            "round": poll.round.slug,
            "envelopes": Envelope.objects.filter(credential__round=poll.round).count(),
            **used_codes(poll.round),
            "actor": actor.as_leaf(),
        },
    )
    poll.state = PollState.ENDED
    poll.save()
    if poll.round.state != RoundState.CANCELLED:
        messages.voting_ended(poll.round)
    return poll


def used_codes(round_: Round) -> dict[str, int]:
    """How many codes were used in which way, as leaves of the end and after it say."""
    online, paper = used_by_way(round_)
    return {"used_online": online, "used_paper": paper}


@transaction.atomic
def log_envelopes(poll: Poll) -> int:
    """Log what was cast since the last batch, if at least ten different codes cast it.

    The rule of the day on which voting opened holds to its end, whatever the clock says by then.
    """
    lock_head()
    poll = _held(poll)
    if poll.state != PollState.OPEN:
        return 0
    waiting = Envelope.objects.filter(credential__round=poll.round, batch=None)
    least = int(rule("voting.log_at_least", timezone.localdate(poll.round.terms.opens_at)).value)
    if waiting.values("credential").distinct().count() < least:
        return 0
    return _log(poll)


def _log(poll: Poll) -> int:
    """Write the leaves for every waiting envelope, sorted, so that their order tells nothing."""
    waiting = Envelope.objects.filter(credential__round=poll.round, batch=None)
    hashes = sorted(bytes(each) for each in waiting.values_list("env_hash", flat=True))
    used = Claim.objects.filter(credential__round=poll.round).count()
    leaves = -(-len(hashes) // MOST_IN_A_LEAF)
    for number in range(leaves):
        # Even parts: a last one of three would name three people.
        part = hashes[number * len(hashes) // leaves : (number + 1) * len(hashes) // leaves]
        leaf = write_leaf(
            "voting.envelopes",
            {
                "round": poll.round.slug,
                "hashes": [each.hex() for each in part],
                "used": used,
                "actor": CLOCK.as_leaf(),
            },
        )
        batch = EnvelopeBatch.objects.create(round=poll.round, leaf=leaf, used=used)
        for start in range(0, len(part), 300):
            Envelope.objects.filter(
                credential__round=poll.round, env_hash__in=part[start : start + 300], batch=None
            ).update(batch=batch)
    return len(hashes)


def keep_time(poll: Poll) -> Poll:
    """Open or end a poll whose moment has come; for the visit that comes before the chore."""
    when = window(poll.round.terms, timezone.now())
    if poll.state == PollState.PREPARED and when == "open":
        if poll.round.state != RoundState.FROZEN:
            return poll
        return open_poll(poll)
    if poll.state == PollState.OPEN and when == "over":
        return end_poll(poll)
    return poll


def _held(poll: Poll) -> Poll:
    """The poll as it stands, held until the transaction ends: whoever casts now is waited for."""
    return (
        Poll.objects.select_for_update(of=("self",))
        .select_related("round__terms", "round__place", "round__title")
        .get(pk=poll.pk)
    )
