"""A vote in one room: two people count the same, or nothing is decided; totals give the result."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from doorstep.apps.files.actions import keep
from doorstep.apps.people.actions import give_role
from doorstep.apps.record.verify import body_of
from doorstep.apps.refused import Refused
from doorstep.apps.rounds import freezing
from doorstep.apps.rounds.actions import (
    close_room,
    count_round,
    enter_tally,
    withdraw_project,
)
from doorstep.apps.rounds.models import Round, Tally
from doorstep.apps.rounds.queries import room_count
from doorstep.apps.rounds.totals import (
    Counted,
    Published,
    differences,
    read_counted,
    read_published,
    refuse_impossible,
)
from doorstep.apps.rounds.verify import verify_rounds
from tests.apps.people.signing_in import sign_in
from tests.apps.rounds.live import account, live, live_room, newest, one_room, today
from tests.millbrook import ACTOR, place_with_money

FOUND = Counted("slips", 31, {"kitchen": 20, "bench": 12, "bus": 25})


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    for name in ("_checks", "_cancel_checks", "_parts", "_fills"):
        monkeypatch.setattr(freezing, name, type(getattr(freezing, name))())


@pytest.fixture
def place(db):
    return place_with_money()


@pytest.fixture
def round_(place):
    return live_room(place)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(scope="module")
def sheet_bytes() -> bytes:
    return picture()


def photo(content: bytes, *, public: bool = False):
    return keep(content, purpose="tally-sheet", public=public, by=ACTOR)


def test_two_people_who_agree_close_the_round_and_totals_are_counted(round_, sheet_bytes):
    enter_tally(round_, FOUND, counter=account("ann"), photo=photo(sheet_bytes))
    enter_tally(round_, FOUND, counter=account("bob"), photo=None)
    closed = close_room(round_, actor=ACTOR)
    outcome = count_round(closed, actor=ACTOR).result.as_json
    # The bus has most votes and costs more than the pot; kitchen fits, then bench no more.
    assert outcome["winners"] == ["kitchen"]
    assert [one["votes"] for one in outcome["projects"]] == [20, 12, 25]
    assert outcome["election"]["voters"] == 31
    assert list(verify_rounds()) == []


def test_no_ballot_is_in_what_is_published(round_, sheet_bytes):
    enter_tally(round_, FOUND, counter=account("ann"), photo=photo(sheet_bytes))
    enter_tally(round_, FOUND, counter=account("bob"), photo=None)
    box = close_room(round_, actor=ACTOR).box
    written = json.loads(box.published)
    assert set(written) == {
        "format", "round", "budget_pence", "how", "voters", "ideas", "counters", "sheet"
    }  # fmt: skip
    with pytest.raises(ValueError, match="totals"):
        _ = box.pabulib


def test_one_person_twice_is_not_two(round_, sheet_bytes):
    ann = account("ann")
    enter_tally(round_, FOUND, counter=ann, photo=photo(sheet_bytes))
    enter_tally(round_, FOUND, counter=ann, photo=photo(picture_of("grey")))
    with pytest.raises(Refused, match="Two people"):
        close_room(round_, actor=ACTOR)


def picture_of(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def test_different_numbers_are_named_by_line_and_not_shown(round_):
    enter_tally(round_, FOUND, counter=account("ann"), photo=None)
    other = Counted("slips", 31, {"kitchen": 20, "bench": 13, "bus": 25})
    enter_tally(round_, other, counter=account("bob"), photo=None)
    now = room_count(round_)
    assert (now.agreed, now.differing) == (None, ["bench"])
    with pytest.raises(Refused, match="Count again"):
        close_room(round_, actor=ACTOR)


def test_whoever_was_wrong_enters_again_and_the_latest_stands(round_, sheet_bytes):
    ann, bob = account("ann"), account("bob")
    wrong = Counted("slips", 31, {"kitchen": 21, "bench": 12, "bus": 25})
    enter_tally(round_, wrong, counter=ann, photo=photo(sheet_bytes))
    enter_tally(round_, FOUND, counter=bob, photo=None)
    enter_tally(round_, FOUND, counter=ann, photo=None)
    assert room_count(round_).photo is not None
    assert close_room(round_, actor=ACTOR).box.voters == 31
    assert body_of(newest("round.closed"))["counters"] == sorted([ann.pk, bob.pk])


def test_agreement_that_is_taken_back_is_none(round_, sheet_bytes):
    ann, bob = account("ann"), account("bob")
    enter_tally(round_, FOUND, counter=ann, photo=photo(sheet_bytes))
    enter_tally(round_, FOUND, counter=bob, photo=None)
    enter_tally(round_, Counted("slips", 30, {**FOUND.votes}), counter=bob, photo=None)
    with pytest.raises(Refused, match="Two people"):
        close_room(round_, actor=ACTOR)


def test_no_photo_no_result(round_):
    enter_tally(round_, FOUND, counter=account("ann"), photo=None)
    enter_tally(round_, FOUND, counter=account("bob"), photo=None)
    with pytest.raises(Refused, match="photo of the sheet"):
        close_room(round_, actor=ACTOR)


def test_the_same_sent_twice_is_kept_once(round_):
    ann = account("ann")
    assert enter_tally(round_, FOUND, counter=ann, photo=None) == enter_tally(
        round_, FOUND, counter=ann, photo=None
    )
    assert Tally.objects.count() == 1


@pytest.mark.parametrize(
    ("counted", "why"),
    [
        (Counted("hands", 31, FOUND.votes), "slips or tokens"),
        (Counted("slips", 31, {"kitchen": 1}), "every idea"),
        (Counted("slips", 31, {**FOUND.votes, "pool": 2}), "every idea"),
        (Counted("slips", 0, FOUND.votes), "how many people"),
        (Counted("slips", 10_001, FOUND.votes), "how many people"),
        (Counted("slips", 24, FOUND.votes), "more votes than people"),
        (Counted("slips", 31, {**FOUND.votes, "bus": -1}), "more votes than people"),
    ],
)
def test_a_count_that_no_box_could_hold_is_refused(round_, counted, why):
    with pytest.raises(Refused, match=why):
        enter_tally(round_, counted, counter=account("ann"), photo=None)


def test_nothing_is_counted_before_the_meeting_or_in_another_size(place, round_):
    from django.utils import timezone

    soon = timezone.now() + timedelta(hours=1)
    early = live_room(
        place, "early", terms=one_room(opens_at=soon, closes_at=soon + timedelta(hours=1))
    )
    with pytest.raises(Refused, match="has not begun"):
        enter_tally(early, FOUND, counter=account("ann"), photo=None)
    with pytest.raises(Refused, match="not held in one room"):
        enter_tally(live(place, "street"), FOUND, counter=account("bob"), photo=None)


def test_an_idea_taken_off_at_the_meeting_is_left_aside(round_, sheet_bytes):
    withdraw_project(round_.projects.get(code="kitchen"), reason="No gas.", actor=ACTOR)
    enter_tally(round_, FOUND, counter=account("ann"), photo=photo(sheet_bytes))
    enter_tally(round_, FOUND, counter=account("bob"), photo=None)
    counted = count_round(close_room(round_, actor=ACTOR), actor=ACTOR)
    assert counted.result.as_json["winners"] == ["bench"]
    assert list(verify_rounds()) == []


def test_verify_sees_totals_that_nobody_counted(round_, sheet_bytes, monkeypatch):
    enter_tally(round_, FOUND, counter=account("ann"), photo=photo(sheet_bytes))
    enter_tally(round_, FOUND, counter=account("bob"), photo=None)
    real = Published.bytes

    def forged(self):
        votes = {**self.counted.votes, "bench": 30}
        counted = Counted(self.counted.how, self.counted.voters, votes)
        return real(Published(self.round, self.budget_pence, self.costs, counted, "x" * 64, ()))

    with monkeypatch.context() as lie:
        lie.setattr(Published, "bytes", forged)
        close_room(round_, actor=ACTOR)
    assert [one.sentence for one in verify_rounds()] == [
        "its published totals are not what the two people counted.",
        "its totals name another sheet than the one in the photo.",
    ]


# The pages ------------------------------------------------------------------------------------


@pytest.fixture
def counters(place):
    made = [account("ann"), account("bob")]
    for one, kind in zip(made, ("partnership_member", "resident"), strict=True):
        give_role(one, kind, place=place, since=today(), actor=ACTOR)
    return made


def form(**changed: object) -> dict[str, object]:
    return {"how": "slips", "voters": 31, "idea_1": 20, "idea_2": 12, "idea_3": 25} | changed


def upload(content: bytes):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("sheet.jpg", content, "image/jpeg")


def test_the_whole_evening_is_two_forms(client, round_, counters, sheet_bytes):
    ann, bob = counters
    address = reverse("round-room", args=["room"])
    sign_in(client, ann)
    sent = client.post(address, form(photo=upload(sheet_bytes)))
    assert (sent.status_code, sent["Location"]) == (302, address)
    kept = client.get(address)
    assert "Your count is kept" in kept.content.decode()
    shown = {bound.name: bound.value() for bound in kept.context["form"]}
    assert {name: shown[name] for name in form()} == form()  # in the order of the ballot
    client.logout()
    sign_in(client, bob, second_factor=False)
    page = client.get(address).content.decode()
    assert "Somebody has entered" in page
    assert 'value="20"' not in page  # what the other found stays with them
    client.post(address, form())
    # A resident counts; what makes awards is done by a role that shows a second step.
    assert Round.objects.get(pk=round_.pk).state == "frozen"
    page = client.get(address).content.decode()
    assert "A partnership member or worker publishes the result" in page
    publish = reverse("round-room-publish", args=["room"])
    assert publish not in page
    assert client.post(publish).status_code == 403
    client.logout()
    sign_in(client, ann)
    assert f'action="{publish}"' in client.get(address).content.decode()
    assert client.post(publish)["Location"] == "/rounds/room/"
    assert Round.objects.get(pk=round_.pk).state == "settled"
    again = client.post(address, form())
    assert again["Location"] == "/rounds/room/"
    totals = client.get(reverse("round-totals", args=["room"]))
    assert read_published(totals.content).counted == FOUND
    assert client.get(reverse("round-ballots", args=["room"])).status_code == 404
    assert client.get("/rounds/room/").status_code == 200


def test_a_member_whose_count_is_the_second_publishes_in_the_same_step(
    client, round_, counters, sheet_bytes
):
    ann, bob = counters
    enter_tally(round_, FOUND, counter=bob, photo=photo(sheet_bytes))
    sign_in(client, ann)
    sent = client.post(reverse("round-room", args=["room"]), form())
    assert sent["Location"] == "/rounds/room/"
    assert Round.objects.get(pk=round_.pk).state == "settled"


def test_a_count_is_kept_and_nothing_decided_where_the_second_step_was_long_ago(
    client, round_, counters, sheet_bytes
):
    ann, bob = counters
    enter_tally(round_, FOUND, counter=bob, photo=photo(sheet_bytes))
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=20)):
        sign_in(client, ann)
    address = reverse("round-room", args=["room"])
    sent = client.post(address, form())
    assert sent["Location"] == address
    asked = client.post(reverse("round-room-publish", args=["room"]))
    assert (asked.status_code, asked.templates[0].name) == (403, "people/ask_again.html")
    assert Round.objects.get(pk=round_.pk).state == "frozen"


def test_a_member_who_is_a_resident_too_publishes_nothing_without_a_second_step(
    client, place, round_, counters, sheet_bytes
):
    ann, bob = counters
    give_role(ann, "resident", place=place, since=today(), actor=ACTOR)
    enter_tally(round_, FOUND, counter=bob, photo=photo(sheet_bytes))
    sign_in(client, ann, second_factor=False)
    sent = client.post(reverse("round-room", args=["room"]), form())
    assert sent["Location"].startswith("/accounts/2fa/")
    assert Round.objects.get(pk=round_.pk).state == "frozen"


def test_the_page_says_which_lines_differ(client, round_, counters):
    ann, bob = counters
    enter_tally(round_, FOUND, counter=ann, photo=None)
    sign_in(client, bob, second_factor=False)
    client.post(reverse("round-room", args=["room"]), form(idea_2=13, voters=30))
    page = client.get(reverse("round-room", args=["room"])).content.decode()
    assert "The two counts differ" in page
    assert "how many people took part" in page
    assert "<li>A bench</li>" in page
    assert Round.objects.get(pk=round_.pk).state == "frozen"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"idea_1": 32}, "more votes than people"),
        ({"idea_1": ""}, "Fill this in"),
        ({"idea_1": "many"}, "whole number"),
        ({"voters": "0"}, "1 or more"),
        ({"how": "hands"}, "valid choice"),
    ],
)
def test_a_slip_of_the_finger_is_a_plain_page(client, round_, counters, changed, why):
    sign_in(client, counters[1], second_factor=False)
    answer = client.post(reverse("round-room", args=["room"]), form(**changed))
    assert answer.status_code == 200
    assert why in answer.content.decode()
    assert Tally.objects.count() == 0


def test_a_disguised_photo_is_refused_and_the_count_is_not_kept(client, round_, counters):
    sign_in(client, counters[1], second_factor=False)
    answer = client.post(
        reverse("round-room", args=["room"]), form(photo=upload(b"<script>alert(1)</script>"))
    )
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert Tally.objects.count() == 0


# Parsers --------------------------------------------------------------------------------------

CODES = st.text(min_size=1, max_size=8)
COUNTS = st.builds(
    lambda how, voters, votes: Counted(how, voters, votes),
    st.sampled_from(["slips", "tokens"]),
    st.integers(1, 10_000),
    st.dictionaries(CODES, st.integers(0, 10_000), max_size=6),
)


@given(COUNTS)
def test_a_count_is_read_as_it_was_written(counted):
    assert read_counted(counted.text()) == counted


@given(COUNTS, COUNTS)
def test_two_counts_differ_in_a_line_exactly_when_their_texts_do(one, other):
    assert bool(differences(one, other)) == (one.text() != other.text())


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_anything_else_is_no_count(text):
    with pytest.raises(ValueError, match=r"."):
        read_counted(text)


@given(COUNTS, st.data())
def test_published_totals_are_read_byte_for_byte(counted, data):
    costs = {code: data.draw(st.integers(1, 10**9)) for code in counted.votes}
    off = tuple(code for code in costs if data.draw(st.booleans()))
    written = Published("room", 5, costs, counted, "0" * 64, off)
    assert read_published(written.bytes()) == written


@settings(max_examples=200)
@given(st.binary() | COUNTS.map(lambda one: one.text().encode()))
def test_any_other_file_is_no_file_of_totals(content):
    with pytest.raises(ValueError, match=r"."):
        read_published(content)


@given(COUNTS, st.lists(CODES, unique=True, max_size=6))
def test_a_possible_count_is_about_the_ballot_and_within_the_room(counted, codes):
    possible = set(counted.votes) == set(codes) and all(
        number <= counted.voters for number in counted.votes.values()
    )
    try:
        refuse_impossible(counted, codes)
        assert possible
    except Refused:
        assert not possible
