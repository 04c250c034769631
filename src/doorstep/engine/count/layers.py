"""The layers of the engine: one definition, and faster ways to the same decisions.

plain.py is the definition, the fallback and the verifier; it needs the standard library only. The
others are asked first where they are there. A layer decides what plain decides or asks plain: so
which one counted can be told from the clock, and from nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from typing import Protocol

from . import plain
from .plain import Round, Stepping, WatchStep
from .tally import Tally

NAMES = ("kernel", "numpy", "plain")
ENVIRONMENT = "DOORSTEP_COUNT_LAYER"


class LayerError(ValueError):
    """A layer that was asked for by name is not there."""


class Layer(Protocol):
    """Shares and pots are in grains, projects are positions; see plain.py for each rule.

    All rounds have exact rates. add1's watch is shown every step whose winners or ties it has not
    been shown before, if there are ties, and the one that would overspend; it may be shown
    others. There a rate may be None if no tie asks for it.
    """

    name: str

    def equal_shares(self, tally: Tally, entrants: Iterable[int], share: int) -> list[Round]: ...

    def add1(
        self,
        tally: Tally,
        entrants: Iterable[int],
        share: int,
        *,
        stop_when_exhaustive: bool,
        watch: WatchStep | None = None,
    ) -> Stepping: ...

    def phragmen(self, tally: Tally, entrants: Iterable[int], pot: int) -> list[Round]: ...


class Plain:
    """The definition itself."""

    name = "plain"

    def equal_shares(self, tally: Tally, entrants: Iterable[int], share: int) -> list[Round]:
        return plain.equal_shares(tally, entrants, share)[0]

    def add1(
        self,
        tally: Tally,
        entrants: Iterable[int],
        share: int,
        *,
        stop_when_exhaustive: bool,
        watch: WatchStep | None = None,
    ) -> Stepping:
        return plain.add1(
            tally, entrants, share, stop_when_exhaustive=stop_when_exhaustive, watch=watch
        )

    def phragmen(self, tally: Tally, entrants: Iterable[int], pot: int) -> list[Round]:
        return plain.phragmen(tally, entrants, pot)


def layer_named(name: str | None = None) -> Layer:
    """The layer of this name; by default the one that DOORSTEP_COUNT_LAYER names, else the
    fastest that is there. Raises LayerError for a name that means nothing or is not there."""
    wanted = name or os.environ.get(ENVIRONMENT) or None
    if wanted is not None and wanted not in NAMES:
        raise LayerError(f"there is no layer {wanted!r}: use {', '.join(NAMES)}")
    for one in NAMES:
        if wanted in (None, one) and (found := _made(one)):
            return found
    raise LayerError(f"the layer {wanted} is not there: docs/count.md says what it needs")


def kernel_helps() -> bool:
    """Whether columns may be made by the kernel: it is there, and no other layer is asked for."""
    try:
        return layer_named().name == "kernel"
    except LayerError:  # whoever counts will say so
        return False


@cache
def _made(name: str) -> Layer | None:
    if name == "plain":
        return Plain()
    try:
        if name == "kernel":
            from .kernel.layer import Kernel
            from .kernel.library import library

            return Kernel() if library() else None
        from .vectors import Vectors
    except ImportError:  # NumPy is not there
        return None
    return Vectors()
