"""What the desk does for one person: unlock, void, replace, note a letter that came back.

Each writes a leaf into the audit log; public are the numbers alone.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.record.actions import lock_head, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Log
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round
from doorstep.apps.voting import codes
from doorstep.apps.voting.models import (
    Channel,
    Claim,
    CodeState,
    Credential,
    Poll,
    PollState,
    Way,
)
from doorstep.engine.rulebook import rule
from doorstep.engine.seal.leaf import leaf_hash


def find_code(round_: Round, typed: str) -> Credential:
    """The code whose public part was typed: the first four characters, or all of it."""
    try:
        selector = codes.read_selector(typed)
    except codes.MistypedError:
        raise Refused(
            _("Type the first four letters and numbers of the code."), code="mistyped"
        ) from None
    found = Credential.objects.filter(round=round_, selector=selector).select_related(
        "batch__plan", "address"
    )
    if credential := found.first():
        return credential
    raise Refused(
        _("No code of this round begins like that. It may belong to another round."),
        code="unknown_code",
    )


@transaction.atomic
def unlock(credential: Credential, *, actor: Actor) -> None:
    """Give a code its five tries back, once somebody has shown the letter or card."""
    held = _held(credential)
    most = int(rule("voting.tries", timezone.localdate()).value)
    if held.tries_left == most:
        return
    held.tries_left = most
    held.save(update_fields=["tries_left"])
    _leaf("voting.code_unlocked", held, actor)


@transaction.atomic
def void(credential: Credential, *, actor: Actor) -> None:
    """Make a code void for ever. What was cast with it online does not count any more."""
    _leave(credential, CodeState.VOIDED, "voting.code_voided", actor)


@transaction.atomic
def letter_returned(credential: Credential, *, actor: Actor) -> None:
    """Note that a letter came back unopened. Its code does not vote: nobody may use a spare one."""
    if credential.batch.plan.channel != Channel.LETTER:
        raise Refused(_("This code was not sent by letter."), code="no_letter")
    _leave(credential, CodeState.RETURNED, "voting.letter_returned", actor)


@transaction.atomic
def replace(credential: Credential, typed: str, *, actor: Actor) -> Credential:
    """Void a code and put an unused card in its place. `typed` is the new card's public part.

    The card comes from a run committed to before voting opened, so no code is ever added.
    """
    held = _held(credential)
    card = _held(find_code(held.round, typed))
    if held.state not in {CodeState.ISSUED, CodeState.RETURNED}:
        raise Refused(_("This code is not in use any more."), code="code_not_in_use")
    _refuse_paper(held)
    if card.batch.plan.channel == Channel.LETTER or card == held:
        raise Refused(
            _("Take the new code from the cards that were printed for the desk."), code="no_card"
        )
    if card.state != CodeState.ISSUED or card.is_replacement or hasattr(card, "claim"):
        raise Refused(_("This card was given out already. Take the next."), code="card_used")
    held.state = CodeState.REPLACED
    held.save(update_fields=["state"])
    card.is_replacement = True
    card.save(update_fields=["is_replacement"])
    _leaf("voting.code_replaced", held, actor)
    return card


def _leave(credential: Credential, state: CodeState, kind: str, actor: Actor) -> None:
    held = _held(credential)
    if held.state == state:
        return
    if held.state != CodeState.ISSUED:
        raise Refused(_("This code is not in use any more."), code="code_not_in_use")
    _refuse_paper(held)
    held.state = state
    held.save(update_fields=["state"])
    _leaf(kind, held, actor)


def _refuse_paper(credential: Credential) -> None:
    """A paper ballot lies in the stack without a name: it cannot be taken out again."""
    if Claim.objects.filter(credential=credential, channel=Way.PAPER).exists():
        raise Refused(
            _("This code was used on paper, and that ballot lies in the box. It stays the vote."),
            code="used_on_paper",
        )


def _held(credential: Credential) -> Credential:
    """The code as it stands, held until the transaction ends, while its poll is not over."""
    lock_head()
    held = (
        Credential.objects.select_for_update(of=("self",))
        .select_related("round", "batch__plan")
        .get(pk=credential.pk)
    )
    state = Poll.objects.values_list("state", flat=True).get(round=held.round)
    if state not in {PollState.PREPARED, PollState.OPEN}:
        raise Refused(
            _("Voting has ended; codes stay as they are now, so that the count can be checked."),
            code="voting_over",
        )
    return held


def _leaf(kind: str, credential: Credential, actor: Actor) -> None:
    mark = leaf_hash(
        codes.committed(credential.selector, bytes(credential.salt), bytes(credential.hashed))
    )
    write_leaf(
        kind,
        {"round": credential.round.slug, "code": mark.hex(), "actor": actor.as_leaf()},
        log=Log.AUDIT,
    )
