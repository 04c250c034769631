"""The pages that join rooms: whole, empty and half-way, each a good page and each true."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from doorstep.apps.awards.actions import make_award, settle_round
from doorstep.apps.awards.actions.decisions import award_by_decision, record_decision
from doorstep.apps.awards.actions.payments import release_payment
from doorstep.apps.awards.models import Award
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.places.actions import record_need
from doorstep.apps.places.models import Place
from doorstep.apps.record.actions import keep_words, write_leaf
from doorstep.apps.rounds import freezing
from doorstep.apps.rounds.actions import count_round
from doorstep.apps.rounds.models import Counting, Round
from doorstep.apps.voting.models import Poll
from doorstep.engine.count import Rule
from doorstep.site.words import moment
from tests.apps.awards.scene import LATER, agreed, approved, ready, scene
from tests.apps.people.signing_in import sign_in
from tests.apps.rounds.live import live, live_draft
from tests.millbrook import (
    ACTOR,
    DAY,
    closed,
    drafted,
    frozen,
    give_example_budget,
    place_with_money,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return place_with_money()


def settled(place: Place, slug: str = "round-one", **more: object) -> Round:
    round_ = count_round(closed(place, slug, **more), actor=ACTOR)
    settle_round(round_, on=DAY, actor=ACTOR)
    return round_


@pytest.mark.parametrize("address", ["/", "/fund/", "/places/", "/record/"])
def test_a_fund_that_is_just_beginning_says_so(page, address):
    page.get(address)


def test_the_home_page_has_five_stops_and_follows_the_smallest_award(page, place):
    settled(place)
    home = page.get("/")
    assert len(home.all("li")) >= 5
    assert "Forgotten money reaches Millbrook East" in home.text
    assert "Follow one award of £500" in home.text
    assert home.text.count("Coming") == 1
    assert "No vote is open now." in home.text
    assert "Last time 12 people took part in" in home.text
    for distrusted in (home, page.get("/record/")):
        assert distrusted.links["Check everything yourself"] == "/verify/"


def open_for_voting(round_: Round) -> None:
    poll, _made = Poll.objects.get_or_create(round=round_)
    poll.state, poll.public_key, poll.padded_to = "open", b"k" * 65, 64
    poll.opening = write_leaf("voting.test", {})
    poll.save()


def test_an_open_vote_is_the_first_thing_at_home_and_at_its_place(page, place, monkeypatch):
    monkeypatch.setattr(freezing, "_checks", {})
    round_ = live(place)
    assert "Vote now" not in page.get("/places/millbrook-east/").links
    open_for_voting(round_)
    home = page.get("/")
    assert "Nothing has been decided here yet" in home.text
    assert home.links["Vote with your code"] == "/vote/"
    settled(place)
    home = page.get("/")
    assert "Millbrook East is voting until" in home.text
    assert home.links["Vote with your code"] == "/vote/"
    assert home.links["What first?"] == "/rounds/live/"
    here = page.get("/places/millbrook-east/")
    assert here.links["Vote now"] == "/rounds/live/"
    assert "voting is open" in here.text
    assert "decided" in here.text
    assert "See the latest decision" not in here.links
    assert here.links["What the bank’s statements say"] == "/places/millbrook-east/money/bank/"


def test_the_home_page_says_when_the_next_vote_begins(page, place, monkeypatch):
    monkeypatch.setattr(freezing, "_checks", {})
    round_ = live(place)
    settled(place)
    Poll.objects.get_or_create(round=round_)
    write_leaf("voting.test", {})
    home = page.get("/")
    assert "No vote is open now." in home.text
    assert f"Millbrook East votes from {moment(round_.terms.opens_at)}: What first?" in home.text
    assert home.links["What first?"] == "/rounds/live/"


def test_ideas_that_are_being_collected_are_the_first_thing_at_their_place(
    page, place, django_capture_on_commit_callbacks
):
    drafted(place)
    settled(place, "done")
    here = page.get("/places/millbrook-east/")
    assert here.links["See the latest decision"] == "/rounds/done/"
    assert "round-one" not in here.text
    with django_capture_on_commit_callbacks(execute=True):
        live_draft(place)  # no leaf says so, and yet the page that was kept goes
    here = page.get("/places/millbrook-east/")
    assert here.links["Propose an idea"] == "/rounds/live/propose/"
    assert "ideas are open" in here.text
    assert "See the latest decision" not in here.links


def test_a_places_page_costs_the_same_for_one_round_and_for_many(client, place, monkeypatch):
    monkeypatch.setattr(freezing, "_checks", {})
    counts = []
    for slug in ("one", "two"):
        settled(place, slug)
        live(place, f"live-{slug}", budget=1_000)
        live_draft(place, f"draft-{slug}")
        client.get(f"/places/millbrook-east/?warm={slug}")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/places/millbrook-east/?n={slug}")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_an_example_election_never_becomes_the_home_pages_story(page, place):
    give_example_budget(place, 300_000)
    settled(place, "example-one", is_example=True)
    assert "Follow one award" not in page.get("/").text


def test_a_drafted_round_is_nobodys_business_yet(page, place):
    drafted(place)
    page.get("/rounds/round-one/", status=404)
    page.get("/rounds/round-one/frozen.jsonl", status=404)
    assert "round-one" not in page.get("/places/millbrook-east/").text


def test_a_round_is_told_at_every_step(page, place):
    frozen(place)
    told = page.get("/rounds/round-one/")
    assert "£3,000 for Millbrook East, and 3 ideas to choose from" in told.text
    page.get("/rounds/round-one/ballots.pb", status=404)
    page.get("/rounds/round-one/result.json", status=404)


def test_the_result_says_what_each_idea_got_or_would_have_needed(page, place):
    settled(place)
    told = page.get("/rounds/round-one/").text
    assert "12 people voted on 3 ideas. Funded: 2 ideas, for £2,300 of £3,000." in told
    assert "9 people supported it. It costs £1,800" in told
    assert "3 people supported it. It costs £9,000, which is more than the whole pot" in told
    assert "equal share of the pot" in told


def test_a_tie_that_mattered_is_named(page, place):
    from tests.millbrook import ballots, close_round

    votes = [["bench"], ["kitchen"]]
    rule = Rule(name="greedy", utility="count")
    round_ = close_round(
        frozen(place, budget=200_000, rule=rule), ballots(votes, 200_000), actor=ACTOR
    )
    count_round(round_, actor=ACTOR)
    told = page.get("/rounds/round-one/").text
    assert "A bench, A new kitchen were exactly level. The lower cost decided: A bench." in told


def test_an_award_walks_back_to_idea_vote_decision_and_ledger(page, place):
    settled(place)
    award = page.get("/awards/round-one-1/")
    links = set(award.links.values()) | set(award.links)
    decision = Round.objects.get(slug="round-one").counted.idx
    assert any(f"/record/{decision}/" in link for link in links)
    for address in ("/rounds/round-one/", "/ledger/"):
        assert any(address in link for link in links), (address, links)


def test_an_award_of_another_decision_has_a_page_too(page, place):
    decision = write_leaf("meeting.decided", {"place": place.slug})
    make_award(
        "a-worker", place, title=keep_words("A paid worker"), pence=400_000, decision=decision,
        from_account="place:millbrook-east:available", on=DAY, actor=ACTOR,
    )  # fmt: skip
    assert "A paid worker" in page.get("/awards/a-worker/").text
    assert "A decision of the partnership" in page.get("/places/millbrook-east/").text


def test_what_a_meeting_decided_is_told_with_its_day_who_stayed_out_and_what_it_is_for(page):
    told = scene()
    decision = record_decision(
        told.place, "meeting.decided", title="Three years of trust", pence=1_200_000,
        decided_on=DAY, voted={"partnership_member": 8}, recused={"partnership_member": 1},
        actor=told.acting("secretary"),
    )  # fmt: skip
    award_by_decision(
        decision, "trust", title="Three years of trust", pence=1_200_000, kind="unrestricted",
        on=LATER, actor=told.acting("secretary"),
    )  # fmt: skip
    award = Award.objects.get()
    agreed(told, award, instalments=[(600_000, DAY), (600_000, LATER)])
    text = page.get(f"/awards/{award.slug}/").text
    assert "A meeting in Millbrook East decided on “Three years of trust”, up to £12,000." in text
    assert "8 people voted. 1 stayed out because of an interest. Decided on 1 June 2026." in text
    assert "Unrestricted: they do with it what they think is right." in text
    assert "Units, a cooker and a fridge for the hall." in text


def test_no_step_of_a_payment_is_told_before_the_one_it_needs(page):
    told = scene()
    with time_machine.travel("2026-07-20 10:00Z", tick=True):  # written down weeks after
        award, payment = ready(told)
        release_payment(approved(told, payment), on=LATER, actor=told.acting("clerk"))
        text = page.get(f"/awards/{award.slug}/").text
    assert "Asked for, 8 June 2026" in text
    assert "Approved, 8 June 2026" in text
    assert "Sent to the bank, 8 June 2026" in text


def test_more_awards_than_fit_on_a_page_are_paged(page, place):
    decision = write_leaf("meeting.decided", {"place": place.slug})
    for number in range(51):
        make_award(
            f"award-{number}", place, title=keep_words(f"Thing {number}"), pence=100,
            decision=decision, from_account="place:millbrook-east:available", on=DAY, actor=ACTOR,
        )  # fmt: skip
    assert "Thing 0" not in page.get("/places/millbrook-east/").text.split()
    assert "Thing 0" in page.get("/places/millbrook-east/?page=2").text
    page.get("/places/millbrook-east/?page=nonsense")


@pytest.fixture
def secretary(place, client):
    account = open_account("secretary@millbrook.example", actor=ACTOR)
    give_role(account, "partnership_member", place=place, since=DAY, actor=ACTOR)
    sign_in(client, account)
    return account


def test_closing_in_the_browser_counts_publishes_and_awards(page, place, secretary):
    closed(place)
    assert "Close and count" in page.get("/desk/").text
    page.get("/rounds/round-one/close/")
    result = page.post("/rounds/round-one/close/")
    assert "Funded: 2 ideas" in result.text
    assert Round.objects.get(slug="round-one").settled.kind == "round.settled"


def test_pressing_twice_does_no_harm(page, place, secretary):
    closed(place)
    page.post("/rounds/round-one/close/")
    assert "Funded: 2 ideas" in page.post("/rounds/round-one/close/").text


def test_pressing_while_it_is_counted_says_so_and_starts_no_second_count(page, place, secretary):
    round_ = closed(place)
    Counting.objects.create(round=round_, since=timezone.now())
    assert "being counted now" in page.post("/rounds/round-one/close/").text
    assert Round.objects.get(slug="round-one").state == "closed"
    assert "being counted now" in page.get("/rounds/round-one/close/").text


def test_the_home_page_stays_with_the_place_that_is_first_in_line(page, place):
    other = place_with_money(slug="millbrook-west")
    for which, value in ((place, 25_000), (other, 24_000)):
        record_need(
            which, "community_need", value, year=2024, boundary_year=2021, source="Made up",
            licence="CC0", actor=ACTOR,
        )  # fmt: skip
    settled(place, "first")
    settled(other, "later")
    assert "/awards/first-" in str(page.get("/").links)


def test_a_round_whose_vote_has_not_ended_cannot_be_closed(page, place, secretary):
    frozen(place)
    assert "nothing to count" in page.get("/rounds/round-one/close/").text
    page.post("/rounds/round-one/close/", status=409)
    assert Round.objects.get(slug="round-one").state == "frozen"


def test_a_member_of_another_place_cannot_close_it(page, place, secretary):
    other = place_with_money(slug="millbrook-west")
    closed(other)
    page.post("/rounds/round-one/close/", status=403)
    assert Round.objects.get(slug="round-one").state == "closed"


def test_an_entry_leads_to_its_award_its_round_and_its_place(page, place):
    settled(place)
    entry = Award.objects.get(slug="round-one-1").commitment.seq
    links = str(page.get(f"/ledger/{entry}/").links)
    for address in ("/awards/round-one-1/", "/rounds/round-one/", "/places/millbrook-east/"):
        assert address in links
