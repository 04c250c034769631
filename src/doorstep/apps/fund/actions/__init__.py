"""What happens to a fund: its money moves, and it decides who gets how much."""

from .asking import agree_step, ask_step, refuse_step
from .deciding import decide_shares, propose_shares
from .forecasting import keep_scenario
from .giving import (
    decided_places,
    draw_down,
    drawn_pence,
    end_term,
    give_back,
    pay_costs,
    promise_wave,
    release,
    review_reserve,
    set_aside,
)
from .money import (
    allocate,
    open_beside,
    open_example_budget,
    open_fund,
    pay_reclaim,
    receive_dormant,
    receive_match,
)
from .undoing import MAY_BE_TAKEN_BACK, take_back

__all__ = [
    "MAY_BE_TAKEN_BACK",
    "agree_step",
    "allocate",
    "ask_step",
    "decide_shares",
    "decided_places",
    "draw_down",
    "drawn_pence",
    "end_term",
    "give_back",
    "keep_scenario",
    "open_beside",
    "open_example_budget",
    "open_fund",
    "pay_costs",
    "pay_reclaim",
    "promise_wave",
    "propose_shares",
    "receive_dormant",
    "receive_match",
    "refuse_step",
    "release",
    "review_reserve",
    "set_aside",
    "take_back",
]
