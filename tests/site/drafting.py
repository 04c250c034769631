"""The acts of a round before anybody votes, and of those in which nobody votes by a code."""

from functools import partial

from django.utils import timezone

from doorstep.apps.rounds.actions import (
    add_projects,
    begin_draft,
    change_draft,
    close_room,
    count_round,
    decide_without_vote,
    delete_draft,
    enter_tally,
    rehearse_freeze,
    set_terms,
)
from doorstep.apps.rounds.models import VoteType
from doorstep.apps.rounds.totals import Counted
from doorstep.apps.voting.actions.printing import drop_plan, plan_codes
from doorstep.apps.voting.models import Channel
from doorstep.engine.count import Rule
from tests.apps.rounds import live
from tests.millbrook import ACTOR, IDEAS, place_with_money
from tests.site.agreeing import Acts
from tests.site.moments import hours_apart

FOUND = Counted("slips", 9, {"kitchen": 5, "bench": 4, "bus": 3})


def drafting() -> Acts:
    place = place_with_money(slug="drafts")
    asked = {"vote_type": VoteType.APPROVAL, "rule": Rule(), "terms": live.asking()}
    begin = partial(begin_draft, place, budget_pence=300_000, size="street", expected_voters=400)
    other = yield "a round is begun", lambda: begin(title="What?")
    draft = yield "another round is begun", lambda: begin(title="What first?")
    terms = live.asking(minimum_age=16)
    yield "it is said who is asked", lambda: set_terms(draft, terms)
    yield (
        "a draft is changed",
        lambda: change_draft(draft, title="What now?", budget_pence=200_000, **asked),
    )
    yield "ideas are put on it", lambda: add_projects(draft, IDEAS)
    plan = yield "codes are planned", lambda: plan_codes(draft, Channel.DESK, 5)
    yield "they are not", lambda: drop_plan(plan)
    yield "a freeze is rehearsed", lambda: rehearse_freeze(draft, on=live.today(), actor=ACTOR)
    yield "a draft is thrown away", lambda: delete_draft(other)


def one_room_and_none() -> Acts:
    on = {"on": live.today(), "actor": ACTOR}
    room = live.live_room(place_with_money(slug="one-room"))
    counters = [live.account("room-ann"), live.account("room-bob")]
    photo = live.photo()
    yield "one counts", lambda: enter_tally(room, FOUND, counter=counters[0], photo=photo)
    yield "another counts", lambda: enter_tally(room, FOUND, counter=counters[1], photo=None)
    yield "a room is closed", lambda: close_room(room, actor=ACTOR)
    yield (
        "its totals give the result",
        hours_apart(timezone.now(), lambda: count_round(room, actor=ACTOR)),
    )
    all_fit = live.live_draft(place_with_money(2_000_000, slug="all-fit"), "all", budget=1_200_000)
    yield "nobody need vote", lambda: decide_without_vote(all_fit, **on)
