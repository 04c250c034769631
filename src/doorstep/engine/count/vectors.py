"""The layer that needs NumPy and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from . import plain, stepping
from .plain import Round, Stepping, WatchStep
from .stepping import Shares
from .tally import Tally


class Vectors:
    """Equal Shares on bounds (bounds.py, stepping.py); see layers.Layer."""

    name = "numpy"

    def equal_shares(self, tally: Tally, entrants: Iterable[int], share: int) -> list[Round]:
        entrants = list(entrants)
        ready = tally.columns
        if ready is None:
            return plain.equal_shares(tally, entrants, share)[0]
        shares = Shares(tally, ready, entrants)
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
        ready = tally.columns
        if ready is None:
            return plain.add1(
                tally, entrants, share, stop_when_exhaustive=stop_when_exhaustive, watch=watch
            )
        return stepping.add1(
            Shares(tally, ready, entrants),
            share,
            stop_when_exhaustive=stop_when_exhaustive,
            watch=watch,
        )

    def phragmen(self, tally: Tally, entrants: Iterable[int], pot: int) -> list[Round]:
        return plain.phragmen(tally, entrants, pot)
