"""What each kind of step does, from what was said when it was asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from doorstep.apps.fund.models import (
    AssetClass,
    Decision,
    Fund,
    Programme,
    StepKind,
    WaveShare,
)
from doorstep.apps.ledger.models import Journal
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused

from . import giving, money
from .undoing import take_back


@dataclass(frozen=True)
class Told:
    """A step as it was asked for, and the key and person that it is taken under."""

    fund: Fund
    said: Mapping[str, Any]
    words: str
    key: str
    actor: Actor

    @property
    def pence(self) -> int:
        return int(self.said["pence"])

    @property
    def kind(self) -> AssetClass:
        return AssetClass(self.said["asset_class"])

    @property
    def share(self) -> WaveShare:
        """The share that a place draws from; one of another fund is not found."""
        found = WaveShare.objects.filter(
            pk=self.said["share"], allocation__fund=self.fund
        ).select_related("allocation__fund", "allocation__place")
        return found.get()

    @property
    def place(self) -> Place:
        return Place.objects.get(slug=self.said["place"])

    def day(self, name: str) -> date:
        return date.fromisoformat(self.said[name])

    def moves(self, name: str = "") -> dict[str, Any]:
        """What every money action is told besides its sum."""
        on = self.day(name) if name else None
        return {"on": on, "idem_key": self.key, "actor": self.actor}


def taken(
    fund: Fund, kind: str, said: Mapping[str, Any], words: str, *, key: str, actor: Actor
) -> Journal:
    """Take a step; the entry that it became. Refused for whatever its action refuses."""
    return _TAKEN[StepKind(kind)](Told(fund, said, words, key, actor))


def _receive(told: Told) -> Journal:
    arrival = money.receive_dormant(
        told.fund, told.kind, told.pence, giver=told.words, **told.moves("on")
    )
    return arrival.journal


def _match(told: Told) -> Journal:
    return money.receive_match(
        told.fund, told.pence, giver=told.words, **told.moves("on")
    ).journal  # fmt: skip


def _reclaim(told: Told) -> Journal:
    return money.pay_reclaim(told.fund, told.kind, told.pence, **told.moves())


def _release(told: Told) -> Journal:
    return giving.release(told.fund, told.kind, told.pence, **told.moves()).journal


def _costs(told: Told) -> Journal:
    return giving.pay_costs(told.fund, told.pence, payee=told.words, **told.moves())


def _aside(told: Told) -> Journal:
    giving.set_aside(
        told.fund, told.said["programme"], told.words, told.pence, **told.moves()
    )  # fmt: skip
    return Journal.objects.get(idem_key=told.key)


def _wave(told: Told) -> Journal:
    programme = Programme.objects.get(fund=told.fund, slug=told.said["programme"])
    decision = Decision.objects.get(
        proposal__fund=told.fund, proposal__slug=told.said["decision"]
    )  # fmt: skip
    wave = giving.promise_wave(
        programme, told.said["wave"], giving.decided_places(decision),
        begins_on=told.day("begins_on"), ends_on=told.day("ends_on"), years=told.said["years"],
        decision=decision, actor=told.actor,
    )  # fmt: skip
    return wave.journal


def _allocate(told: Told) -> Journal:
    allocation = money.allocate(
        told.fund, told.place, told.pence, begins_on=told.day("begins_on"),
        ends_on=told.day("ends_on"), **told.moves(),
    )  # fmt: skip
    return allocation.journal


def _draw(told: Told) -> Journal:
    return giving.draw_down(told.share, told.pence, **told.moves()).journal


def _back(told: Told) -> Journal:
    return giving.give_back(
        told.fund, told.place, told.pence, reason=told.words, **told.moves()
    )  # fmt: skip


def _end(told: Told) -> Journal:
    journal = giving.end_term(told.share, actor=told.actor)
    if journal is None:
        raise Refused(
            _("Everything of this share was drawn, so nothing goes back."), code="all_drawn"
        )
    return journal


def _undo(told: Told) -> Journal:
    return take_back(
        told.fund, told.said["entry"], reason=told.words, idem_key=told.key, actor=told.actor
    )


_TAKEN: dict[StepKind, Callable[[Told], Journal]] = {
    StepKind.RECEIVE: _receive,
    StepKind.MATCH: _match,
    StepKind.RECLAIM: _reclaim,
    StepKind.RELEASE: _release,
    StepKind.COSTS: _costs,
    StepKind.ASIDE: _aside,
    StepKind.WAVE: _wave,
    StepKind.ALLOCATE: _allocate,
    StepKind.DRAW: _draw,
    StepKind.BACK: _back,
    StepKind.END: _end,
    StepKind.UNDO: _undo,
}
