"""What happens to a round: drafted → frozen → closed → counted → settled, or cancelled.

Each step writes its leaf. `drafting` is what a draft allows, `fixing` the freeze and what can
still be done to a frozen round, `room` the totals of a vote in one room, `counting` the ballots
and their count.
"""

from doorstep.apps.rounds.actions.counting import (
    CLAIM_HOLDS,
    close_round,
    count_round,
    decision_of,
    mark_settled,
)
from doorstep.apps.rounds.actions.drafting import (
    add_projects,
    begin_draft,
    change_draft,
    delete_draft,
    draft_round,
    set_terms,
)
from doorstep.apps.rounds.actions.fixing import (
    cancel_round,
    decide_without_vote,
    freeze_round,
    rehearse_freeze,
    withdraw_project,
)
from doorstep.apps.rounds.actions.recounting import sign_recount
from doorstep.apps.rounds.actions.room import close_room, enter_tally
from doorstep.apps.rounds.actions.steps import locked

__all__ = [
    "CLAIM_HOLDS",
    "add_projects",
    "begin_draft",
    "cancel_round",
    "change_draft",
    "close_room",
    "close_round",
    "count_round",
    "decide_without_vote",
    "decision_of",
    "delete_draft",
    "draft_round",
    "enter_tally",
    "freeze_round",
    "locked",
    "mark_settled",
    "rehearse_freeze",
    "set_terms",
    "sign_recount",
    "withdraw_project",
]
