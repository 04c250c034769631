"""The working pages of a round, of every room, as they fit where it stands and who reads."""

from collections.abc import Collection, Iterator, Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.rounds import working
from doorstep.apps.rounds.models import Publication, Round, RoundSize, RoundState, Secrecy, Terms
from doorstep.apps.rounds.working import Page
from doorstep.apps.voting.models import Poll, PollState

MEMBER = "partnership_member"
WORKERS = frozenset({MEMBER, "worker"})
BOX_OPENED = frozenset({PollState.OPENED, PollState.SEALED})


@working.register
def pages(rounds: Sequence[Round], kinds: Collection[str]) -> dict[int, list[Page]]:
    """What can be done to each round now; one SQL statement."""
    if not WORKERS & set(kinds):
        return {}
    keys = [round_.pk for round_ in rounds]
    polls = dict(Poll.objects.filter(round__in=keys).values_list("round_id", "state"))
    return {
        round_.pk: [
            Page(name, reverse(address, args=[round_.slug]))
            for name, address in _of(round_, polls.get(round_.pk, ""), MEMBER in kinds)
        ]
        for round_ in rounds
        if hasattr(round_, "terms")  # an example was run elsewhere
    }


def _of(round_: Round, poll: str, member: bool) -> Iterator[tuple[str, str]]:
    terms = round_.terms
    if round_.state == RoundState.DRAFT:
        yield from _while_a_draft(terms, member)
        return
    yield _("Ideas and their answers"), "ideas:list"
    if round_.state == RoundState.CANCELLED:
        return
    if terms.size == RoundSize.ROOM:
        if round_.state == RoundState.FROZEN:
            yield _("Enter what was counted"), "round-room"
    elif not round_.without_vote:
        yield from _while_voting(round_, terms, poll, member)
    if not member:
        return
    if round_.state == RoundState.FROZEN:
        if poll not in BOX_OPENED:
            yield _("Take an idea off"), "round-withdraw"
            yield _("Call it off"), "round-cancel"
    elif round_.state in (RoundState.CLOSED, RoundState.COUNTED):
        yield _("Close and count"), "round-close"


def _while_a_draft(terms: Terms, member: bool) -> Iterator[tuple[str, str]]:
    today = timezone.localdate()
    if terms.ideas_from <= today:
        yield _("Ideas and their answers"), "ideas:list"
    if terms.ideas_from <= today <= terms.ideas_until:
        yield _("Type in an idea"), "ideas:type-in"
    if terms.size != RoundSize.ROOM:
        yield _("Codes"), "voting:codes"
        if member and terms.secrecy == Secrecy.TRUSTEES:
            yield _("Trustees"), "voting:trustees"
    if member:
        yield _("See what is missing"), "round-freeze"


def _while_voting(
    round_: Round, terms: Terms, poll: str, member: bool
) -> Iterator[tuple[str, str]]:
    if poll in ("", PollState.PREPARED, PollState.OPEN):
        yield _("Codes"), "voting:codes"
        yield _("Voting desk"), "voting:desk"
    if poll in (PollState.OPEN, PollState.ENDED):
        yield _("Somebody votes on paper"), "voting:give-paper"
    yield _("Ballot papers"), "voting:papers"
    if member and terms.secrecy == Secrecy.TRUSTEES:
        yield _("Trustees"), "voting:trustees"
    if poll not in ("", PollState.PREPARED, PollState.OPEN):
        yield _("The box"), "voting:box"
    # Trustees find their recount on their own desk.
    apart = terms.publication == Publication.AGGREGATE and terms.secrecy == Secrecy.HOUSE
    if apart and member and round_.state in (RoundState.COUNTED, RoundState.SETTLED):
        yield _("Count again and sign"), "voting:recount"
