"""Drafting, freezing and calling off in the browser: by the partnership of the place, and no one
else."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from doorstep.apps.people.actions import give_role
from doorstep.apps.promises.actions import add_holiday
from doorstep.apps.record.actors import Actor
from doorstep.apps.rounds import defaults, freezing
from doorstep.apps.rounds.forms import MOST_POUNDS, read_pounds
from doorstep.apps.rounds.models import Round, Terms
from tests.apps.people.signing_in import sign_in
from tests.apps.rounds.live import account, live, live_draft, live_room, today
from tests.desks import desk_of, titles_on_desk_of
from tests.millbrook import ACTOR, place_with_money

NEW = {"title": "What first?", "pot": "1,500", "size": "street", "expected_voters": "250"}


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    for name in ("_checks", "_cancel_checks", "_parts", "_fills"):
        monkeypatch.setattr(freezing, name, type(getattr(freezing, name))())


@pytest.fixture
def place(db):
    return place_with_money()


def somebody(kind: str, place, name: str = "ann"):
    one = account(name)
    give_role(one, kind, place=place, since=today(), actor=ACTOR)
    return one


@pytest.fixture
def member(client, place):
    one = somebody("partnership_member", place)
    sign_in(client, one)
    return one


def draft(client, place, **changed) -> Round:
    client.post(reverse("round-new", args=[place.slug]), NEW | changed)
    return Round.objects.latest("pk")


def everything(round_: Round, client) -> dict[str, object]:
    """What the edit page would send as it stands."""
    answer = client.get(reverse("round-edit", args=[round_.slug]))
    form = answer.context["form"]
    sent = {}
    for bound in form:
        value = bound.value()
        shown = value if isinstance(value, list) else bound.field.widget.format_value(value)
        if isinstance(shown, list) and not isinstance(value, list):
            shown = shown[0] if shown else ""
        sent[bound.name] = "" if shown is None else shown
    return sent


def test_four_answers_make_a_draft_with_everything_filled_in(client, place, member):
    round_ = draft(client, place)
    assert round_.slug == f"millbrook-east-{today().year}"
    assert (round_.budget_pence, round_.rule["name"]) == (150_000, "equal-shares")
    terms = round_.terms
    assert (terms.minimum_age, terms.grounds, terms.secrecy) == (11, ["lives"], "trustees")
    assert terms.publication == "aggregate"  # Equal Shares with 250 voters
    assert draft(client, place, expected_voters="300", title="More").terms.publication == "whole"


def test_sent_twice_it_is_one_draft_and_another_gets_another_id(client, place, member):
    first = draft(client, place)
    assert draft(client, place) == first
    assert draft(client, place, title="And then?").slug == f"{first.slug}-2"


def test_one_room_decides_the_rest_by_itself(client, place, member):
    round_ = draft(client, place, size="room")
    terms = round_.terms
    assert round_.rule["name"] == "greedy"
    assert (terms.publication, terms.secrecy) == ("aggregate", "room")
    assert timezone.localtime(terms.opens_at).date() == timezone.localtime(terms.closes_at).date()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"pot": "lots"}, "Write an amount in pounds"),
        ({"pot": "-5"}, "Write an amount in pounds"),
        ({"pot": "1e9"}, "Write an amount in pounds"),
        ({"title": " "}, "Fill this in"),
        ({"title": "a\x00b"}, "Null characters"),
        ({"size": "room", "pot": "2000.01"}, "for pots up to £2,000"),
        ({"size": "planet"}, "valid choice"),
        ({"expected_voters": "0"}, "1 or more"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_box(client, place, member, changed, why):
    answer = client.post(reverse("round-new", args=[place.slug]), NEW | changed)
    assert answer.status_code == 200
    assert why in answer.content.decode()
    assert not Round.objects.exists()


def test_a_draft_saves_as_it_was_shown_and_changes_what_was_changed(client, place, member):
    round_ = draft(client, place)
    before = Terms.objects.values().get(pk=round_.pk)
    sent = everything(round_, client)
    address = reverse("round-edit", args=[round_.slug])
    assert client.post(address, sent).status_code == 302
    assert Terms.objects.values().get(pk=round_.pk) == before
    more = {
        "vote_type": "cumulative", "points": "10", "count_rule": "greedy", "pot": "999.50",
        "secrecy": "house", "secrecy_reason": "There are only five of us.",
        "languages": ["en", "cy"], "grounds": ["lives", "works"],
    }  # fmt: skip
    assert client.post(address, sent | more).status_code == 302
    round_ = Round.objects.get(pk=round_.pk)
    assert (round_.budget_pence, round_.rule["utility"]) == (99_950, "score")
    assert round_.terms.secrecy_reason.text == "There are only five of us."
    assert round_.terms.languages == ["en", "cy"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"closes_on": "2020-01-01"}, "must end after it opens"),
        ({"ideas_until": "yesterday"}, "Enter a valid date"),
        ({"opens_time": "25:00"}, "Enter a valid time"),
        ({"vote_type": "cumulative"}, "how many points"),
        ({"secrecy": "house"}, "Say in public why"),
        ({"secrecy": ""}, "opens the box"),
        ({"grounds": []}, "Fill this in"),
        ({"maximum_choices": "2"}, "no maximum"),
        ({"size": "room", "pot": "2,001"}, "up to £2,000"),
    ],
)
def test_a_draft_that_does_not_fit_is_not_saved(client, place, member, changed, why):
    round_ = draft(client, place)
    answer = client.post(
        reverse("round-edit", args=[round_.slug]), everything(round_, client) | changed
    )
    assert answer.status_code == 200
    assert why in answer.content.decode()
    assert Round.objects.get(pk=round_.pk).budget_pence == 150_000


def test_days_say_how_they_were_worked_out(client, place, member):
    round_ = draft(client, place)
    text = client.get(reverse("round-edit", args=[round_.slug])).content.decode()
    assert "20 working days" in text
    assert "63%" in text
    assert "section 2.4" in text


def test_bank_holidays_are_named(db):
    suggested = defaults.suggested("street", date(2026, 12, 7), "x", 10)
    assert suggested.asking.ideas_until == date(2027, 1, 7)
    assert "skipping 25" in suggested.worked_out["ideas_until"]


def test_a_holiday_that_is_added_moves_every_day_after_it(db):
    before = defaults.suggested("street", date(2026, 12, 7), "x", 10).asking
    add_holiday(date(2026, 12, 15), "A jubilee", actor=Actor("council_officer", 1))
    after = defaults.suggested("street", date(2026, 12, 7), "x", 10)
    assert (before.ideas_until, after.asking.ideas_until) == (date(2027, 1, 7), date(2027, 1, 8))
    assert after.asking.checked_by > before.checked_by
    assert "skipping 15, 25" in after.worked_out["ideas_until"]


def test_a_draft_is_deleted_after_being_asked(client, place, member):
    round_ = draft(client, place)
    address = reverse("round-delete", args=[round_.slug])
    assert client.get(address).status_code == 200
    assert Round.objects.exists()
    assert client.post(address)["Location"] == "/places/millbrook-east/rounds/"
    assert not Round.objects.exists()
    assert client.post(address).status_code == 404


def test_the_freeze_page_lists_what_is_missing_with_links(client, place, member):
    freezing.before_freeze(lambda _one: [freezing.Missing("No trustees yet.", "/somewhere/")])
    round_ = draft(client, place)
    address = reverse("round-freeze", args=[round_.slug])
    text = client.get(address).content.decode()
    for said in ("no idea on the ballot", "propose ideas until", "No trustees yet"):
        assert said in text
    assert f'href="/rounds/{round_.slug}/edit/"' in text
    assert 'href="/somewhere/"' in text
    assert "Freeze it</button>" not in text
    refused = client.post(address, {"do": "freeze"})
    assert refused.status_code in (400, 409, 422)
    assert "No trustees yet" in refused.content.decode()
    assert Round.objects.get(pk=round_.pk).state == "draft"


def test_a_ready_draft_is_frozen_once_however_often_it_is_sent(client, place, member):
    round_ = live_draft(place)
    address = reverse("round-freeze", args=["live"])
    assert "Nothing is missing" in client.get(address).content.decode()
    assert client.post(address, {"do": "freeze"})["Location"] == "/rounds/live/"
    assert client.post(address, {"do": "freeze"})["Location"] == "/rounds/live/"
    assert Round.objects.get(pk=round_.pk).state == "frozen"
    assert client.get(reverse("round-edit", args=["live"]))["Location"] == "/rounds/live/"


def test_where_everything_fits_one_button_funds_it_all(client, place, member):
    rich = place_with_money(2_000_000, "millbrook-west")
    give_role(member, "partnership_member", place=rich, since=today(), actor=ACTOR)
    live_draft(rich, "all", budget=1_200_000)
    address = reverse("round-freeze", args=["all"])
    text = client.get(address).content.decode()
    assert "No vote is needed" in text
    assert "3 ideas can be done, for £11,300 together" in text
    assert client.post(address, {"do": "fund-all"})["Location"] == "/rounds/all/"
    round_ = Round.objects.get(slug="all")
    assert (round_.state, round_.without_vote) == ("settled", True)
    assert client.get("/rounds/all/").status_code == 200


def test_calling_off_and_taking_off_ask_for_a_reason(client, place, member):
    live(place)
    off, cancel = reverse("round-withdraw", args=["live"]), reverse("round-cancel", args=["live"])
    assert "Fill this in" in client.post(off, {"project": "bus"}).content.decode()
    assert client.post(off, {"project": "bus", "reason": "No route."})["Location"] == (
        "/rounds/live/"
    )
    assert client.post(off, {"project": "bus", "reason": "No route."}).status_code == 302
    assert "No route." in client.get("/rounds/live/").content.decode()
    assert "Fill this in" in client.post(cancel, {"reason": ""}).content.decode()
    assert client.post(cancel, {"reason": "Rain."})["Location"] == "/rounds/live/"
    assert client.post(cancel, {"reason": "Rain."}).status_code == 302
    assert Round.objects.get(slug="live").state == "cancelled"


def test_the_list_has_two_words_for_each_state(client, place, member):
    address = reverse("place-rounds", args=[place.slug])
    assert "No round has been drafted yet" in client.get(address).content.decode()
    live_draft(place, "a-draft")
    live_room(place)
    text = client.get(address).content.decode()
    assert "Draft</strong>" in text
    assert "ideas are open" in text
    assert "the vote is in one room" in text
    assert reverse("round-room", args=["room"]) in text


def test_the_desk_says_what_is_due(client, place, member):
    live_draft(place, "a-draft")
    live_room(place)
    titles = titles_on_desk_of(member)
    assert "Freeze “What first?”" in titles
    assert "Enter what was counted in “What first?”" in titles


def test_the_desk_leads_to_the_lists_of_each_place_though_nothing_waits(client, place):
    def ways(kind: str) -> list[str]:
        return [way.title for way in desk_of(somebody(kind, place, kind)).ways]

    pack, papers = "Assurance pack of Millbrook East", "Passports of groups"
    assert ways("partnership_member") == [
        pack, "Everything that is owed by you", "Messages that wait", papers,
        "Payments of Millbrook East", "Rounds of Millbrook East", "The share of Millbrook East",
    ]  # fmt: skip
    assert ways("worker") == [
        pack, "Everything that is owed by you", "Letters of Millbrook East", "Messages that wait",
        papers, "Payments of Millbrook East", "Rounds of Millbrook East",
    ]  # fmt: skip
    assert ways("finance_officer") == [
        pack, "Bank accounts and statements", "Everything that is owed by you",
        "Messages that wait", papers, "Payments of Millbrook East", "The share of Millbrook East",
        "Who signed in, and what was refused",
    ]  # fmt: skip
    assert ways("resident") == ["Everything that is owed by you", papers]
    finance = somebody("finance_officer", place, "fay")
    sign_in(client, finance)
    text = client.get("/desk/").content.decode()
    for way in desk_of(finance).ways:
        assert way.url in text
        assert client.get(way.url).status_code == 200


def test_a_drafts_pages_lead_to_all_that_can_be_done_to_it(client, place, member):
    live_draft(place, "a-draft")
    for name in ("round-edit", "round-freeze"):
        text = client.get(reverse(name, args=["a-draft"])).content.decode()
        for page in ("ideas:list", "ideas:type-in", "voting:codes", "voting:trustees"):
            assert reverse(page, args=["a-draft"]) in text, (name, page)


def test_the_list_leads_to_what_fits_where_a_round_stands(client, place, member):
    live(place, "street")
    live_room(place)
    text = client.get(reverse("place-rounds", args=[place.slug])).content.decode()
    for page in ("ideas:list", "voting:codes", "voting:desk", "voting:papers", "voting:trustees",
                 "round-withdraw", "round-cancel"):  # fmt: skip
        assert reverse(page, args=["street"]) in text, page
    assert reverse("round-room", args=["room"]) in text
    for page in ("voting:give-paper", "voting:box", "voting:recount", "round-close"):
        assert reverse(page, args=["street"]) not in text, page
    assert reverse("voting:codes", args=["room"]) not in text


def test_nobody_is_led_to_a_page_that_refuses_them(client, place):
    sign_in(client, somebody("worker", place, "wyn"))
    live_draft(place, "a-draft")
    live(place, "street")
    listed = client.get(reverse("place-rounds", args=[place.slug]))
    pages = [page for _round, _word, pages in listed.context["rounds"] for page in pages]
    assert len(pages) > 5
    assert [page.url for page in pages if client.get(page.url).status_code != 200] == []


def test_the_list_costs_the_same_for_one_round_and_for_many(client, place, member):
    live(place, "first")
    address = reverse("place-rounds", args=[place.slug])
    client.get(address)  # what is found once in a process
    with CaptureQueriesContext(connection) as of_one:
        client.get(address)
    live(place, "second", budget=1_000)
    live_draft(place, "third")
    with CaptureQueriesContext(connection) as of_three:
        client.get(address)
    assert len(of_three) == len(of_one)


PAGES = ("round-edit", "round-delete", "round-freeze")


@pytest.mark.parametrize("name", PAGES)
def test_a_draft_is_shown_to_no_neighbour(client, place, name):
    live_draft(place, "a-draft")
    address = reverse(name, args=["a-draft"])
    assert client.get(address).status_code == 302  # to sign in
    sign_in(client, somebody("resident", place), second_factor=False)
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("name", [*PAGES, "round-cancel", "round-withdraw", "round-room"])
def test_nobody_from_another_place_gets_in(client, place, name):
    live_room(place)
    elsewhere = place_with_money(1_000, "millbrook-west")
    sign_in(client, somebody("partnership_member", elsewhere))
    address = reverse(name, args=["room"])
    assert client.get(address).status_code == 403
    assert client.post(address, {"reason": "x", "do": "freeze"}).status_code == 403


def test_a_worker_drafts_and_does_not_freeze(client, place):
    sign_in(client, somebody("worker", place))
    round_ = draft(client, place)
    assert client.get(reverse("round-edit", args=[round_.slug])).status_code == 200
    assert client.post(reverse("round-freeze", args=[round_.slug])).status_code == 403


@pytest.mark.parametrize("language", ["en-gb", "cy"])
def test_the_pages_are_good_pages(client, place, member, page, language):
    client.cookies["doorstep-language"] = language
    live_draft(place, "a-draft")
    live_room(place)
    live(place, "live", budget=100_000)
    for address in (
        reverse("place-rounds", args=[place.slug]),
        reverse("round-new", args=[place.slug]),
        *(reverse(name, args=["a-draft"]) for name in PAGES),
        *(reverse(name, args=["live"]) for name in ("round-cancel", "round-withdraw")),
        reverse("round-room", args=["room"]),
    ):
        page.get(address)


@given(st.text(max_size=30))
def test_an_amount_is_read_or_refused_and_never_guessed(text):
    pence = read_pounds(text)
    if pence is not None:
        assert 0 < pence <= MOST_POUNDS * 100
        assert re.sub(r"[£ ,]", "", text.strip()).replace(".", "").isascii()


@given(st.integers(1, MOST_POUNDS * 100))
def test_an_amount_is_read_as_it_is_written(pence):
    from doorstep.apps.ledger.rules import pounds

    assert read_pounds(pounds(pence)) == pence
    assert read_pounds(f"{pence // 100}.{pence % 100:02}") == pence
