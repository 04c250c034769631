"""Reads about the agreement with the council: each duty of each side, and how it is kept."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from doorstep.apps.partnerships.actions.council import duty_promises
from doorstep.apps.partnerships.models import CouncilAgreement, CouncilDuty, CouncilSide
from doorstep.apps.places.models import Place
from doorstep.apps.promises.queries import Shown, shown


@dataclass(frozen=True)
class Kept:
    """A duty with its newest times; a late one is told of the body that owes it."""

    duty: CouncilDuty
    times: tuple[Shown, ...]


@dataclass(frozen=True)
class Side:
    """One side of an agreement: whom it binds, since when, and to what."""

    name: str
    signed_on: date | None
    duties: tuple[Kept, ...]

    @property
    def late(self) -> int:
        return sum(one.word.late for kept in self.duties for one in kept.times)


TIMES = 4


def agreements(place: Place) -> list[CouncilAgreement]:
    """Every agreement that was offered, newest first; one statement."""
    rows = CouncilAgreement.objects.filter(partnership__place=place).exclude(state="draft")
    return list(
        rows.select_related(
            "partnership__place", "council", "why", "reason", "offered", "ended",
            "decision__item__meeting",
        )[:20]
    )  # fmt: skip


def sides(agreement: CouncilAgreement, today: date) -> list[Side]:
    """Both sides beside each other; six statements."""
    times: defaultdict[str, list[Shown]] = defaultdict(list)
    for one in shown(duty_promises(agreement), today):
        times[one.promise.subject.split("-")[0]].append(one)
    signed = dict(agreement.signatures.values_list("side", "on"))
    duties = list(agreement.duties.select_related("words"))
    names = {
        CouncilSide.PARTNERSHIP: agreement.partnership.name,
        CouncilSide.COUNCIL: agreement.council.name,
    }
    return [
        Side(
            name, signed.get(side),
            tuple(
                Kept(duty, tuple(times[str(duty.pk)][-TIMES:]))
                for duty in duties if duty.side == side
            ),
        )
        for side, name in names.items()
    ]  # fmt: skip
