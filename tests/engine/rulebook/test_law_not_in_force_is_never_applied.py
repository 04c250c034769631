from datetime import date

import pytest

from doorstep.engine.rulebook import (
    LocalRuleError,
    NoRuleInForceError,
    Rule,
    State,
    UnknownRuleError,
    all_rules,
    read_rules,
    rule,
)

TODAY = date(2026, 11, 22)


def local(key: str, value: int, unit: str, *, place: str, since: date) -> Rule:
    return Rule(
        key=key,
        value=value,
        unit=unit,
        jurisdiction=f"place:{place}",
        in_force_from=since,
        source_title="Terms of reference",
        source="minutes of 3 May 2026",
        source_kind="council policy",
        checked_on=since,
        checked_by="secretary",
        review_due=date(2028, 1, 1),
    )


@pytest.mark.parametrize(
    ("on", "most"),
    [
        (date(2023, 10, 1), 20_000),
        (date(2023, 12, 31), 20_000),
        (date(2024, 1, 1), 10_000),
        (date(2025, 9, 24), 10_000),
        (date(2025, 9, 25), 15_000),
        (TODAY, 15_000),
    ],
)
def test_a_day_in_the_past_gets_the_rule_of_that_day(on: date, most: int) -> None:
    assert rule("cwf.population_maximum", on).value == most


def test_before_its_first_day_a_rule_is_refused_with_that_day() -> None:
    with pytest.raises(NoRuleInForceError, match="begins on 2025-09-25"):
        rule("cwf.term", date(2025, 9, 24))


def test_a_rule_without_a_first_day_is_coming_on_every_day() -> None:
    (coming,) = read_rules(
        """
        [[rule]]
        key = "land.first_refusal"
        value = 12
        unit = "months"
        source_title = "English Devolution and Community Empowerment Act 2026"
        source = "legislation.gov.uk"
        source_kind = "statute"
        checked_on = 2026-11-22
        checked_by = "a test"
        review_due = 2027-11-22
        """
    )
    for on in (date(1900, 1, 1), TODAY, date(2999, 1, 1)):
        assert coming.state(on) is State.COMING


def test_an_unknown_key_is_refused_with_its_neighbours() -> None:
    with pytest.raises(UnknownRuleError, match=r"partnership\.minimum_members"):
        rule("partnership.minimum_member", TODAY)


def test_a_place_may_set_its_own_only_where_the_rule_leaves_room() -> None:
    ten = local("partnership.minimum_members", 10, "people", place="east", since=date(2026, 5, 3))
    key = "partnership.minimum_members"
    assert rule(key, TODAY, "east", [ten]).value == 10
    assert rule(key, TODAY, "west", [ten]).value == 8
    assert rule(key, TODAY, None, [ten]).value == 8
    assert rule(key, date(2026, 5, 2), "east", [ten]).value == 8

    match = local("fund.match_ratio", 200, "percent", place="east", since=date(2026, 5, 3))
    with pytest.raises(LocalRuleError, match="the same everywhere"):
        rule("fund.match_ratio", TODAY, "east", [match])


def test_a_local_value_in_another_unit_is_refused() -> None:
    share = local("partnership.minimum_members", 10, "percent", place="east", since=TODAY)
    with pytest.raises(LocalRuleError, match="counted in people"):
        rule("partnership.minimum_members", TODAY, "east", [share])


def test_a_rule_past_its_review_says_so_from_that_day() -> None:
    entry = rule("partnership.minimum_members", TODAY)
    assert not entry.is_stale(date(2027, 11, 21))
    assert entry.is_stale(date(2027, 11, 22))


def test_every_rule_that_the_first_thread_needs_is_there() -> None:
    expected = {
        "partnership.minimum_members": 8,
        "partnership.resident_majority": 51,
        "partnership.host_fee": 5,
        "fund.match_ratio": 100,
        "cwf.population_minimum": 5_000,
        "cwf.population_maximum": 15_000,
        "cwf.place_award_minimum": 100_000_000,
        "cwf.place_award_maximum": 250_000_000,
        "cwf.term": 10,
        "payment.second_approver_from": 500_000,
        "complaint.acknowledge_within": 5,
        "complaint.review_within": 20,
        "round.count_rule": "equal-shares",
        "round.completion": "add1u",
        "round.increment": 1,
    }
    assert {key: rule(key, TODAY).value for key in expected} == expected


def test_every_class_of_forgotten_money_keeps_a_reserve_within_what_was_published() -> None:
    for asset_class in ("bank", "insurance", "investment", "securities"):
        percent = rule(f"fund.reclaim_reserve.{asset_class}", TODAY).value
        # Published totals leave 42 to 51 per cent held back, against 8 per cent reclaimed.
        assert isinstance(percent, int)
        assert 42 <= percent <= 51


def test_every_product_choice_says_that_it_is_ours() -> None:
    for entry in all_rules():
        ours = entry.note.startswith(("Our choice", "The lot", "Counted in"))
        assert ours == (entry.source_kind == "product choice"), entry.key
