"""The layer that needs NumPy and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from . import loads, plain, stepping
from .auction import Unsure
from .plain import Round, Stepping, WatchStep
from .stepping import Shares
from .tally import Tally


class Vectors:
    """Equal Shares on bounds (bounds.py, stepping.py); see layers.Layer."""

    name = "numpy"

    def shares(self, tally: Tally, entrants: Sequence[int]) -> Shares | None:
        """Equal Shares over these entrants; None where the numbers are too large for it."""
        return None if tally.columns is None else Shares(tally, tally.columns, entrants)

    def steps(
        self, shares: Shares, share: int, exhaustive: bool, watch: WatchStep | None
    ) -> Stepping:
        """All steps of add1 from this share."""
        return stepping.add1(shares, share, stop_when_exhaustive=exhaustive, watch=watch)

    def equal_shares(self, tally: Tally, entrants: Iterable[int], share: int) -> list[Round]:
        entrants = list(entrants)
        shares = self.shares(tally, entrants)
        if shares is None:
            return plain.equal_shares(tally, entrants, share)[0]
        return shares.rounds(shares.run(share))

    def add1(
        self,
        tally: Tally,
        entrants: Iterable[int],
        share: int,
        *,
        stop_when_exhaustive: bool,
        watch: WatchStep | None = None,
    ) -> Stepping:
        entrants = list(entrants)
        shares = self.shares(tally, entrants)
        if shares is None:
            return plain.add1(
                tally, entrants, share, stop_when_exhaustive=stop_when_exhaustive, watch=watch
            )
        return self.steps(shares, share, stop_when_exhaustive, watch)

    def phragmen(self, tally: Tally, entrants: Iterable[int], pot: int) -> list[Round]:
        entrants = list(entrants)
        if tally.columns is None or tally.columns.each is not None or not entrants:
            return plain.phragmen(tally, entrants, pot)
        try:
            return loads.phragmen(tally.columns, entrants, pot)
        except Unsure:
            return plain.phragmen(tally, entrants, pot)
