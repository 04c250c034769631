"""What freezing a round waits for, puts on the ballot and fixes. Later rooms register their part.

    @fills_ballot
    def put_on_ballot(round: Round, actor: Actor) -> None: ...

    @before_freeze()
    def ideas_unanswered(round: Round) -> list[str]: ...

    @before_freeze(only_for_a_vote=True)
    def trustees_missing(round: Round) -> list[str]: ...

    @frozen_with
    def code_plan(round: Round) -> dict: ...

A room registers in its AppConfig.ready, or in a module imported there. Only a round with Terms
asks them: an example was asked elsewhere, and its fingerprint must never change.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round, Terms


class Missing(str):
    """One thing that is missing, in a sentence, and the address where it is put right."""

    __slots__ = ("link",)
    link: str

    def __new__(cls, sentence: str, link: str = "") -> "Missing":
        missing = super().__new__(cls, sentence)
        missing.link = link
        return missing


Check = Callable[[Round], Iterable[str]]
Part = Callable[[Round], Mapping[str, Any]]
Fill = Callable[[Round, Actor], object]

_checks: dict[Check, bool] = {}
_cancel_checks: list[Check] = []
_withdraw_checks: list[Check] = []
_delete_checks: list[Check] = []
_parts: list[Part] = []
_fills: list[Fill] = []


def before_freeze(check: Check | None = None, *, only_for_a_vote: bool = False) -> Any:
    """Register a check: what it returns must be put right first. Return `Missing` to lead there.

    `only_for_a_vote` leaves it out where every idea fits and nobody votes. Registering again
    changes nothing. Works as `@before_freeze` and as `@before_freeze(only_for_a_vote=True)`.
    """

    def keep(one: Check) -> Check:
        _checks[one] = only_for_a_vote
        return one

    return keep if check is None else keep(check)


def before_cancel(check: Check) -> Check:
    """Register a check: what it returns forbids to cancel a frozen round (its box was opened)."""
    if check not in _cancel_checks:
        _cancel_checks.append(check)
    return check


def before_withdrawing(check: Check) -> Check:
    """Register a check: what it returns forbids to take an idea off (voting has ended)."""
    if check not in _withdraw_checks:
        _withdraw_checks.append(check)
    return check


def before_deleting(check: Check) -> Check:
    """Register a check: what it returns forbids to delete a draft (somebody is owed an answer)."""
    if check not in _delete_checks:
        _delete_checks.append(check)
    return check


def frozen_with(part: Part) -> Part:
    """Register what else freezing fixes, as plain data: strings, whole numbers, lists, objects.

    It goes into the fingerprint, so it must give the same for ever, also after codes and keys are
    destroyed. A round it says nothing about gets {}, and its fingerprint stays as it is without.
    """
    if part not in _parts:
        _parts.append(part)
    return part


def fills_ballot(fill: Fill) -> Fill:
    """Register who puts ideas on the ballot; called first, inside the transaction of the freeze."""
    if fill not in _fills:
        _fills.append(fill)
    return fill


def fill_ballot(round_: Round, actor: Actor) -> None:
    """Let every room put its ideas on the ballot of a draft."""
    if terms_of(round_) is not None:
        for fill in _fills:
            fill(round_, actor)


def missing(round_: Round, *, with_vote: bool = True) -> list[Missing]:
    """Everything that other rooms wait for before this round can be frozen."""
    if terms_of(round_) is None:
        return []
    asked = [check for check, only in _checks.items() if with_vote or not only]
    return _gathered(asked, round_)


def forbids_cancelling(round_: Round) -> list[Missing]:
    """Why a frozen round can no longer be cancelled; empty while it can."""
    return _gathered(_cancel_checks, round_)


def forbids_withdrawing(round_: Round) -> list[Missing]:
    """Why no idea can be taken off this frozen round any more; empty while one can."""
    return _gathered(_withdraw_checks, round_)


def forbids_deleting(round_: Round) -> list[Missing]:
    """Why a draft can no longer be deleted, by the rooms that know; empty while none does."""
    return _gathered(_delete_checks, round_)


def other_parts(round_: Round) -> dict[str, Any]:
    """What other rooms freeze with this round, together. A name is given by one of them only."""
    together: dict[str, Any] = {}
    if terms_of(round_) is None:
        return together
    for part in _parts:
        more = part(round_)
        if twice := together.keys() & more.keys():
            raise ValueError(f"two rooms freeze {', '.join(sorted(twice))}")
        together.update(more)
    return together


def terms_of(round_: Round) -> Terms | None:
    """A round's Terms as they stand now; None for an example, which has none."""
    return Terms.objects.select_related("secrecy_reason").filter(pk=round_.pk).first()


def _gathered(checks: Iterable[Check], round_: Round) -> list[Missing]:
    found: list[Missing] = []
    for check in checks:
        try:
            found += [
                said if isinstance(said, Missing) else Missing(said) for said in check(round_)
            ]
        except Refused as refusal:
            found.append(Missing(refusal.reason))
    return found
