"""Notice by rule, papers, what is left over, and minutes that name nobody who did not agree."""

import json
from datetime import date, datetime

import pytest

from doorstep.apps.partnerships.actions import name_member
from doorstep.apps.partnerships.actions.meetings import (
    NewItem,
    add_item,
    add_paper,
    adjourn_meeting,
    cancel_meeting,
    end_meeting,
)
from doorstep.apps.partnerships.actions.minutes import draft_minutes, publish_minutes
from doorstep.apps.partnerships.models import Meeting, MinutesStep
from doorstep.apps.partnerships.queries.drafting import earliest, left_over, to_agree, unagreed
from doorstep.apps.partnerships.rules.meetings import private_words
from doorstep.apps.promises.actions import add_holiday
from doorstep.apps.promises.models import Promise
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule
from tests.apps.awards.test_what_became_of_the_money_is_told import picture
from tests.apps.partnerships.meeting import (
    KITCHEN,
    LONDON,
    MET,
    NEXT,
    PLAN,
    SECRETARY,
    called,
    decided,
    group,
    item,
)

pytestmark = pytest.mark.django_db


def test_five_clear_working_days_lie_between_notice_and_meeting() -> None:
    told = group()
    # A Wednesday; the Tuesday of the week before is the last day.
    assert called(told, on=date(2026, 6, 9)).notice_by == date(2026, 6, 9)
    with pytest.raises(Refused, match="the notice was due on 9 June 2026"):
        called(told, on=date(2026, 6, 10))
    late = called(told, on=date(2026, 6, 10), short_notice="The roof leaks.")
    assert late.short_notice.text == "The roof leaks."
    assert called(told, on=date(2026, 6, 1), short_notice="Not needed").short_notice is None


def test_a_holiday_added_since_makes_notice_due_earlier() -> None:
    told = group()
    add_holiday(date(2026, 6, 12), "A day of thanks", ["ENG"], actor=SECRETARY)
    with pytest.raises(Refused, match="8 June 2026"):
        called(told, on=date(2026, 6, 9))


def test_the_annual_meeting_is_called_a_month_ahead() -> None:
    told = group()
    with pytest.raises(Refused, match="notice was due"):
        called(told, kind="annual", on=date(2026, 6, 1))
    assert called(told, kind="annual", on=date(2026, 5, 15)).notice_by == date(2026, 5, 18)


def test_the_page_offers_the_first_day_that_is_in_time() -> None:
    day = earliest(date(2026, 6, 9), rule("meeting.notice", date(2026, 6, 9)))
    assert day == date(2026, 6, 17)


@pytest.mark.parametrize("when", [datetime(2026, 5, 20, 19, tzinfo=LONDON),
                                  datetime(2028, 5, 20, 19, tzinfo=LONDON)])  # fmt: skip
def test_a_day_gone_by_or_far_off_is_refused(when) -> None:
    with pytest.raises(Refused):
        called(group(), at=when)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (NewItem("money", "A kitchen"), "up to how much"),
        (NewItem("matter", "Paint", pence=5), "Only an item that gives money"),
        (NewItem("matter", " "), "name"),
        (NewItem("dance", "Dance"), "what an item is for"),
        (NewItem("minutes", "Minutes"), "which meeting"),
        (NewItem("limit", "Small sums", pence=50_000), "which role"),
        (
            NewItem("limit", "Small", pence=5, terms={"holder": "worker", "month_pence": 5,
                    "since": "2026-07-01", "until": "2026-07-01"}),
            "end before it begins",
        ),
    ],
)  # fmt: skip
def test_an_item_says_what_its_kind_needs(item, said) -> None:
    told = group()
    with pytest.raises(Refused, match=said):
        called(told, item)
    assert not Meeting.objects.exists()


def test_an_item_put_on_after_the_notice_is_marked_late() -> None:
    told = group()
    meeting = called(told)
    assert not add_item(meeting, PLAN, on=date(2026, 6, 9), actor=SECRETARY).late
    assert add_item(meeting, KITCHEN, on=date(2026, 6, 10), actor=SECRETARY).late


def test_a_paper_is_public_and_its_leaf_commits_to_it() -> None:
    told = group()
    meeting = called(told, KITCHEN)
    paper = add_paper(item(meeting), "Two prices", picture(), actor=SECRETARY)
    assert paper.file.public
    body = json.loads(bytes(paper.leaf.body))
    assert body["fingerprint"] == paper.file.fingerprint
    cancel_meeting(meeting, "The hall is flooded.", actor=SECRETARY)
    with pytest.raises(Refused, match="cancelled"):
        add_paper(item(meeting), "Too late", picture("two"), actor=SECRETARY)


def test_a_meeting_is_called_off_only_before_anything_was_decided() -> None:
    told = group()
    meeting = called(told, KITCHEN, PLAN)
    with pytest.raises(Refused, match="Say why"):
        cancel_meeting(meeting, " ", actor=SECRETARY)
    decided(told, meeting)
    with pytest.raises(Refused, match="decided at this meeting already"):
        cancel_meeting(meeting, "Rain", actor=SECRETARY)
    with pytest.raises(Refused, match="has not begun"):
        end_meeting(meeting, on=date(2026, 6, 16), actor=SECRETARY)


def test_what_is_broken_off_goes_on_with_what_is_left() -> None:
    told = group()
    meeting = called(told, KITCHEN, PLAN)
    decided(told, meeting, 1)
    later = adjourn_meeting(
        meeting, meets_at=NEXT, where="The library", reason="The caretaker locks up at nine.",
        on=MET, actor=SECRETARY,
    )  # fmt: skip
    meeting.refresh_from_db()
    assert (meeting.state, later.continues, later.number) == ("adjourned", meeting, 2)
    left = later.items.get()
    assert (left.title.text, left.carried_from) == ("Paint the hall green", item(meeting, 2))
    assert decided(told, later, on=date(2026, 7, 15)).outcome == "carried"
    assert Promise.objects.get(kind="meeting.minutes").subject == str(meeting.pk)


def test_what_was_not_decided_is_offered_to_the_next_meeting_once() -> None:
    told = group()
    meeting = called(told, KITCHEN, PLAN, NewItem("report", "News"))
    decided(told, meeting, 1, here="ann bob")
    decided(told, meeting, 3)
    end_meeting(meeting, on=MET, actor=SECRETARY)
    left = left_over(told.partnership)
    assert [one.title for one in left] == ["A kitchen", "Paint the hall green"]
    called(told, *left, at=NEXT, on=date(2026, 6, 20))
    assert left_over(told.partnership) == []


def minuted(told, text: str) -> Meeting:
    meeting = called(told, KITCHEN)
    decided(told, meeting)
    end_meeting(meeting, on=MET, actor=SECRETARY)
    draft_minutes(meeting, text, on=date(2026, 6, 20), actor=SECRETARY)
    return meeting


def agreed(told, meeting: Meeting) -> None:
    later = called(told, to_agree(meeting), at=NEXT, on=date(2026, 6, 25))
    decided(told, later, on=date(2026, 7, 15))


def test_minutes_are_drafted_agreed_by_the_next_meeting_and_then_published() -> None:
    told = group()
    meeting = minuted(told, "The treasurer thanked Ann Jones.\n\nNobody else spoke.")
    owed = Promise.objects.get(kind="meeting.minutes")
    assert (owed.state, owed.due_on, owed.owed_by_role) == (
        "met", date(2026, 7, 1), "partnership_member",
    )  # fmt: skip
    with pytest.raises(Refused, match="A meeting agrees the minutes first"):
        publish_minutes(meeting, on=date(2026, 6, 20), actor=SECRETARY)
    assert unagreed(told.partnership) == meeting
    agreed(told, meeting)
    assert unagreed(told.partnership) is None
    assert Promise.objects.get(kind="meeting.publish").due_on == date(2026, 7, 22)
    with pytest.raises(Refused, match="were agreed"):
        draft_minutes(meeting, "Something else", on=date(2026, 7, 16), actor=SECRETARY)
    publish_minutes(meeting, on=date(2026, 7, 16), actor=SECRETARY)
    assert list(meeting.minutes.values_list("kind", flat=True)) == [
        "drafted", "agreed", "published",
    ]  # fmt: skip
    assert Promise.objects.get(kind="meeting.publish").state == "met"


def test_minutes_that_name_somebody_who_did_not_agree_are_not_published() -> None:
    told = group()
    meeting = minuted(told, "cat jones asked; write to x@millbrook.example or 07700 900123.")
    agreed(told, meeting)
    with pytest.raises(Refused, match="Cat Jones") as refused:
        publish_minutes(meeting, on=date(2026, 7, 16), actor=SECRETARY)
    assert "x@millbrook.example" in refused.value.reason
    assert "07700 900123" in refused.value.reason
    assert not MinutesStep.objects.filter(kind="published").exists()


def test_who_agreed_to_be_named_may_be_and_may_take_it_back() -> None:
    told = group()
    assert private_words("Ann Jones spoke to Joan.", ["Jo"]) == []
    meeting = minuted(told, "Ann Jones was in the chair.")
    agreed(told, meeting)
    name_member(told.ann, "Ann Jones", named_in_public=False, actor=SECRETARY)
    with pytest.raises(Refused, match="Ann Jones"):
        publish_minutes(meeting, on=date(2026, 7, 16), actor=SECRETARY)


def test_a_name_given_up_is_erased() -> None:
    told = group()
    former = told.ann.name
    name_member(told.ann, "Annie", named_in_public=True, actor=SECRETARY)
    former.refresh_from_db()
    assert former.text == ""
    bodies = b"".join(bytes(leaf.body) for leaf in Leaf.objects.all())
    assert b"Annie" not in bodies


def test_minutes_nobody_drafted_cannot_be_agreed() -> None:
    told = group()
    meeting = called(told, KITCHEN)
    decided(told, meeting)
    end_meeting(meeting, on=MET, actor=SECRETARY)
    with pytest.raises(Refused, match="not drafted yet"):
        agreed(told, meeting)
