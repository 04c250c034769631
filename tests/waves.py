"""A decision from the made-up study and a wave that promises its places what was decided."""

from datetime import date
from pathlib import Path

from doorstep.apps.fund.actions import (
    decide_shares,
    decided_places,
    open_fund,
    promise_wave,
    propose_shares,
    receive_dormant,
    set_aside,
)
from doorstep.apps.fund.models import AssetClass, Decision, Programme, ProposedPlace, Wave
from doorstep.apps.places.actions import join_area, keep_study, open_place
from doorstep.engine.need import Geography
from doorstep.engine.need.command import shipped_or
from doorstep.engine.need.study import run_study
from tests.millbrook import ACTOR, DAY

TERM = {"begins_on": date(2026, 4, 1), "ends_on": date(2036, 3, 31), "years": 10}
WHY = "Need weighs most, and no place may get less than a million."
ON = {"on": DAY, "actor": ACTOR}


def decided() -> tuple[Programme, Decision]:
    """A programme with money for a pot that is shared equally; no place is opened yet."""
    study = run_study(shipped_or(Path("millbrook")))
    keep_study(study, actor=ACTOR)
    fund = open_fund("alderdale", "A fund", actor=ACTOR)
    receive_dormant(fund, AssetClass.BANK, 900_000_000, giver="A bank", idem_key="in", **ON)
    programme = set_aside(fund, "long", "Long-term", 430_000_000, idem_key="p", **ON)
    proposal = propose_shares(fund, "first", study, actor=ACTOR)
    return programme, decide_shares(proposal, "equal", WHY, actor=ACTOR)


def open_places() -> None:
    """Open a place for each area of the decision."""
    for one in ProposedPlace.objects.filter(chosen=True):
        place = open_place(
            one.code.lower(), one.name, "Alderdale", population=one.residents,
            population_year=2024, population_source="Made up", boundary_year=2021, actor=ACTOR,
        )  # fmt: skip
        join_area(place, Geography("MSOA", 2021), one.code, actor=ACTOR)


def promised(programme: Programme, decision: Decision) -> Wave:
    """The places of the decision are opened, and promised their shares over ten years."""
    open_places()
    places = decided_places(decision)
    return promise_wave(programme, "one", places, decision=decision, **TERM, **ON)
