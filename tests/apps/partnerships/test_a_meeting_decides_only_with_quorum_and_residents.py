"""Quorum and resident majority are asked at each item; what lacks one is never silently valid."""

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorstep.apps.partnerships.actions import (
    declare_interest,
    leave,
    move,
    share_household,
)
from doorstep.apps.partnerships.actions.deciding import declare_at_meeting
from doorstep.apps.partnerships.actions.meetings import NewItem, end_meeting
from doorstep.apps.partnerships.models import ItemDecision, Presence
from doorstep.apps.partnerships.rules import meetings as rules
from doorstep.apps.partnerships.verify import verify_meetings
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.sentences import sentence
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule
from tests.apps.partnerships.meeting import (
    KITCHEN,
    MET,
    NEWS,
    NEXT,
    PLAN,
    SECRETARY,
    Group,
    called,
    decided,
    group,
    item,
)

pytestmark = pytest.mark.django_db
QUORUM, MAJORITY = (rule(f"meeting.{name}", MET) for name in ("quorum", "resident_majority"))


def test_a_quorate_room_decides_and_the_record_says_with_how_many() -> None:
    told = group()
    made = decided(told, called(told, KITCHEN), votes=(3, 1, 1))
    assert (made.outcome, made.present, made.counted, made.residents) == ("carried", 5, 5, 4)
    body = json.loads(bytes(made.leaf.body))
    assert (body["outcome"], body["pence"], body["chair"]) == ("carried", 180_000, "chair")
    assert "Jones" not in json.dumps(body)
    said = sentence(made.leaf.kind, body, lambda _c: "A kitchen")
    assert "In favour 3, against 1, abstained 1; 5 took part, 4 of them residents" in said
    assert not list(verify_meetings())


def test_a_meeting_that_loses_its_resident_majority_halfway_decides_no_more() -> None:
    told = group()
    meeting = called(told, KITCHEN, PLAN)
    assert decided(told, meeting, 1, here="ann bob cat eve fay").outcome == "carried"
    # Bob and Cat go home: of three who are left, one lives here.
    later = decided(told, meeting, 2, here="ann eve fay", votes=(3, 0, 0))
    assert (later.outcome, later.in_favour, later.residents) == ("not_decided", 0, 1)
    assert json.loads(bytes(later.leaf.body))["why"] == ["no_resident_majority"]
    assert ItemDecision.objects.get(item__number=1).outcome == "carried", "what came before stands"


def test_a_meeting_that_loses_its_quorum_halfway_decides_no_more() -> None:
    told = group()
    meeting = called(told, KITCHEN, PLAN, NEWS)
    decided(told, meeting, 1)
    assert decided(told, meeting, 2, here="ann bob").outcome == "not_decided"
    assert decided(told, meeting, 3, here="ann bob").outcome == "noted", "anybody may hear news"
    assert end_meeting(meeting, on=MET, actor=SECRETARY).state == "held"
    ended = json.loads(bytes(Leaf.objects.get(kind="meeting.held").body))
    assert (ended["settled"], ended["not_decided"], ended["not_reached"]) == (2, 1, 0)


def test_whoever_stays_out_leaves_the_vote_and_the_quorum_alike() -> None:
    told = group()
    meeting = called(told, KITCHEN)
    made = decided(told, meeting, here="ann bob cat", out={"cat": "loyalty"}, votes=(2, 0, 0))
    assert (made.outcome, made.present, made.counted) == ("not_decided", 3, 2)
    assert Presence.objects.get(membership=told.cat).stays_out == "loyalty"


@pytest.mark.parametrize("kind", ["direct", "indirect", "loyalty"])
def test_a_lasting_interest_of_each_kind_cannot_be_overlooked(kind) -> None:
    told = group()
    declare_interest(told.cat, told.hall, kind, since=date(2026, 5, 2), actor=SECRETARY)
    meeting = called(told, chairs(told))
    with pytest.raises(Refused, match="Cat Jones has declared an interest"):
        decided(told, meeting)
    assert decided(told, meeting, out={"cat": kind}).counted == 4


def chairs(told: Group) -> NewItem:
    return NewItem("money", "Chairs for the hall", told.hall, 40_000)


def test_an_interest_is_declared_for_one_item_or_for_all_of_a_meeting() -> None:
    told = group()
    meeting = called(told, KITCHEN, PLAN)
    declare_at_meeting(meeting, told.bob, "loyalty", item=item(meeting, 1), actor=SECRETARY)
    again = declare_at_meeting(meeting, told.bob, "loyalty", item=item(meeting, 1), actor=SECRETARY)
    declare_at_meeting(meeting, told.dev, "indirect", actor=SECRETARY)
    assert meeting.declarations.count() == 2
    assert again.kind == "loyalty"
    with pytest.raises(Refused, match="Bob Jones"):
        decided(told, meeting, 1, out={"dev": "indirect"})
    decided(told, meeting, 1, out={"dev": "indirect", "bob": "loyalty"})
    with pytest.raises(Refused, match="Dev Jones"):
        decided(told, meeting, 2)
    decided(told, meeting, 2, out={"dev": "indirect"})
    with pytest.raises(Refused, match="dealt with"):
        declare_at_meeting(meeting, told.ann, "direct", item=item(meeting, 1), actor=SECRETARY)


def test_a_chair_who_could_be_paid_hands_the_chair_over() -> None:
    told = group()
    declare_interest(told.ann, told.hall, "direct", since=date(2026, 5, 2), actor=SECRETARY)
    meeting = called(told, chairs(told))
    with pytest.raises(Refused, match="hold the chair until it is decided"):
        decided(told, meeting, out={"ann": "direct"}, chair="ann")
    made = decided(told, meeting, out={"ann": "direct"}, chair="bob")
    assert (made.chair, made.outcome, made.counted) == (told.bob, "carried", 4)
    assert json.loads(bytes(made.leaf.body))["chair"] == "secretary"


def test_what_one_of_a_household_could_be_paid_keeps_the_other_out() -> None:
    told = group()
    share_household(told.cat.account, told.dev.account, since=date(2026, 5, 2), actor=SECRETARY)
    declare_interest(told.cat, told.hall, "direct", since=date(2026, 5, 2), actor=SECRETARY)
    meeting = called(told, chairs(told))
    with pytest.raises(Refused, match="Dev Jones"):
        decided(told, meeting, out={"cat": "direct"})
    made = decided(told, meeting, out={"cat": "direct", "dev": "indirect"})
    assert (made.counted, made.residents, made.outcome) == (3, 2, "carried")
    public = b"".join(bytes(leaf.body) for leaf in Leaf.objects.filter(log="public"))
    assert b"household" not in public


def test_a_tie_of_loyalty_does_not_pass_to_the_household() -> None:
    told = group()
    share_household(told.cat.account, told.dev.account, since=date(2026, 5, 2), actor=SECRETARY)
    declare_interest(told.cat, told.hall, "loyalty", since=date(2026, 5, 2), actor=SECRETARY)
    made = decided(told, called(told, chairs(told)), out={"cat": "loyalty"})
    assert made.counted == 4


def test_a_member_who_moves_away_is_counted_as_what_they_are_that_day() -> None:
    told = group()
    before = called(told, KITCHEN)
    assert decided(told, before, here="ann bob eve", votes=(3, 0, 0)).outcome == "carried"
    away = move(told.bob, lives_here=False, on=date(2026, 6, 18), actor=SECRETARY)
    assert (away.seat, away.lives_here, away.called) == ("secretary", False, "Bob Jones")
    later = called(told, PLAN, at=NEXT)
    told.seats["bob"] = away
    made = decided(told, later, here="ann bob eve", votes=(3, 0, 0), on=date(2026, 7, 15))
    assert (made.outcome, made.residents) == ("not_decided", 1)
    assert ItemDecision.objects.get(item__meeting=before).residents == 2, "the past stays counted"
    assert not list(verify_meetings())
    with pytest.raises(Refused, match="counted so already"):
        move(away, lives_here=False, on=date(2026, 7, 20), actor=SECRETARY)


def test_who_left_the_partnership_is_in_no_room() -> None:
    told = group()
    leave(told.dev, on=date(2026, 6, 10), actor=SECRETARY)
    with pytest.raises(Refused, match="holds no seat"):
        decided(told, called(told, KITCHEN))


@pytest.mark.parametrize(
    ("votes", "outcome"), [((3, 2, 0), "carried"), ((2, 2, 1), "lost"), ((0, 0, 5), "lost")]
)
def test_more_in_favour_than_against_carries_and_a_tie_does_not(votes, outcome) -> None:
    told = group()
    assert decided(told, called(told, KITCHEN), votes=votes, method="ballot").outcome == outcome


def test_votes_that_do_not_add_up_are_refused_in_words() -> None:
    told = group()
    with pytest.raises(Refused, match="6 votes and abstentions were entered, and 5 members"):
        decided(told, called(told, KITCHEN), votes=(6, 0, 0))
    with pytest.raises(Refused, match="Say how it was decided"):
        decided(told, called(told, NEWS, PLAN), 2, method="none")
    assert not ItemDecision.objects.exists()
    assert not Presence.objects.exists()


def test_consent_is_everybody_who_takes_part() -> None:
    told = group()
    made = decided(told, called(told, KITCHEN), votes=(0, 0, 0), method="consent")
    assert (made.outcome, made.in_favour) == ("carried", 5)


def test_an_item_is_dealt_with_once_and_on_the_day() -> None:
    told = group()
    meeting = called(told, KITCHEN)
    with pytest.raises(Refused, match="has not begun"):
        decided(told, meeting, on=date(2026, 6, 16))
    decided(told, meeting)
    with pytest.raises(Refused, match="dealt with already"):
        decided(told, meeting)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["", "direct", "loyalty"])), max_size=30))
def test_no_room_decides_without_both(there) -> None:
    room = rules.room(
        [rules.There(n, lives, out) for n, (lives, out) in enumerate(there)],
        quorum=QUORUM, majority=MAJORITY,
    )  # fmt: skip
    part = [lives for lives, out in there if not out]
    assert room.can_decide == (len(part) >= 3 and sum(part) * 100 >= len(part) * 51)
    assert len(room.warnings) == len(room.codes)
