"""Pure questions about an agreement with the council: is each side bound, and when is what due?"""

import calendar
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from doorstep.apps.partnerships.models import CouncilDuty, CouncilSide
from doorstep.apps.refused import Refused

MOST_DUTIES, LONGEST_DUTY = 30, 300


@dataclass(frozen=True)
class DraftDuty:
    """A duty as it is typed; `first_on` is an ISO day."""

    side: str
    words: str
    every: int
    first_on: str

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def day(self) -> date:
        return date.fromisoformat(self.first_on)

    @property
    def side_said(self) -> str:
        return str(dict(CouncilSide.choices).get(self.side, self.side))

    @property
    def every_said(self) -> str:
        return str(dict(CouncilDuty.Every.choices).get(self.every, self.every))


def refuse_bad_duty(duty: DraftDuty, on: date) -> None:
    if duty.side not in CouncilSide.values:
        raise Refused(_("Say which side owes it."), code="side")
    if duty.every not in CouncilDuty.Every.values:
        raise Refused(_("Say how often it is owed."), code="every")
    if duty.day < on:
        raise Refused(_("Let it be due for the first time on a day to come."), code="day")


def refuse_one_sided(duties: Sequence[DraftDuty]) -> None:
    """Parity of esteem: an agreement binds both sides, or it is none."""
    bound = {duty.side for duty in duties}
    if missing := [label for side, label in CouncilSide.choices if side not in bound]:
        raise Refused(
            _("Both sides owe something under an agreement. Nothing is owed by %(side)s yet.")
            % {"side": missing[0]},
            code="one_sided",
        )


def due_on(first_on: date, every: int, time: int) -> date:
    """The day on which a duty is due for the `time`th time, from 1; the 31st of a short month is
    its last day."""
    months = first_on.month - 1 + every * (time - 1)
    year, month = first_on.year + months // 12, months % 12 + 1
    return date(year, month, min(first_on.day, calendar.monthrange(year, month)[1]))
