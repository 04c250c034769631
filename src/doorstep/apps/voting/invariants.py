"""What must always hold of votes: no code too many, and nothing left of what was destroyed."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import Fault, holds
from doorstep.apps.outbox.models import Message
from doorstep.apps.rounds.models import Round

from .actions.box import receipts_of
from .models import (
    Claim,
    CodeBatch,
    Credential,
    Envelope,
    HouseAsk,
    KeyCopy,
    Keying,
    LetterAddress,
    Opening,
    PaperSheet,
    Poll,
    PollState,
    RoundKey,
    StackCount,
)
from .verify import polls, verify_voting

holds(
    "voting.told",
    _("Codes and sealed ballots are those that the record names, none more and none less."),
    polls,
)(verify_voting)


@holds("voting.codes_issued", _("No more codes were used than were issued."), polls)
def codes_were_issued() -> Iterator[Fault]:
    for poll in Poll.objects.exclude(state=PollState.PREPARED).select_related("round"):
        runs = CodeBatch.objects.filter(plan__round=poll.round, spoiled=None)
        issued = runs.aggregate(codes=Sum("count"))["codes"] or 0
        used = Claim.objects.filter(credential__round=poll.round).count()
        if used > issued:
            yield f"Round {poll.round.slug}", f"{used} codes were used, and {issued} issued."


# Whatever the seal destroys, and how its rows lead to a round. Messages of receipts and the key in
# the strongbox lose their words alone: see _left.
DESTROYED: dict[type[Model], str] = {
    Claim: "credential__round",
    Credential: "round",
    Envelope: "credential__round",
    HouseAsk: "round",
    KeyCopy: "first__round",
    Keying: "sheet__stack__round",
    LetterAddress: "plan__round",
    Opening: "trustee__round",
    PaperSheet: "stack__round",
    StackCount: "stack__round",
}


@holds(
    "voting.links_destroyed",
    _("Of a vote that was sealed nothing is left that joins a ballot to a voter."),
    lambda: Poll.objects.filter(state=PollState.SEALED).count(),
)
def nothing_joins_a_ballot() -> Iterator[Fault]:
    for poll in Poll.objects.filter(state=PollState.SEALED).select_related("round"):
        for rows in _left(poll.round):
            if count := rows.count():
                table = rows.model._meta.db_table
                yield f"Round {poll.round.slug}", f"it is sealed, and {table} still knows {count}."


def _left(round_: Round) -> Iterator[QuerySet[Any]]:
    for model, way in DESTROYED.items():
        yield model._base_manager.filter(**{way: round_})
    yield RoundKey.objects.filter(round=round_).exclude(in_strongbox="")
    yield Message.objects.filter(topic=receipts_of(round_)).exclude(sealed="")


@holds(
    "voting.rewritten",
    _("The database was rewritten after a vote was sealed, so that no trace is left in the file."),
    lambda: Poll.objects.filter(state=PollState.SEALED).count(),
    deadline=True,
)
def nothing_is_owed() -> Iterator[Fault]:
    for poll in Poll.objects.filter(rewrite_owed=True).select_related("round"):
        yield f"Round {poll.round.slug}", "the database is still to be rewritten."
