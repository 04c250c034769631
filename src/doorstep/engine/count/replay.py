"""The final run of Equal Shares, told: who paid for each winner, and what each loser lacked.

Two ways that agree: one watches plain.py and is the definition; the other plays the known rounds
with NumPy (shortfalls.py) and is used where the election is large enough to gain by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .plain import Purses, Rate, Round, equal_shares
from .reasons import Shortfall, Shortfalls, paying_in_full
from .tally import Tally

# Under so many (groups of ballots x entrants), plain Python is done before NumPy is loaded.
SMALL = 2_000


@dataclass(frozen=True, slots=True)
class Replayed:
    """The rounds of a run; how many paid in full for each winner; what each loser lacked."""

    rounds: list[Round]
    paying_in_full: dict[int, int]
    lacked: dict[int, Shortfall]


def replayed(
    tally: Tally,
    entrants: Sequence[int],
    share: int,
    rounds: list[Round] | None,
    lots: Sequence[str],
    *,
    plainly: bool | None = None,
) -> Replayed:
    """Tell a run at a share. `rounds` are its rounds where they are known; plainly: which way."""
    if plainly is None:
        plainly = len(tally.weight) * len(entrants) < SMALL
    if not plainly:
        try:
            return _by_columns(tally, entrants, share, rounds, lots)
        except (ImportError, OverflowError):
            pass  # without NumPy, or with points beyond what it adds exactly: the plain way
    return _plainly(tally, entrants, share, rounds, lots)


def _plainly(
    tally: Tally,
    entrants: Sequence[int],
    share: int,
    rounds: list[Round] | None,
    lots: Sequence[str],
) -> Replayed:
    if rounds is None:
        rounds = equal_shares(tally, entrants, share)[0]
    lacked = Shortfalls(tally, _losers(entrants, rounds), share, lots)
    paid: dict[int, int] = {}

    def watch(purses: Purses, chosen: int, rate: Rate) -> None:
        paid[chosen] = paying_in_full(purses, tally.support[chosen], rate)
        lacked.watch(purses, chosen, rate)

    rounds, purses = equal_shares(tally, entrants, share, watch)
    lacked.after(purses)
    return Replayed(rounds, paid, lacked.of)


def _by_columns(
    tally: Tally,
    entrants: Sequence[int],
    share: int,
    rounds: list[Round] | None,
    lots: Sequence[str],
) -> Replayed:
    from .purchases import Purchases
    from .shortfalls import shortfalls

    if rounds is None:
        rounds = equal_shares(tally, entrants, share)[0]
    purchases = Purchases(tally, share, rounds)
    lacked = shortfalls(purchases, _losers(entrants, rounds), lots)
    paid = {one.project: purchases.paying_in_full(n) for n, one in enumerate(purchases.paid)}
    return Replayed(rounds, paid, lacked)


def _losers(entrants: Sequence[int], rounds: Sequence[Round]) -> list[int]:
    winners = {one.project for one in rounds}
    return [p for p in entrants if p not in winners]
