"""The acts by which a fund gives: reserves are released, shares decided and promised, drawn down,
given back, and ended."""

from datetime import date
from pathlib import Path

from doorstep.apps.fund.actions import (
    decide_shares,
    decided_places,
    draw_down,
    end_term,
    give_back,
    keep_scenario,
    open_fund,
    promise_wave,
    propose_shares,
    receive_dormant,
    release,
    review_reserve,
    set_aside,
)
from doorstep.apps.fund.models import AssetClass, Fund
from doorstep.apps.places.actions import keep_study
from doorstep.engine.forecast.command import text_of
from doorstep.engine.need.command import shipped_or
from doorstep.engine.need.study import run_study
from tests.millbrook import ACTOR, DAY
from tests.site.agreeing import Acts
from tests.waves import TERM, WHY, open_places

OVER = {"begins_on": date(2025, 4, 1), "ends_on": date(2026, 3, 31), "years": 1}
ON = {"on": DAY, "actor": ACTOR}


def giving() -> Acts:
    fund = open_fund("alderdale", "A fund", actor=ACTOR)
    receive_dormant(fund, AssetClass.BANK, 900_000_000, giver="A bank", idem_key="g0", **ON)
    yield "a scenario is kept", lambda: keep_scenario(fund, text_of(Path("millbrook")), actor=ACTOR)
    yield (
        "a reserve is reviewed",
        lambda: review_reserve(
            fund, AssetClass.BANK, 100_000_000, reason="Fewer owners came than was expected.", **ON
        ),
    )
    yield (
        "what a reserve need not keep is released",
        lambda: release(fund, AssetClass.BANK, 1_000_000, idem_key="g1", **ON),
    )
    programme = yield (
        "a programme gets money",
        lambda: set_aside(fund, "long", "Long-term", 420_000_000, idem_key="g2", **ON),
    )
    yield (
        "it gets more",
        lambda: set_aside(fund, "long", "Long-term", 10_000_000, idem_key="g3", **ON),
    )
    decision = yield from shares_are_decided(fund)
    places = decided_places(decision)
    wave = yield (
        "a wave is promised",
        lambda: promise_wave(programme, "one", places, decision=decision, **TERM, **ON),
    )
    first = next(iter(places))
    ended = yield (
        "a wave that is over is promised",
        lambda: promise_wave(programme, "past", {first: 5_000}, **OVER, **ON),
    )
    share = wave.shares.get(allocation__place=first)
    yield "a place draws its part", lambda: draw_down(share, 1_000, idem_key="g4", **ON)
    yield (
        "it gives some back",
        lambda: give_back(
            fund,
            first,
            400,
            reason="The hall was given to us, so we need less.",
            idem_key="g5",
            **ON,
        ),
    )
    yield "a term ends", lambda: end_term(ended.shares.get(), **ON)


def shares_are_decided(fund: Fund) -> Acts:
    study = run_study(shipped_or(Path("millbrook")))
    keep_study(study, actor=ACTOR)
    proposal = yield (
        "shares are proposed",
        lambda: propose_shares(fund, "first", study, actor=ACTOR),
    )
    decision = yield "shares are decided", lambda: decide_shares(proposal, "equal", WHY, **ON)
    open_places()
    return decision
