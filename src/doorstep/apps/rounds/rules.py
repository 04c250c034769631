"""Pure questions about a round: what is missing, what may happen next, and why not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.apps.ledger.rules import pounds
from doorstep.apps.people.spells import said_day
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.freezing import Missing
from doorstep.apps.rounds.models import RoundSize, Terms

# What a round is in each state, and what can be done with it then.
STANDING = {
    "draft": gettext_lazy("a draft. What you can do now: freeze it"),
    "frozen": gettext_lazy("frozen. What you can do now: close it with its ballots"),
    "closed": gettext_lazy("closed. What you can do now: count it"),
    "counted": gettext_lazy("counted. What you can do now: settle it"),
    "cancelled": gettext_lazy(
        "cancelled. What you can do now: draft a new one, for its money is free again"
    ),
    "settled": gettext_lazy("settled. What you can do now: read its result, for it is finished"),
}


class Dated(Protocol):
    """The moments between which people vote, as Terms has them."""

    opens_at: datetime
    closes_at: datetime


def window(terms: Dated, now: datetime) -> Literal["before", "open", "over"]:
    """Where `now` stands: voting opens at its first moment and is over at its last."""
    if now < terms.opens_at:
        return "before"
    return "open" if now < terms.closes_at else "over"


@dataclass(frozen=True)
class Asked:
    """What a round is about to ask, in plain values."""

    slug: str
    budget_pence: int
    costs: Sequence[int]
    available_pence: int | None
    is_example: bool
    without_vote: bool = False
    terms: Terms | None = None


def refuse_unless_in(state: str, wanted: str, slug: str) -> None:
    """Every step of a round has one state that it starts from."""
    if state != wanted:
        raise Refused(
            _("This step does not fit: round %(round)s is %(standing)s.")
            % {"round": slug, "standing": STANDING[state]},
            code=f"round_is_{state}",
        )


def missing_before_freeze(asked: Asked, *, on: date, now: datetime) -> list[Missing]:
    """Everything that must be put right before the rules can be fixed; empty when ready."""
    change = reverse("round-edit", args=[asked.slug]) if asked.terms else ""
    missing = []
    if not asked.costs:
        missing.append(Missing(_("There is no idea on the ballot yet. Add at least one.")))
    if asked.available_pence is None:
        missing.append(
            Missing(
                _(
                    "This place has no example budget, and an example election may not touch live "
                    "money. Give it one with: doorstep example-budget PLACE POUNDS --reference WORD"
                )
                if asked.is_example
                else _("This place has no money allocated to it yet. A funder allocates it first.")
            )
        )
    elif asked.available_pence < asked.budget_pence:
        missing.append(
            Missing(
                _(
                    "The round’s pot is %(pot)s and this place has %(free)s free. "
                    "Make the pot smaller, or wait for money."
                )
                % {"pot": pounds(asked.budget_pence), "free": pounds(asked.available_pence)},
                change,
            )
        )
    if asked.without_vote and sum(asked.costs) > asked.budget_pence:
        missing.append(
            Missing(_("The ideas cost more than the pot, so people must choose. Hold the vote."))
        )
    if asked.terms is not None:
        missing += [Missing(said, change) for said in _untimely(asked, asked.terms, on, now)]
    return missing


def _untimely(asked: Asked, terms: Terms, on: date, now: datetime) -> Iterator[str]:
    """What does not fit between the days of a round and the day on which it is frozen."""
    if on < terms.ideas_until:
        yield _(
            "People may propose ideas until %(day)s. Freeze on that day or later, or end it sooner."
        ) % {"day": said_day(terms.ideas_until)}
    if asked.without_vote:
        return
    if terms.size == RoundSize.ROOM and terms.closes_at <= now:
        yield _("The meeting would be over already. Move its time.")
    if terms.size != RoundSize.ROOM and terms.opens_at <= now:
        yield _("Voting would have opened already. Move the moment in which it opens.")


def refuse_freeze(slug: str, missing: Sequence[str]) -> None:
    """Refuse with the whole list at once, so that nobody is sent away twice."""
    if missing:
        raise Refused(
            _("Round %(round)s cannot be frozen yet. %(missing)s")
            % {"round": slug, "missing": " ".join(missing)},
            code="round_not_ready",
        )


def refuse_other_kind_of_ballot(asked: str, answered: str) -> None:
    """The ballots must be of the kind that was frozen: points are no approvals."""
    if asked != answered:
        raise Refused(
            _(
                "These are %(answered)s ballots, but this round asks for %(asked)s ballots. "
                "Use the ballots of this round."
            )
            % {"asked": asked, "answered": answered},
            code="ballots_of_another_round",
        )


def refuse_other_ballots(
    asked: dict[str, int], budget_pence: int, answered: dict[str, int], answered_budget: int
) -> None:
    """The ballots must be about the frozen ideas, at the frozen costs, and the frozen pot.

    `asked` and `answered` map project codes to pence.
    """
    wrong = sorted(asked.items() ^ answered.items())
    if wrong:
        raise Refused(
            _(
                "These ballots are about other ideas or costs than the frozen ones. The first "
                "difference is at “%(idea)s”. Use the ballots of this round."
            )
            % {"idea": wrong[0][0]},
            code="ballots_of_another_round",
        )
    if budget_pence != answered_budget:
        raise Refused(
            _(
                "These ballots name a pot of %(named)s, but the frozen one is %(frozen)s. "
                "Use the ballots of this round."
            )
            % {"named": pounds(answered_budget), "frozen": pounds(budget_pence)},
            code="ballots_of_another_round",
        )
