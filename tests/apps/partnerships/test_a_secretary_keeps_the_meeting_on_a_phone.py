"""The pages: called, decided and minuted by a volunteer, read by everybody, in few statements."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from doorstep.apps.partnerships.actions.meetings import call_meeting, end_meeting
from doorstep.apps.partnerships.models import ItemDecision, Meeting
from doorstep.apps.people.actions import give_role
from tests.apps.awards.test_what_became_of_the_money_is_told import picture
from tests.apps.partnerships.meeting import KITCHEN, MAY, PLAN, SECRETARY, Group, group
from tests.apps.people.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Group:
    return group()


@pytest.fixture
def keeper(client, told, page):
    """Bob, the secretary, signed in."""
    give_role(told.bob.account, "partnership_member", place=told.place, since=MAY, actor=SECRETARY)
    sign_in(client, told.bob.account)
    return page


def at(name: str, told: Group, *more: object) -> str:
    return reverse(f"partnerships:{name}", args=[told.place.slug, *more])


def today(told: Group, *items) -> Meeting:
    now = timezone.now()
    return call_meeting(
        told.partnership, meets_at=now, where="The hall", items=items,
        short_notice="A test", on=timezone.localdate(), actor=SECRETARY,
    )  # fmt: skip


def room(told: Group, here: str, **more: object) -> dict:
    words = {f"seat_{seat.pk}": "here" if name in here.split() else "away"
             for name, seat in told.seats.items()}  # fmt: skip
    sent = {"method": "hands", "in_favour": len(here.split()), "against": 0, "abstained": 0,
            "chair": told.ann.pk, "note": "", "do": "write"}  # fmt: skip
    return {**words, **sent, **more}


def test_an_evening_from_notice_to_draft(keeper, told) -> None:
    assert "No meeting has been called here yet" in keeper.get(at("meetings", told)).text
    day = timezone.localdate()
    sent = {"kind": "ordinary", "day": (day + timedelta(30)).isoformat(), "time": "19:00",
            "where": "St Anne’s Hall", "short_notice": ""}  # fmt: skip
    assert "The meeting is called" in keeper.post(at("call", told), sent).text
    late = {**sent, "day": (day + timedelta(1)).isoformat()}
    assert "the notice was due on" in keeper.post(at("call", told), late).text
    assert Meeting.objects.count() == 1
    added = keeper.post(
        at("add-item", told, 1),
        {"kind": "money", "title": "A kitchen", "pence": "1,800", "organisation": told.hall.pk},
    )
    assert "It is on the agenda." in added.text
    assert "Say up to how much" in keeper.post(
        at("add-item", told, 1), {"kind": "money", "title": "No sum"}).text  # fmt: skip
    keeper.client.post(at("paper", told, 1, 1), {"title": "Two prices", "file": picture_file()})
    declared = keeper.post(
        at("declare", told, 1), {"membership": told.cat.pk, "item": "1", "kind": "loyalty"}
    )
    assert "Cat Jones: loyalty" in declared.text  # fmt: skip
    public = keeper.get(at("meeting", told, 1)).text
    assert "up to £1,800" in public
    assert "Two prices" in public
    assert "Cat Jones" not in public


def picture_file():
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("a.png", picture(), content_type="image/png")


def test_the_room_is_counted_before_anything_is_written(keeper, told) -> None:
    meeting = today(told, KITCHEN, PLAN)
    address = at("decide", told, meeting.number, 1)
    assert "Ann Jones, lives here" in keeper.get(address).text
    looked = keeper.post(address, room(told, "ann eve fay", do="count")).text
    assert "Taking part: 3, of them residents: 1." in looked
    thin = keeper.post(address, room(told, "ann eve fay")).text
    assert "nothing can be decided on this item now" in thin
    assert not ItemDecision.objects.exists()
    done = keeper.post(address, room(told, "ann eve fay", do="undecided")).text
    assert "Written down: not decided." in done
    wrong = keeper.post(
        at("decide", told, meeting.number, 2), room(told, "ann bob cat", in_favour=9)
    ).text
    assert "9 votes and abstentions were entered, and 3 members took part" in wrong  # fmt: skip
    keeper.post(at("decide", told, meeting.number, 2), room(told, "ann bob cat"))
    public = keeper.get(at("meeting", told, meeting.number)).text
    assert "1 of the 3 who could take part live in the area" in public
    assert "show of hands: 3 in favour" in public.lower()


def test_minutes_are_drafted_from_what_was_written_down(keeper, told) -> None:
    meeting = today(told, KITCHEN)
    keeper.post(
        at("decide", told, meeting.number, 1),
        room(told, "ann bob cat", note="Two prices were read."),
    )
    end_meeting(meeting, on=timezone.localdate(), actor=SECRETARY)
    address = at("minutes", told, meeting.number)
    draft = keeper.get(address).text
    assert "Two prices were read." in draft
    kept = keeper.post(address, {"do": "draft", "text": "Cat Jones read two prices."}).text
    assert "write roles in place of" in kept
    assert "The next meeting agrees them" in keeper.get(at("meeting", told, meeting.number)).text
    refused = keeper.post(address, {"do": "publish"}).text
    assert "A meeting agrees the minutes first" in refused


def test_it_ends_breaks_off_or_is_called_off_on_one_page(keeper, told) -> None:
    first, second = today(told, KITCHEN), today(told, PLAN)
    address = at("end", told, first.number)
    assert "Nothing is written down of this meeting" in keeper.post(address, {"do": "end"}).text
    assert "required" in keeper.post(address, {"do": "cancel", "off-reason": ""}).text.lower()
    off = keeper.post(address, {"do": "cancel", "off-reason": "The boiler broke."}).text
    assert "The boiler broke." in off
    later = timezone.localdate() + timedelta(14)
    sent = {"do": "adjourn", "on-day": later.isoformat(), "on-time": "18:30",
            "on-where": "The library", "on-reason": "It grew late."}  # fmt: skip
    on = keeper.post(at("end", told, second.number), sent).text
    assert "which was broken off" in on
    assert Meeting.objects.get(number=3).items.get().title.text == "Paint the hall green"


def test_a_stranger_reads_all_and_writes_nothing(page, client, told) -> None:
    meeting = today(told, KITCHEN)
    text = page.get(at("meeting", told, meeting.number)).text
    assert "Called at short notice: A test" in text
    assert "Jones" not in text
    assert client.get(at("end", told, meeting.number)).status_code == 302
    client.post(at("end", told, meeting.number), {"do": "end"})
    assert Meeting.objects.get().state == "called"
    assert client.get(at("meeting", told, 77)).status_code == 404


def test_no_page_of_a_meeting_grows_with_its_rows(
    keeper, told, django_assert_max_num_queries
) -> None:
    meeting = today(told, *[KITCHEN] * 12)
    for number in range(1, 8):
        keeper.post(at("decide", told, meeting.number, number), room(told, "ann bob cat"))
    pages = [at("meetings", told), *(
        at(name, told, meeting.number) for name in ("meeting", "work", "declare", "end", "minutes")
    ), at("decide", told, meeting.number, 9), at("call", told)]  # fmt: skip
    for address in pages:
        with django_assert_max_num_queries(12):
            assert keeper.client.get(address).status_code == 200, address


def test_the_next_meeting_stands_on_the_desk(keeper, told) -> None:
    meeting = today(told, KITCHEN)
    desk = keeper.get("/desk/").text
    assert "Meeting of Millbrook East on" in desk
    assert "Meetings of Millbrook East" in desk
    assert at("work", told, meeting.number) in keeper.client.get("/desk/").content.decode()
