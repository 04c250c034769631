"""A round's page in every state, and where my share went: true, private, and never a dead end."""

import re
from datetime import timedelta
from fractions import Fraction

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from doorstep.apps.awards.actions import settle_round
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.rounds import freezing
from doorstep.apps.rounds.actions import (
    cancel_round,
    close_room,
    close_round,
    count_round,
    decide_without_vote,
    enter_tally,
)
from doorstep.apps.rounds.ballots import published
from doorstep.apps.rounds.looking import as_typed, look_up, looks_at
from doorstep.apps.rounds.models import Looks, Round
from doorstep.apps.rounds.totals import Counted
from doorstep.apps.voting.models import Poll
from doorstep.engine.count import Project, Rule, count, election_of, read_pabulib
from doorstep.engine.count.giving import gathered, givers
from doorstep.site.pages.results import ways_on
from doorstep.site.pages.turnout import kept_back, least_shown
from tests.apps.rounds.live import (
    account,
    asking,
    live,
    live_draft,
    live_room,
    photo,
    today,
)
from tests.millbrook import ACTOR, DAY, ballots, closed, frozen, place_with_money

LEAST = 10


@pytest.fixture
def place(db, monkeypatch):
    """Codes and trustees are other rooms' and have their own tests: these freezes go without."""
    monkeypatch.setattr(freezing, "_checks", {})
    return place_with_money()


def settled(round_: Round) -> Round:
    settle_round(count_round(round_, actor=ACTOR), on=DAY, actor=ACTOR)
    return round_


# --- small numbers --------------------------------------------------------------------------


@given(st.lists(st.integers(0, 30), min_size=2, max_size=5))
def test_no_small_number_can_be_worked_out_from_what_is_shown(people):
    """Try every table that a reader could have meant: each small number must stay open."""
    numbers = {str(place): n for place, n in enumerate(people)}
    hidden = kept_back(numbers, LEAST)
    small = [name for name in numbers if 0 < numbers[name] < LEAST]
    assert all(hidden[name] for name in small)
    if not any(n >= LEAST for n in people) and len(small) < 2:
        return  # nothing to hide it behind: the sum alone says it
    masked = [name for name in numbers if hidden[name]]
    total = sum(numbers[name] for name in masked)

    def fits(left: int, names: list[str]) -> bool:
        low = sum(1 if numbers[n] < LEAST else LEAST for n in names)
        high = sum(LEAST - 1 if numbers[n] < LEAST else total for n in names)
        return low <= left <= high

    for name in small:
        others = [other for other in masked if other != name]
        possible = [n for n in range(1, LEAST) if fits(total - n, others)]
        if all(hidden[n] or not numbers[n] for n in numbers):
            continue  # all is hidden already
        assert len(possible) > 1, (numbers, hidden)


# --- the page before the count ----------------------------------------------------------------


def test_a_draft_shows_itself_once_ideas_are_open(page, place):
    later = {
        "ideas_from": today() + timedelta(days=1),
        "ideas_until": today() + timedelta(days=2),
        "checked_by": today() + timedelta(days=3),
        "opens_at": asking().opens_at + timedelta(days=9),
        "closes_at": asking().closes_at + timedelta(days=20),
    }
    round_ = live_draft(place, terms=asking(**later))
    page.get("/rounds/live/", status=404)
    with time_machine.travel(asking().opens_at):
        opened = page.get("/rounds/live/")
    assert "Ideas are being collected until" in opened.text
    assert opened.links["Propose an idea"] == f"/rounds/{round_.slug}/propose/"
    with time_machine.travel(asking().opens_at + timedelta(days=2)):
        assert "No more ideas are taken" in page.get("/rounds/live/").text


def test_a_frozen_round_says_when_to_vote_and_an_open_one_how(page, place):
    round_ = live(place)
    waiting = page.get("/rounds/live/")
    assert "Voting opens on" in waiting.text
    assert "lives here" in waiting.text
    Poll.objects.get_or_create(round=round_)
    poll = Poll.objects.filter(round=round_)
    poll.update(
        state="open", public_key=b"k" * 65, padded_to=64, opening=write_leaf("voting.test", {})
    )
    voting = page.get("/rounds/live/")
    assert "Voting is open until" in voting.text
    assert voting.links["Vote now"] == "/vote/"
    assert voting.links["How many codes are out, and used"] == "/rounds/live/voting/"
    poll.update(state="ended", ending=write_leaf("voting.over", {}))
    over = page.get("/rounds/live/")
    assert "Voting is over" in over.text
    assert "Vote now" not in over.links
    assert over.links["How many codes are out, and used"] == "/rounds/live/voting/"


def test_a_vote_in_one_room_says_to_come(page, place):
    live_room(place)
    assert "Come to the meeting" in page.get("/rounds/room/").text


def test_a_round_called_off_says_why(page, place):
    cancel_round(live(place), reason="The hall flooded.", on=today(), actor=ACTOR)
    told = page.get("/rounds/live/").text
    assert "The hall flooded." in told
    assert "money is back with the place" in told


# --- the result -------------------------------------------------------------------------------


def test_the_result_shows_where_the_money_went_and_who_took_part(page, place):
    settled(closed(place))
    told = page.get("/rounds/round-one/")
    rows = {row[1]: row[2] for row in told.table(0)[1:]}
    assert rows["A new kitchen"] == "£1,800"
    assert "Left of the pot: £700." in told.text
    assert "Every round in numbers" in told.text
    assert "This is why each of them was not funded this time." in told.text
    assert "12 people voted. 7,240 people of every age lived in Millbrook East in 2024" in told.text
    assert "0.1 in every hundred" in told.text
    assert "Publicly recountable" in told.text
    assert "Of these ballots, 0 in every hundred are like no other" in told.text


def test_the_result_shows_whose_shares_paid_for_what(page, place):
    """Every pound of every share, and no group so small that somebody could be picked out."""
    round_ = settled(closed(place))
    shown = page.get(f"/rounds/{round_.slug}/")
    outcome = count(read_pabulib(round_.box.pabulib), Rule.from_dict(round_.rule))
    groups = gathered(givers(read_pabulib(round_.box.pabulib), outcome), least_shown())
    assert ("Whose shares paid for what" in shown.text) == bool(groups)
    for one in groups:
        assert one.people >= least_shown()
        assert f"{one.people:,}" in shown.text


def test_small_groups_of_givers_are_put_together():
    projects = [Project(one, one, Fraction(2)) for one in "abc"]
    votes = [["a"]] * 12 + [["a", "b"]] * 2 + [["c"], []]
    election = election_of(name="x.pb", projects=projects, votes=votes, budget=16)
    groups = givers(election, count(election, Rule(completion="none")))
    for least in range(1, 17):
        found = gathered(groups, least)
        assert all(one.people >= least for one in found)
        assert sum(one.people for one in found) == 16
        assert sum(one.kept for one in found) == sum(one.kept for one in groups)
    assert gathered(groups, 17) == []


def test_every_idea_not_funded_has_a_way_on(place):
    round_ = frozen(place)
    quick = 50_000
    for code in ("supporters_lacked_money", "dearer_than_pot", "no_support", "withdrawn"):
        for cost in (quick, quick + 1):
            steps = [step.code for step in ways_on(code, cost, round_, quick_pence=quick)]
            assert steps[0] == "next_round"
            assert ("quick_grant" in steps) == (cost <= quick and code != "withdrawn")
            assert steps[-1] == "ask"


def test_when_everything_fits_the_page_says_that_nobody_voted(page, place):
    drafted = live_draft(place, "all")
    drafted.projects.exclude(code="bench").delete()
    decide_without_vote(drafted, on=today(), actor=ACTOR)
    settle_round(Round.objects.get(slug="all"), on=DAY, actor=ACTOR)
    told = page.get("/rounds/all/")
    assert "no vote was needed" in told.text
    assert "A bench" in told.text
    assert "Who took part" not in told.text
    assert "no vote was held" in page.get("/rounds/all/share/").text


def test_totals_of_one_room_have_a_verdict_of_their_own(page, place):
    room = live_room(place)
    found = Counted("slips", 9, {"kitchen": 5, "bench": 4, "bus": 3})
    enter_tally(room, found, counter=account("ann"), photo=photo("red"))
    enter_tally(room, found, counter=account("bob"), photo=None)
    close_room(room, actor=ACTOR)
    settled(Round.objects.get(slug="room"))
    told = page.get("/rounds/room/")
    assert "Counted in one room by two people, and signed; not publicly recountable" in told.text
    assert "See where your share went" not in told.links
    page.get("/rounds/room/ballots.pb", status=404)
    assert "cannot be looked up" in page.get("/rounds/room/share/").heading


def test_of_aggregate_ballots_nothing_can_be_looked_up(page, place):
    round_ = live(place, terms=asking(publication="aggregate"))
    close_round(round_, ballots(), actor=ACTOR)
    settled(Round.objects.get(slug="live"))
    told = page.get("/rounds/live/")
    assert "not publicly recountable, because only totals are published" in told.text
    assert "Not counted again yet" in told.text
    assert "doorstep count" not in told.text
    page.get("/rounds/live/ballots.pb", status=404)
    asked = page.get("/rounds/live/share/")
    assert "only totals are published" in asked.text
    assert not [form for form in asked.all("form") if "share" in form.get("action", "")]


def test_the_number_of_statements_does_not_grow_with_the_ideas(client, place):
    counts = []
    for number, slug in enumerate(("one", "two")):
        settled(closed(place, slug))
        client.get(f"/rounds/{slug}/?warm")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/rounds/{slug}/?n={number}")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


# --- where my share went ------------------------------------------------------------------------


def test_a_voter_sees_the_ballot_and_pence_that_add_up(page, place):
    settled(closed(place))
    answer = page.post("/rounds/round-one/share/", {"tracker": " 9 "})
    assert "This is what was counted for you" in answer.text
    assert "A new kitchen" in answer.text
    paid = [row[1] for row in answer.table(1)[1:]]
    total = re.search(r"Paid together £([\d.,]+)", answer.text)
    assert total
    pence = [round(float(one.strip("£").replace(",", "")) * 100) for one in paid if "£" in one]
    assert sum(pence) == round(float(total[1].replace(",", "")) * 100)


def test_the_tracker_stands_in_no_address_and_the_answer_is_kept_by_nobody(client, place):
    settled(closed(place))
    answer = client.post("/rounds/round-one/share/", {"tracker": "1"})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    form = re.search(r'<form method="post" action="([^"]*)" novalidate>', answer.content.decode())
    assert form
    assert form[1] == "/rounds/round-one/share/"
    by_address = client.get("/rounds/round-one/share/?tracker=1")
    assert b"This is what was counted" not in by_address.content


def test_an_unknown_tracker_is_told_what_to_check_and_counts_as_no_look(page, place):
    round_ = settled(closed(place))
    for typed in ("otter-lamp-river-quilt-42", "13", "0", "x" * 199, "'; --"):
        answer = page.post("/rounds/round-one/share/", {"tracker": typed})
        assert "No ballot of this round has this tracker" in answer.text, typed
    assert "Type the tracker" in page.post("/rounds/round-one/share/", {"tracker": ""}).text
    assert page.post("/rounds/round-one/share/", {"tracker": "x" * 201}).status == 200
    assert looks_at(round_) == 0


def test_looks_are_a_number_and_nothing_else(page, place):
    round_ = settled(closed(place))
    for _again in range(3):
        page.post("/rounds/round-one/share/", {"tracker": "9"})
    assert looks_at(round_) == 3
    assert "found here 3 times" in page.get("/rounds/round-one/share/").text
    assert {field.name for field in Looks._meta.get_fields()} == {"round", "times"}


def test_a_tracker_is_found_however_it_is_typed(place):
    round_ = frozen(place)
    file = published(read_pabulib(ballots()), round_)
    file = file.replace(b"\n1;", b"\notter-lamp-river-quilt-42;")
    close_round(round_, file, actor=ACTOR, with_trackers=True)
    settled(Round.objects.get(slug="round-one"))
    round_ = Round.objects.get(slug="round-one")
    for typed in (
        "Otter lamp, river quilt 42",
        "otter-lamp-river-quilt-42",
        "OTTER-lamp river quilt42",
    ):
        assert look_up(round_, typed).ballot is not None, typed


@given(st.text(max_size=300))
def test_anything_typed_becomes_a_tracker_or_nothing(text):
    written = as_typed(text)
    assert as_typed(written) == written or len(written) > 190
    assert not set(written) & set(" ;,\n\"'")


def test_under_a_greedy_rule_the_voter_sees_which_choices_were_funded(page, place):
    rule = Rule(name="greedy", utility="count")
    settled(closed(place, rule=rule))
    answer = page.post("/rounds/round-one/share/", {"tracker": "9"})
    assert "voters had no shares of their own" in answer.text
    assert "Your share" not in answer.text


def test_the_pages_stand_in_welsh_too(page, client, place):
    settled(closed(place))
    client.cookies["doorstep-language"] = "cy"
    assert "Beth a brynodd pob rownd" in page.get("/rounds/round-one/").text
    told = page.post("/rounds/round-one/share/", {"tracker": "9"})
    assert "Dyma a gyfrifwyd ar eich rhan" in told.text


# --- on paper -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["poster-a4", "poster-a3", "leaflet"])
@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_round_is_printed_before_and_after_its_vote(client, place, kind, language):
    settled(closed(place))
    live(place)
    for slug in ("round-one", "live"):
        printed = client.get(f"/rounds/{slug}/{kind}-{language}.pdf")
        assert printed.status_code == 200
        assert printed.content.startswith(b"%PDF")
    assert client.get("/rounds/round-one/poster-a5-en.pdf").status_code == 404
    assert client.get("/rounds/round-one/poster-a4-fr.pdf").status_code == 404
