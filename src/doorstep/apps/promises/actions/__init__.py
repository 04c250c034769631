"""What happens to promises: made, taken on, put off, kept or not; and to the days they count."""

from doorstep.apps.promises.actions.holidays import add_holiday, take_out_holiday
from doorstep.apps.promises.actions.making import Due, Owed, owe, promise_aloud
from doorstep.apps.promises.actions.steps import (
    extend,
    give_back,
    keep,
    kept,
    not_done,
    take_on,
    withdraw,
)

__all__ = [
    "Due",
    "Owed",
    "add_holiday",
    "extend",
    "give_back",
    "keep",
    "kept",
    "not_done",
    "owe",
    "promise_aloud",
    "take_on",
    "take_out_holiday",
    "withdraw",
]
