"""Pure questions about a round: what is missing, what may happen next, and why not."""

from collections.abc import Sequence
from dataclasses import dataclass

from doorstep.apps.ledger.rules import pounds
from doorstep.apps.refused import Refused

NEXT_STEP = {
    "draft": "freeze it",
    "frozen": "close it with its ballots",
    "closed": "count it",
    "counted": "settle it",
    "settled": "read its result: it is finished",
}


@dataclass(frozen=True)
class Asked:
    """What a round is about to ask, in plain values."""

    slug: str
    budget_pence: int
    costs: Sequence[int]
    available_pence: int | None
    is_example: bool


def refuse_unless_in(state: str, wanted: str, slug: str) -> None:
    """Every step of a round has one state that it starts from."""
    if state != wanted:
        raise Refused(
            f"Round {slug} is {state}, so this step does not fit. What you can do now: "
            f"{NEXT_STEP[state]}.",
            code=f"round_is_{state}",
        )


def missing_before_freeze(asked: Asked) -> list[str]:
    """Everything that must be put right before the rules can be fixed; empty when ready."""
    missing = []
    if not asked.costs:
        missing.append("There is no idea on the ballot yet. Add at least one.")
    if asked.available_pence is None:
        missing.append(
            "This place has no example budget, and an example election may not touch live money. "
            "Give it one with: doorstep example-budget PLACE POUNDS"
            if asked.is_example
            else "This place has no money allocated to it yet. A funder allocates it first."
        )
    elif asked.available_pence < asked.budget_pence:
        missing.append(
            f"The round's pot is {pounds(asked.budget_pence)} and this place has "
            f"{pounds(asked.available_pence)} free. Make the pot smaller, or wait for money."
        )
    return missing


def refuse_freeze(asked: Asked) -> None:
    """Refuse with the whole list at once, so that nobody is sent away twice."""
    missing = missing_before_freeze(asked)
    if missing:
        raise Refused(
            f"Round {asked.slug} cannot be frozen yet. " + " ".join(missing),
            code="round_not_ready",
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
            f"These ballots are about other ideas or costs than the frozen ones: first "
            f"difference at {wrong[0][0]!r}. Use the ballots of this round.",
            code="ballots_of_another_round",
        )
    if budget_pence != answered_budget:
        raise Refused(
            f"These ballots name a pot of {pounds(answered_budget)}, but the frozen one is "
            f"{pounds(budget_pence)}. Use the ballots of this round.",
            code="ballots_of_another_round",
        )
