"""A plan is costed to the penny, decided or explained, endorsed by somebody else, and looked back
on before the next."""

from datetime import date, datetime

import pytest
import time_machine
from django.db import DatabaseError, transaction

from doorstep.apps.awards.actions.from_plan import award_from_line
from doorstep.apps.awards.verify_payments import verify_payments
from doorstep.apps.partnerships.actions import leave, move
from doorstep.apps.partnerships.actions.memorandum import sign_memorandum
from doorstep.apps.partnerships.actions.plans import (
    add_line,
    begin_plan,
    drop_line,
    endorse,
    put_forward,
    review_plan,
    send_back,
    write_draft,
)
from doorstep.apps.partnerships.models import LineAgreed, Plan, PlanLine, PlanState
from doorstep.apps.partnerships.queries.plans import public_plans, standing_plan, told
from doorstep.apps.partnerships.rules.plans import DraftLine
from doorstep.apps.partnerships.verify_plans import verify_plans
from doorstep.apps.promises.models import Promise
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import body_of
from doorstep.apps.refused import Refused
from tests.apps.partnerships.meeting import LONDON, PLAN, called, decided, group
from tests.apps.partnerships.planning import (
    ENDS,
    LINES,
    PUT,
    agreed_at_a_meeting,
    endorsed,
    funder,
    member,
    put,
    written,
)
from tests.millbrook import place_with_money

pytestmark = pytest.mark.django_db
ANSWERED = date(2026, 6, 25)
KEY = "a" * 16


@pytest.fixture(autouse=True)
def in_june():
    with time_machine.travel(datetime(2026, 6, 18, 12, tzinfo=LONDON), tick=False):
        yield


@pytest.fixture
def us():
    return group(place_with_money(5_000_000))


def said(kind: str) -> dict:
    return body_of(Leaf.objects.filter(kind=kind).latest("pk")) or {}


def test_a_plan_over_the_allocation_is_refused_by_the_pence(us):
    plan = written(us, (*LINES, DraftLine("training", "First aid", 1)))
    with pytest.raises(Refused) as no:
        put_forward(plan, decision=agreed_at_a_meeting(us), on=PUT, actor=member(us))
    assert no.value.code == "over_the_allocation"
    assert "£0.01 more than the £50,000 " in no.value.reason
    assert Plan.objects.get().state == PlanState.DRAFT


def test_a_penny_in_no_line_is_refused_and_can_be_kept_for_later(us):
    plan = written(us, LINES[:3])
    with pytest.raises(Refused, match=r"£19,400 of the £50,000") as no:
        put_forward(plan, decision=agreed_at_a_meeting(us), on=PUT, actor=member(us))
    assert no.value.code == "under_the_allocation"
    plan = add_line(plan, LINES[3], actor=member(us))
    assert put_forward(plan, why="We met at the fair.", on=PUT, actor=member(us))


def test_help_for_people_is_a_line_like_any_other_and_is_summed(us):
    plan = endorsed(us)
    shown = told(plan)
    assert shown.people_pence == 1_260_000
    assert shown.people_percent == 25
    assert shown.now_pence == 2_220_000
    assert [share.kind for share in shown.shares][:2] == ["later", "project"]


def test_it_needs_a_quorate_meetings_decision_or_explains(us):
    plan = written(us)
    with pytest.raises(Refused) as no:
        put_forward(plan, on=PUT, actor=member(us))
    assert no.value.code == "words"
    # Too few residents were in the room, so that was no decision.
    thin = decided(us, called(us, PLAN), here="ann eve fay", votes=(0, 0, 0))
    assert thin.outcome == "not_decided"
    with pytest.raises(Refused) as no:
        put_forward(plan, decision=thin, on=PUT, actor=member(us))
    assert no.value.code == "not_carried"
    plan = put_forward(plan, why="Half of us were ill.", on=PUT, actor=member(us))
    assert said("plan.put_forward")["decision"] is None
    assert plan.why.text == "Half of us were ill."


def test_what_a_meeting_decided_is_in_the_leaf(us):
    plan = put(us)
    body = said("plan.put_forward")
    assert body["decision"] == plan.decision.leaf.idx
    assert body["allocation"] == 5_000_000
    assert [line["pence"] for line in body["lines"]] == [line.pence for line in LINES]
    assert "kitchen" not in str(body)


def test_a_thin_partnership_is_counted_and_never_locked_out(us):
    for name in ("ann", "cat", "dev"):
        leave(us.seats[name], on=date(2026, 6, 2), actor=member(us))
    move(us.bob, lives_here=False, on=date(2026, 6, 2), actor=member(us))
    plan = put(us, why="There are few of us.")
    assert endorse(plan, on=ANSWERED, actor=funder()).state == PlanState.ENDORSED
    body = said("plan.put_forward")
    assert (body["members"], body["residents"]) == (3, 0)


def test_the_funder_answers_in_time_and_not_whoever_put_it_forward(us):
    plan = put(us)
    owed = Promise.objects.get(kind="plan.answer")
    assert (owed.owed_by_role, owed.due_on) == ("funder", date(2026, 7, 16))

    with pytest.raises(Refused) as no:
        endorse(plan, on=ANSWERED, actor=member(us))
    assert no.value.code == "not_the_funder"
    with pytest.raises(Refused) as no:
        endorse(plan, on=ANSWERED, actor=Actor("funder", us.bob.account_id))
    assert no.value.code == "alone"
    endorse(plan, on=ANSWERED, actor=funder())
    owed.refresh_from_db()
    assert owed.state == "met"
    with pytest.raises(Refused) as no:
        endorse(plan, on=ANSWERED, actor=funder())
    assert no.value.code == "plan_state"


def test_a_lines_award_points_to_its_decisions_leaf_and_gives_no_more(us):
    plan = endorsed(us)
    assert LineAgreed.objects.count() == 3  # what is kept for later is no decision
    agreed = LineAgreed.objects.get(line__number=1)
    first = award_from_line(
        agreed, key=KEY, title="The kitchen", pence=1_000_000, on=ANSWERED, actor=member(us)
    )
    assert first.decision == agreed.leaf
    body = body_of(first.decision)
    assert (body["kind"], body["pence"], body["voted"]) == (
        "plan.line_agreed", 1_800_000, {"partnership_member": 5},
    )  # fmt: skip
    again = award_from_line(
        agreed, key=KEY, title="The kitchen", pence=1_000_000, on=ANSWERED, actor=member(us)
    )
    assert again == first
    with pytest.raises(Refused) as no:
        award_from_line(
            agreed, key="b" * 16, title="More", pence=800_001, on=ANSWERED, actor=member(us)
        )
    assert no.value.code == "over_the_decision"
    assert not list(verify_plans())
    assert not list(verify_payments())
    assert standing_plan(public_plans(us.place)) == plan


def test_what_is_sent_back_stays_and_is_drafted_again_as_it_stood(us):
    plan = put(us)
    with pytest.raises(Refused):
        send_back(plan, " ", on=ANSWERED, actor=funder())
    send_back(plan, "Who keeps the kitchen clean?", on=ANSWERED, actor=funder())
    second = begin_plan(us.partnership, actor=member(us))
    assert second.number == 2
    assert [line["title"] for line in second.draft["lines"]] == [line.title for line in LINES]
    assert second.draft["vision"] == "A place to meet."
    assert Plan.objects.get(number=1).reason.text == "Who keeps the kitchen clean?"


def test_one_looks_back_before_the_next_plan(us):
    plan = endorsed(us)
    assert Promise.objects.get(kind="plan.review").due_on == ENDS
    second = begin_plan(us.partnership, actor=member(us))
    second = write_draft(
        second, vision="More.", legacy="More.", begins_on=ENDS, ends_on=date(2032, 6, 30),
        actor=member(us),
    )  # fmt: skip
    with pytest.raises(Refused) as no:
        put_forward(second, why="x", on=PUT, actor=member(us))
    assert no.value.code == "not_reviewed"
    review_plan(plan, done="The kitchen is used.", change="More care.", on=PUT, actor=member(us))
    assert Promise.objects.get(kind="plan.review").state == "met"
    second = put_forward(second, why="x", on=PUT, actor=member(us))
    endorse(second, on=ANSWERED, actor=funder())
    plan.refresh_from_db()
    assert plan.state == PlanState.REPLACED
    with pytest.raises(Refused) as no:
        award_from_line(
            LineAgreed.objects.get(line__plan=plan, line__number=1), key=KEY, title="Late",
            pence=1, on=ANSWERED, actor=member(us),
        )  # fmt: skip
    assert no.value.code == "plan_state"
    assert not list(verify_plans())


def test_the_memorandum_takes_one_person_for_each_side(us):

    plan = endorsed(us)
    first = sign_memorandum(plan, on=ANSWERED, actor=member(us, "ann"))
    assert said("plan.memorandum_signed")["seat"] == "chair"
    assert sign_memorandum(plan, on=ANSWERED, actor=member(us, "bob")) == first
    with pytest.raises(Refused) as no:
        sign_memorandum(plan, on=ANSWERED, actor=Actor("funder", us.ann.account_id))
    assert no.value.code == "alone"
    with pytest.raises(Refused):
        sign_memorandum(plan, on=ANSWERED, actor=Actor("worker", us.bob.account_id))
    sign_memorandum(plan, on=ANSWERED, actor=funder())
    assert not told(plan).unsigned


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (DraftLine("yacht", "A yacht", 5), "line_kind"),
        (DraftLine("project", "Nothing", 0), "line_pence"),
        (DraftLine("project", "Too much", 2**53), "line_pence"),
        (DraftLine("project", "More now", 5, 6), "line_now"),
        (DraftLine("later", "Later", 5, 5), "line_later"),
        (DraftLine("project", "", 5), "text"),
    ],
)
def test_a_line_that_cannot_be_says_why(us, line, code):
    plan = begin_plan(us.partnership, actor=member(us))
    with pytest.raises(Refused) as no:
        add_line(plan, line, actor=member(us))
    assert no.value.code == code


def test_a_draft_can_be_changed_and_what_was_put_forward_cannot(us):
    plan = drop_line(written(us), 2, actor=member(us))
    assert [line["kind"] for line in plan.draft["lines"]] == ["project", "childcare", "later"]
    with pytest.raises(Refused):
        drop_line(plan, 9, actor=member(us))
    plan = put(us, add_line(plan, LINES[1], actor=member(us)), why="x")
    with pytest.raises(Refused):
        add_line(plan, LINES[0], actor=member(us))
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanLine.objects.filter(plan=plan).update(pence=1)


def test_a_plan_runs_within_the_years_of_the_money_and_says_what_it_wants(us):
    late = written(us, ends=date(2036, 4, 1))
    with pytest.raises(Refused) as no:
        put_forward(late, why="x", on=PUT, actor=member(us))
    assert no.value.code == "plan_years"
    blank = write_draft(late, vision="", legacy="x", begins_on=None, ends_on=None, actor=member(us))
    with pytest.raises(Refused) as no:
        put_forward(blank, why="x", on=PUT, actor=member(us))
    assert no.value.code == "plan_words"
