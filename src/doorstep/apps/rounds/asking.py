"""Pure questions about how a round is asked: what its Terms may be, and what does not fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from doorstep.apps.ledger.rules import pounds
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Ground, Publication, RoundSize, Secrecy, VoteType

LANGUAGES = ("en", "cy")
OLDEST = 120
MOST_POINTS = 1_000
MOST_VOTERS = 1_000_000
MOST_CHOICES = 500
LIVE_BALLOTS = (VoteType.APPROVAL, VoteType.CUMULATIVE, VoteType.ORDINAL)


@dataclass(frozen=True, kw_only=True)
class Asking:
    """How a round is asked of people, in plain values; `Terms` keeps it."""

    size: str
    ideas_from: date
    ideas_until: date
    checked_by: date
    opens_at: datetime
    closes_at: datetime
    minimum_age: int
    publication: str
    expected_voters: int
    grounds: Sequence[str] = (Ground.LIVES,)
    minimum_choices: int = 1
    encouraged_choices: int = 3
    maximum_choices: int | None = None
    points: int | None = None
    secrecy: str = Secrecy.TRUSTEES
    secrecy_reason: str = ""
    languages: Sequence[str] = ("en",)


@dataclass(frozen=True)
class Fault:
    """What does not fit, in a sentence that says what to do, and the field it belongs to."""

    field: str
    sentence: str


def faults(
    asking: Asking, *, budget_pence: int, vote_type: str, rule_name: str, room_maximum: int
) -> list[Fault]:
    """Everything that does not fit, in the order of the form; empty when all does."""
    found = [*_size(asking, budget_pence, vote_type, rule_name, room_maximum)]
    found += [*_choices(asking, vote_type), *_dates(asking), *_people(asking)]
    return [*found, *_secrecy(asking)]


def refuse_faults(found: Sequence[Fault]) -> None:
    """Refuse with all of them at once."""
    if found:
        raise Refused(" ".join(fault.sentence for fault in found), code="terms")


def _size(
    asking: Asking, budget_pence: int, vote_type: str, rule_name: str, room_maximum: int
) -> Iterator[Fault]:
    if asking.size not in RoundSize.values:
        yield Fault("size", _("Choose a size of vote: one room, a few streets or the whole place."))
    if vote_type not in LIVE_BALLOTS:
        yield Fault("vote_type", _("Choose how people vote: choosing, sharing points or ranking."))
    if asking.size != RoundSize.ROOM:
        return
    if budget_pence > room_maximum:
        yield Fault(
            "size",
            _(
                "A vote in one room is for pots up to %(most)s. Make the pot smaller, or choose "
                "a larger size of vote."
            )
            % {"most": pounds(room_maximum)},
        )
    if vote_type != VoteType.APPROVAL:
        yield Fault(
            "vote_type",
            _("In one room people choose the ideas they support. Change how people vote."),
        )
    if rule_name != "greedy":
        yield Fault(
            "count_rule",
            _("Totals of one room are counted by most votes. Change the counting rule."),
        )
    if asking.publication != Publication.AGGREGATE:
        yield Fault(
            "publication", _("Of a vote in one room only totals are published. Choose totals.")
        )


def _choices(asking: Asking, vote_type: str) -> Iterator[Fault]:
    least, most = asking.minimum_choices, asking.maximum_choices
    if not 1 <= least <= MOST_CHOICES:
        yield Fault("minimum_choices", _("Ask for at least one choice, and at most 500."))
    if not least <= asking.encouraged_choices <= MOST_CHOICES:
        yield Fault(
            "encouraged_choices",
            _("The number you encourage cannot be below the least that counts."),
        )
    if most is not None and not max(least, asking.encouraged_choices) <= most <= MOST_CHOICES:
        yield Fault(
            "maximum_choices",
            _(
                "The most choices cannot be fewer than the least or the encouraged number. "
                "Leave it empty for no maximum."
            ),
        )
    if vote_type == VoteType.CUMULATIVE and not 1 <= (asking.points or 0) <= MOST_POINTS:
        yield Fault("points", _("Say how many points each person has, from 1 to 1,000."))
    if vote_type != VoteType.CUMULATIVE and asking.points is not None:
        yield Fault("points", _("Points belong to sharing points only. Leave the number empty."))


def _dates(asking: Asking) -> Iterator[Fault]:
    if asking.ideas_until < asking.ideas_from:
        yield Fault("ideas_until", _("Ideas cannot end before they begin. Move one of the days."))
    if asking.checked_by < asking.ideas_until:
        yield Fault(
            "checked_by", _("Ideas are answered after they came in. Move the day to answer by.")
        )
    if asking.opens_at < _start(asking.checked_by):
        yield Fault(
            "opens_at",
            _("Voting opens on the day by which every idea is answered, or later. Move one."),
        )
    if asking.closes_at <= asking.opens_at:
        yield Fault("closes_at", _("Voting must end after it opens. Move one of the moments."))


def _people(asking: Asking) -> Iterator[Fault]:
    if not asking.grounds or set(asking.grounds) - set(Ground.values):
        yield Fault("grounds", _("Choose at least one reason for which somebody may take part."))
    if not 0 <= asking.minimum_age <= OLDEST:
        yield Fault("minimum_age", _("Write an age from 0 to 120."))
    if not 1 <= asking.expected_voters <= MOST_VOTERS:
        yield Fault("expected_voters", _("Write how many people you expect, from 1 to 1,000,000."))
    if not asking.languages or set(asking.languages) - set(LANGUAGES):
        yield Fault("languages", _("Choose at least one language for ballots and letters."))


def _secrecy(asking: Asking) -> Iterator[Fault]:
    if asking.publication not in Publication.values:
        yield Fault("publication", _("Choose what is published after the count."))
    if asking.secrecy not in Secrecy.values:
        yield Fault("secrecy", _("Choose who opens the box of sealed ballots."))
    elif (asking.secrecy == Secrecy.ROOM) != (asking.size == RoundSize.ROOM):
        yield Fault(
            "secrecy",
            _("There are no sealed ballots in one room.")
            if asking.size == RoundSize.ROOM
            else _("Choose who opens the box of sealed ballots."),
        )
    if asking.secrecy == Secrecy.HOUSE and asking.size == RoundSize.WHOLE_PLACE:
        yield Fault(
            "secrecy", _("A vote of the whole place needs three trustees. Choose the trustees.")
        )
    if asking.secrecy == Secrecy.HOUSE and not asking.secrecy_reason.strip():
        yield Fault(
            "secrecy_reason",
            _("Say in public why the server opens the box rather than three trustees."),
        )


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())
