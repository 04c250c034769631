"""What must always hold of votes: no code too many, and nothing left of what was destroyed."""

from collections.abc import Iterator

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from doorstep.apps.invariants import Fault, holds

from .models import Claim, CodeBatch, Poll, PollState
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


@holds(
    "voting.links_destroyed",
    _("Of a vote that was sealed nothing is left that joins a ballot to a voter."),
    lambda: Poll.objects.filter(state=PollState.SEALED).count(),
)
def nothing_joins_a_ballot() -> Iterator[Fault]:
    for poll in Poll.objects.filter(state=PollState.SEALED).select_related("round"):
        if Claim.objects.filter(credential__round=poll.round).exists():
            yield f"Round {poll.round.slug}", "it is sealed, and still knows which code voted."


@holds(
    "voting.rewritten",
    _("The database was rewritten after a vote was sealed, so that no trace is left in the file."),
    lambda: Poll.objects.filter(state=PollState.SEALED).count(),
    deadline=True,
)
def nothing_is_owed() -> Iterator[Fault]:
    for poll in Poll.objects.filter(rewrite_owed=True).select_related("round"):
        yield f"Round {poll.round.slug}", "the database is still to be rewritten."
