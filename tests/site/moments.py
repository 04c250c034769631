"""Acts that are done at a moment of their own, whatever the clock says."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import time_machine


def at(moment: datetime, act: Callable[[], Any]) -> Callable[[], Any]:
    def then() -> Any:
        with time_machine.travel(moment, tick=False):
            return act()

    return then


def hours_apart(moment: datetime, act: Callable[[], Any]) -> Callable[[], Any]:
    """Each try two hours after the one before: a claim that a failed try left has ended by then."""
    tries = itertools.count()
    return lambda: at(moment + timedelta(hours=2 * next(tries)), act)()
