"""The box: which envelopes count, what an opening must look like, and the file of all ballots.

Pure but for its reads. An opening is what a trustee's device found: whole ballots in random order.
Its written form is sorted, so that two devices that found the same write the same bytes, and no
order that could tell anything is kept.
"""

import csv
import io
import json
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from doorstep.apps.refused import Refused
from doorstep.apps.rounds import ballots
from doorstep.apps.rounds.models import Round
from doorstep.apps.rounds.queries import project_costs
from doorstep.apps.voting import choices, trackers
from doorstep.apps.voting.models import CodeState, Envelope, Way
from doorstep.engine.count import Project, election_of
from doorstep.engine.seal.canonical import CanonicalError, Value, canonical

MOST_BALLOTS = 2_000_000
_random = secrets.SystemRandom()


@dataclass(frozen=True)
class Slip:
    """One ballot out of its envelope: its tracker, and the choice as it was sealed."""

    tracker: str
    value: Value


@dataclass(frozen=True)
class Found:
    """Everything that was cast, read by the question: (tracker, choice), and how many cannot be."""

    ballots: list[tuple[str, choices.Choice]]
    spoilt: int


def envelopes_that_count(round_: Round) -> QuerySet[Envelope]:
    """The highest version of each good code that was used online."""
    last = (
        Envelope.objects.filter(credential=OuterRef("credential"))
        .values("credential")
        .annotate(last=Max("version"))
        .values("last")
    )
    return Envelope.objects.filter(
        credential__round=round_,
        credential__state=CodeState.ISSUED,
        credential__claim__channel=Way.ONLINE,
        version=Subquery(last),
    )


def how_many_count(round_: Round) -> int:
    return envelopes_that_count(round_).count()


def shuffled_envelopes(round_: Round) -> list[bytes]:
    """What a trustee's device gets: sealed bytes in a new random order each time, and no code."""
    sealed = [bytes(one) for one in envelopes_that_count(round_).values_list("sealed", flat=True)]
    _random.shuffle(sealed)
    return sealed


def read_opening(found: object) -> tuple[list[Slip], int]:
    """An opening as a device posts it. Whatever is not one is refused, never half read."""
    if not isinstance(found, dict) or set(found) != {"ballots", "spoilt"}:
        raise _damaged()
    listed, spoilt = found["ballots"], found["spoilt"]
    if type(spoilt) is not int or not 0 <= spoilt <= MOST_BALLOTS:
        raise _damaged()
    if not isinstance(listed, list) or len(listed) > MOST_BALLOTS:
        raise _damaged()
    slips = []
    for one in listed:
        if not isinstance(one, dict) or set(one) != {"t", "v"} or not isinstance(one["t"], str):
            raise _damaged()
        slips.append(Slip(one["t"], one["v"]))
    return slips, spoilt


def written_opening(slips: Iterable[Slip], spoilt: int) -> bytes:
    """An opening as bytes that are the same in whatever order its ballots came."""
    try:
        lines = sorted(canonical({"t": slip.tracker, "v": slip.value}) for slip in slips)
        return b"\n".join([canonical({"spoilt": spoilt}), *lines])
    except CanonicalError:
        raise _damaged() from None


def slips_of(written: bytes) -> tuple[list[Slip], int]:
    first, *lines = written.split(b"\n")
    slips = [Slip(said["t"], said["v"]) for said in map(json.loads, lines)]
    return slips, json.loads(first)["spoilt"]


def slip_of(plain: bytes) -> Slip | None:
    """The ballot in an opened envelope, or None where it cannot be read. The twin of box.js."""
    try:
        said = json.loads(plain.decode())
    except (ValueError, RecursionError):
        return None
    whole = isinstance(said, dict) and set(said) == {"t", "v"}
    if not whole or not isinstance(said["t"], str) or not isinstance(said["v"], list):
        return None
    return Slip(said["t"], said["v"])


def read_slips(question: choices.Question, slips: Sequence[Slip]) -> Found:
    """Each slip read by the question; one that asks too much, or what is not asked, is spoilt.

    The minimum is asked when a ballot is cast, of the ideas that stand then. It is not asked again:
    one that was below it because an idea had gone is a vote like any other.

    A tracker that stands twice is told apart by a number after it, so that no vote is lost.
    """
    read: list[tuple[str, choices.Choice]] = []
    spoilt = 0
    seen: Counter[str] = Counter()
    for slip in slips:
        try:
            choice = choices.from_sealed(question, slip.value)
        except Refused:
            spoilt += 1
            continue
        counts = choice.ideas and not choices.too_many(question, choice)
        if not counts or not trackers.is_tracker(slip.tracker):
            spoilt += 1
            continue
        seen[slip.tracker] += 1
        again = seen[slip.tracker]
        read.append((slip.tracker if again == 1 else f"{slip.tracker}-{again}", choice))
    return Found(read, spoilt)


def published_file(round_: Round, found: Sequence[tuple[str, choices.Choice]]) -> bytes:
    """The Pabulib file of a round: each ballot under its tracker, in random order.

    Everything before the votes is what `rounds.ballots.published` writes, so that the file has one
    form whoever makes it.
    """
    costs = project_costs(round_)
    codes = list(costs)
    scored = round_.vote_type == "cumulative"
    election = election_of(
        name=round_.slug,
        projects=[Project(code, "", Fraction(pence, 100)) for code, pence in costs.items()],
        votes=[
            {codes[idea]: points for idea, points in choice.marks}
            if scored
            else [codes[idea] for idea in choice.ideas]
            for _tracker, choice in found
        ],
        budget=Fraction(round_.budget_pence, 100),
        vote_type=round_.vote_type,
    )
    rows = []
    for tracker, choice in found:
        vote = ",".join(codes[idea] for idea in choice.ideas)
        points = ",".join(str(points) for _idea, points in choice.marks)
        rows.append([tracker, vote, points] if scored else [tracker, vote])
    _random.shuffle(rows)
    votes = io.StringIO(newline="")
    csv.writer(votes, delimiter=";", lineterminator="\n").writerows(rows)
    return ballots.before_votes(ballots.published(election, round_)) + votes.getvalue().encode()


def _damaged() -> Refused:
    return Refused(
        _("What you sent is not what a device finds in a box. Open the page and try once more."),
        code="opening_damaged",
    )
