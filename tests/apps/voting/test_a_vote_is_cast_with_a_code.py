"""From the code in the hand to the sealed ballot in the box, through the pages that people see."""

import json
import re

import pytest
import time_machine
from django.db import OperationalError

from doorstep.apps.voting.actions import casting
from doorstep.apps.voting.models import Claim, Credential, Envelope
from doorstep.apps.voting.sealing import envelope_hash
from tests.apps.voting.polling import AFTER, BEFORE, DURING, running, withdrawn_project
from tests.pages import PageClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def during():
    with time_machine.travel(DURING, tick=True):
        yield


def enter(page: PageClient, code: str, status: int = 200):
    return page.post("/vote/", {"code": code}, status=status)


def choice_on(page_) -> str:
    return page_.inputs("/vote/ballot/").get("choice", "")


def fields_on(page_) -> dict[str, str]:
    """What every button of the ballot sends along: the choice, and as which version it was cast."""
    sent = page_.inputs("/vote/ballot/")
    return {name: sent[name] for name in ("choice", "version")}


def tap(page: PageClient, before, name: str, place: int):
    return page.post("/vote/ballot/", fields_on(before) | {name: str(place)})


def ballot_of(polling, code) -> list[dict]:
    envelopes = Envelope.objects.filter(credential=polling.credential(code)).order_by("version")
    return [json.loads(polling.opened(bytes(one.sealed))) for one in envelopes]


def test_each_tap_casts_the_whole_choice_and_says_so(page, during):
    polling = running()
    code = polling.codes[0]
    ballot = enter(page, code.printed)
    assert "Nothing is cast yet" in ballot.text
    first = tap(page, ballot, "add", 0)
    assert "Your vote counts: 1 idea, version 1." in first.text
    second = tap(page, first, "add", 2)
    assert "Your vote counts: 2 ideas, version 2." in second.text
    third = tap(page, second, "take", 0)
    assert "Your vote counts: 1 idea, version 3." in third.text
    assert [each["v"] for each in ballot_of(polling, code)] == [[0], [0, 2], [2]]
    assert len({each["t"] for each in ballot_of(polling, code)}) == 1


def test_a_double_tap_gives_the_same_choice(page, during):
    polling = running()
    ballot = enter(page, polling.codes[0].printed)
    tap(page, ballot, "add", 1)
    again = tap(page, ballot, "add", 1)
    assert "1 idea, version 2" in again.text
    assert [each["v"] for each in ballot_of(polling, polling.codes[0])] == [[1], [1]]


def test_below_the_minimum_nothing_is_cast(page, during):
    polling = running(minimum_choices=2)
    ballot = enter(page, polling.codes[0].printed)
    one = tap(page, ballot, "add", 0)
    assert "Not cast yet: choose 1 more." in one.text
    assert not Envelope.objects.exists()
    two = tap(page, one, "add", 1)
    assert "Your vote counts: 2 ideas, version 1." in two.text
    back = tap(page, two, "take", 1)
    assert "Until then version 1 counts, as it was." in back.text
    assert Envelope.objects.count() == 1


def test_above_the_maximum_is_said_kindly_and_costs_nothing(page, during):
    polling = running(maximum_choices=2, encouraged_choices=2)
    ballot = tap(page, enter(page, polling.codes[0].printed), "add", 0)
    ballot = tap(page, ballot, "add", 1)
    over = tap(page, ballot, "add", 2)
    assert "at most 2 ideas" in over.text
    assert choice_on(over) == "0,1"
    assert Envelope.objects.count() == 2


@pytest.mark.parametrize("sent", [{"language": "en-gb"}, {"add": "2"}, {}])
def test_an_older_page_never_says_that_its_choice_is_what_counts(page, during, sent):
    """The Back button brings it up; what it sends without casting comes back as not cast."""
    polling = running(maximum_choices=2, encouraged_choices=2)
    one = tap(page, enter(page, polling.codes[0].printed), "add", 0)
    older = tap(page, one, "add", 1)
    tap(page, older, "take", 0)
    shown = page.post("/vote/ballot/", fields_on(older) | sent)
    assert "Your vote counts" not in shown.text
    assert "What this page shows is not what you cast last. Version 3 counts" in shown.text
    again = tap(page, shown, "take", 1)
    assert "Your vote counts: 1 idea, version 4." in again.text
    assert [each["v"] for each in ballot_of(polling, polling.codes[0])][-1] == [0]


def test_a_tap_that_the_database_cannot_take_is_said_and_costs_nothing(page, during, monkeypatch):
    polling = running()
    one = tap(page, enter(page, polling.codes[0].printed), "add", 0)

    def locked(*_given):
        raise OperationalError("database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(casting, "_keep", locked)
        busy = page.post("/vote/ballot/", fields_on(one) | {"add": "1"}, status=503)
    assert busy.response.headers["Retry-After"] == "5"
    assert "this tap was not kept" in busy.text
    assert "Your vote counts: 1 idea, version 1." in busy.text
    assert "2 ideas, version 2" in tap(page, busy, "add", 1).text


def test_an_idea_withdrawn_while_voting_is_open_leaves_the_rest(page, during):
    polling = running()
    ballot = tap(page, enter(page, polling.codes[0].printed), "add", 0)
    ballot = tap(page, ballot, "add", 1)
    withdrawn_project(polling, "bench")
    after = tap(page, ballot, "add", 2)
    said = "Withdrawn. It cannot be chosen any more. The reason given: The land was sold."
    assert said in after.text
    assert ballot_of(polling, polling.codes[0])[-1]["v"] == [0, 2]


def test_a_later_visit_starts_blank_and_says_what_counts(page, during):
    polling = running()
    tap(page, enter(page, polling.codes[0].printed), "add", 0)
    page.client.cookies.clear()
    again = enter(page, polling.codes[0].printed)
    assert "This code has voted: version 1 counts." in again.text
    assert choice_on(again) == ""
    assert "In your vote" not in again.text


def test_every_envelope_has_one_length_and_tells_nothing(page, during):
    polling = running()
    ballot = enter(page, polling.codes[0].printed)
    tap(page, tap(page, ballot, "add", 0), "add", 1)
    sealed = [bytes(one.sealed) for one in Envelope.objects.all()]
    assert {len(each) for each in sealed} == {256 + 81}
    assert [bytes(e.env_hash) for e in Envelope.objects.all()] == [envelope_hash(s) for s in sealed]


def test_the_order_is_the_voters_own_and_stays(page, during):
    ideas = [(f"idea-{n}", f"Idea number {n}", 10_000 + n) for n in range(9)]
    polling = running(ideas=ideas, cards=3)
    seen = []
    for code in polling.codes:
        page.client.cookies.clear()
        ballot = enter(page, code.printed)
        order = re.findall(r'<li id="i(\d+)"', ballot.html)
        assert re.findall(r'<li id="i(\d+)"', tap(page, ballot, "add", 4).html) == order
        seen.append(tuple(order))
    assert len(set(seen)) == 3


def test_points_are_shared_with_plus_and_minus(page, during):
    polling = running(vote_type="cumulative", points=3)
    ballot = enter(page, polling.codes[0].printed)
    for place in (0, 0, 2):
        ballot = tap(page, ballot, "more", place)
    assert "0 points left" in ballot.text
    over = tap(page, ballot, "more", 1)
    assert "all of them are given" in over.text
    ballot = tap(page, over, "less", 0)
    assert ballot_of(polling, polling.codes[0])[-1]["v"] == [[0, 1], [2, 1]]


def test_a_ranking_is_tapped_and_moved(page, during):
    polling = running(vote_type="ordinal")
    ballot = enter(page, polling.codes[0].printed)
    for place in (2, 0, 1):
        ballot = tap(page, ballot, "add", place)
    ballot = tap(page, ballot, "up", 1)
    ballot = tap(page, ballot, "down", 2)
    assert ballot_of(polling, polling.codes[0])[-1]["v"] == [1, 2, 0]


def test_the_qr_address_is_left_at_once_and_shown_nowhere(client, page, during):
    polling = running()
    code = polling.codes[0].printed
    answer = client.get(f"/v/{code}")
    assert (answer.status_code, answer["Location"]) == (303, "/vote/ballot/")
    assert answer["Referrer-Policy"] == "no-referrer"
    wrong = client.get("/v/4NH9-442Q-8GMB-YC5R")
    assert (wrong.status_code, wrong["Location"]) == (303, "/vote/")
    assert polling.codes[0].secret not in client.get("/vote/ballot/").content.decode()


def test_the_receipt_shows_tracker_version_and_mark(page, during):
    polling = running()
    tap(page, enter(page, polling.codes[0].printed), "add", 0)
    receipt = page.get("/vote/receipt/")
    told = ballot_of(polling, polling.codes[0])[0]["t"]
    assert told in receipt.text
    assert Envelope.objects.get().env_hash.hex() in receipt.text


def test_i_am_done_forgets_the_phone(page, during):
    polling = running()
    tap(page, enter(page, polling.codes[0].printed), "add", 0)
    left = page.post("/vote/leave/")
    assert "forgotten you" in left.text
    assert page.client.get("/vote/ballot/").status_code == 303


def test_another_language_keeps_the_choice_and_casts_nothing(page, during):
    polling = running()
    ballot = tap(page, enter(page, polling.codes[0].printed), "add", 2)
    welsh = page.post("/vote/ballot/", fields_on(ballot) | {"language": "cy"})
    assert choice_on(welsh) == "2"
    assert "fersiwn 1" in welsh.text
    assert welsh.all("html")[0].get("lang") == "cy"
    assert Envelope.objects.count() == 1


@pytest.mark.parametrize(
    ("moment", "said"),
    [(BEFORE, "Voting has not begun"), (AFTER, "Voting has ended")],
)
def test_before_opening_and_after_the_end_a_good_code_says_when(page, moment, said):
    polling = running()
    with time_machine.travel(moment, tick=True):
        assert said in enter(page, polling.codes[0].printed, status=409).text
    assert Credential.objects.get(selector=polling.codes[0].selector).tries_left == 5


def test_a_ballot_open_at_the_end_is_not_cast_after_it(page):
    polling = running()
    with time_machine.travel(DURING.replace(day=1, month=12, hour=19, minute=50), tick=False):
        ballot = tap(page, enter(page, polling.codes[0].printed), "add", 0)
    with time_machine.travel(DURING.replace(day=1, month=12, hour=20, minute=1), tick=False):
        late = page.post("/vote/ballot/", {"choice": choice_on(ballot), "add": "1"}, status=409)
    assert "Voting has ended" in late.text
    assert Envelope.objects.count() == Claim.objects.count() == 1
