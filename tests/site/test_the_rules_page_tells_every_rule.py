"""/rules/ shows each entry of the rulebook once, with its source, in the part it belongs to."""

from datetime import date

import pytest
import time_machine

from doorstep.apps.rule_names import names
from doorstep.engine.rulebook import OURS, all_rules
from doorstep.site.pages import rules
from tests.pages import words

TODAY = date(2026, 11, 22)
pytestmark = pytest.mark.django_db


def part(text: str, heading: str, until: str) -> str:
    return text.partition(heading)[2].partition(until)[0]


@time_machine.travel("2026-11-22 12:00Z", tick=False)
def test_every_rule_is_named_valued_and_sourced(page) -> None:
    read = page.get("/rules/")
    assert "This is what holds on 22 November 2026." in read.text
    named = names()
    for entry in all_rules():
        assert f"{named[entry.key]}: {rules.said(entry)}" in read.text
        assert f"Source: {entry.source_title}, {entry.source}" in read.text
    assert "A second approver signs from: £5,000" in read.text
    assert "Members who live in the area, at least: 51%" in read.text
    assert "By how much shares grow at a time: 1 pound for each voter" in read.text


@time_machine.travel("2026-11-22 12:00Z", tick=False)
def test_what_ended_stands_apart_from_what_holds(page) -> None:
    text = page.get("/rules/").text
    largest = "The largest neighbourhood that can be chosen"
    ended = part(text, "Ended", "\0")
    assert f"{largest}: 20,000 people" in ended
    assert f"{largest}: 10,000 people" in ended
    assert "Ended 25 September 2025." in ended
    assert f"{largest}: 15,000 people" not in ended
    assert text.count(largest) == 3


@time_machine.travel("2025-09-24 12:00Z", tick=False)
def test_the_day_before_it_takes_force_a_rule_is_coming(page) -> None:
    text = page.get("/rules/").text
    coming = part(text, "Coming", "Ended")
    assert "The largest neighbourhood that can be chosen: 15,000 people" in coming
    assert "How long the money is for: 10 years" in coming


def test_a_rule_past_its_review_says_that_it_may_be_out_of_date(page) -> None:
    with time_machine.travel("2027-11-21 12:00Z", tick=False):
        assert "May be out of date" not in page.get("/rules/").text
    with time_machine.travel("2027-11-22 12:00Z", tick=False):
        stale = [rule for rule in all_rules() if rule.is_stale(date(2027, 11, 22))]
        assert page.get("/rules/").text.count("May be out of date") == len(stale) > 50


def test_what_nobody_checked_for_a_year_says_ask_the_officer(page) -> None:
    """Ours goes on; what came from outside says when it was last compared, and no more."""
    with time_machine.travel("2027-11-23 12:00Z", tick=False):
        text = page.get("/rules/").text
        outside = [rule for rule in all_rules() if rule.holds(TODAY) and rule.source_kind != OURS]
        assert text.count("was last compared with its source on 22 November 2026") == len(outside)
        assert "“Fewest members of a partnership” was last compared with its source" in text
        assert "“A second approver signs from” was last compared" not in text


@time_machine.travel("2026-11-22 12:00Z", tick=False)
def test_law_that_is_not_in_force_yet_stands_under_coming(page) -> None:
    text = page.get("/rules/").text
    coming = part(text, "No day is known yet", "Ended")
    assert "The sale of a community asset waits: 6 months" in part(
        text, "Community assets", "Coming"
    )
    assert "The sale of a community asset waits: 12 months" in part(text, "Coming", "Ended")
    assert "Simple duties of safety for a place that holds: 200 people" in coming


def test_what_is_only_in_english_says_so_to_a_voice_that_reads_welsh(page) -> None:
    """A screen reader takes Welsh words from the page's language and these from their own mark."""
    read = page.get("/rules/", headers={"Accept-Language": "cy"})
    assert read.all("html")[0].get("lang") == "cy"
    marked = [words(one) for one in read.all("p", "span") if one.get("lang") == "en"]
    for entry in all_rules():
        assert f"{entry.source_title}, {entry.source}" in marked
        assert entry.checked_by in marked
        assert not entry.note or " ".join(entry.note.split()) in marked


def test_every_topic_of_the_rulebook_has_a_heading() -> None:
    assert {entry.key.split(".")[0] for entry in all_rules()} == set(rules.TOPICS)
    assert set(names()) == {entry.key for entry in all_rules()}
