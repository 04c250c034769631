"""Vectors: reference notes 2.2 (England and the whole kingdom, 2026 and 2027)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.engine.rulebook import (
    AddedHoliday,
    bank_holidays,
    clear_working_days_before,
    days_after,
    due_by,
    rule,
    working_days_after,
)

EVERYWHERE = ("ENG", "WLS", "SCT", "NIR")


@pytest.mark.parametrize(
    ("start", "days", "nations", "due", "sentence"),
    [
        (
            date(2026, 12, 18),
            10,
            ("ENG",),
            date(2027, 1, 6),
            "10 working days, skipping 25 and 28 December and 1 January",
        ),
        (
            date(2026, 12, 18),
            20,
            EVERYWHERE,
            date(2027, 1, 21),
            "20 working days, counting bank holidays anywhere in the United Kingdom, "
            "skipping 25 and 28 December and 1 and 4 January",
        ),
        (
            date(2026, 3, 27),
            10,
            ("ENG",),
            date(2026, 4, 14),
            "10 working days, skipping 3 and 6 April",
        ),
        (date(2026, 11, 20), 1, ("ENG",), date(2026, 11, 23), "1 working day"),
    ],
)
def test_working_days_after(
    start: date, days: int, nations: tuple[str, ...], due: date, sentence: str
) -> None:
    deadline = working_days_after(start, days, nations)
    assert (deadline.due, deadline.sentence) == (due, sentence)


def test_scotland_takes_a_second_day_at_new_year() -> None:
    assert working_days_after(date(2025, 12, 31), 1, ("ENG",)).due == date(2026, 1, 2)
    assert working_days_after(date(2025, 12, 31), 1, ("SCT",)).due == date(2026, 1, 5)


@pytest.mark.parametrize(("days", "due"), [(10, date(2027, 4, 22)), (5, date(2027, 4, 29))])
def test_notice_of_an_event_counts_clear_days(days: int, due: date) -> None:
    deadline = clear_working_days_before(date(2027, 5, 8), days)
    assert deadline.due == due
    assert deadline.sentence == f"{days} working days, skipping 3 May"


def test_three_months_are_listed_as_people_say_them() -> None:
    deadline = working_days_after(date(2026, 4, 1), 40)
    assert deadline.sentence == "40 working days, skipping 3 and 6 April and 4 and 25 May"
    long = working_days_after(date(2026, 4, 1), 110)
    assert long.sentence.endswith("3 and 6 April, 4 and 25 May and 31 August")


@pytest.mark.parametrize("nations", [(), ("FRA",), ("ENG", "XX")])
def test_a_nation_that_is_not_one_is_refused(nations: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="not nations"):
        working_days_after(date(2026, 1, 1), 1, nations)


@pytest.mark.parametrize("days", [0, -1, 1_001])
def test_a_number_of_days_that_no_clock_has_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="cannot be counted"):
        working_days_after(date(2026, 1, 1), days)


@given(
    start=st.dates(date(2015, 1, 1), date(2035, 12, 31)),
    days=st.integers(1, 60),
    nations=st.sets(st.sampled_from(EVERYWHERE), min_size=1).map(sorted).map(tuple),
)
def test_days_counted_skipped_and_weekends_fill_the_whole_span(
    start: date, days: int, nations: tuple[str, ...]
) -> None:
    deadline = working_days_after(start, days, nations)
    span = [start + timedelta(days=n) for n in range(1, (deadline.due - start).days + 1)]
    weekdays = [day for day in span if day.weekday() < 5]
    skipped = [closed.day for closed in deadline.skipped]
    assert len(weekdays) == days + len(skipped)
    assert set(skipped) <= set(weekdays)
    assert deadline.due not in skipped
    assert deadline.due.weekday() < 5


def test_england_closes_on_nine_days_of_2026_and_the_kingdom_on_sixteen() -> None:
    assert len(bank_holidays(("ENG",), 2026)) == 9
    assert len(bank_holidays(EVERYWHERE, 2026)) == 16


def test_a_holiday_that_was_added_moves_what_is_due_and_stands_in_the_sum() -> None:
    """Alaveteli's readers caught deadlines that no new holiday ever moved."""
    added = [AddedHoliday(date(2027, 1, 4), "Day of mourning", ("ENG",))]
    moved = working_days_after(date(2026, 12, 18), 10, added=added)
    assert moved.due == date(2027, 1, 7)
    assert moved.sentence == "10 working days, skipping 25 and 28 December and 1 and 4 January"
    assert working_days_after(date(2026, 12, 18), 10, ("WLS",), added).due == date(2027, 1, 6)
    assert bank_holidays(("ENG",), 2027, added)[date(2027, 1, 4)] == "Day of mourning"
    assert date(2027, 1, 4) not in bank_holidays(("WLS",), 2027, added)


def test_an_added_holiday_at_a_weekend_moves_nothing() -> None:
    added = [AddedHoliday(date(2026, 12, 19), "A Saturday")]
    assert working_days_after(date(2026, 12, 18), 10, added=added).due == date(2027, 1, 6)


def test_a_rule_says_its_own_clock() -> None:
    on = date(2026, 12, 18)
    foi = due_by(rule("foi.answer_within", on), on, EVERYWHERE)
    assert (foi.due, foi.days) == (date(2027, 1, 21), 20)
    receipts = due_by(rule("report.receipts_within", on), on)
    assert (receipts.due, receipts.sentence) == (date(2027, 1, 15), "28 days")
    with pytest.raises(ValueError, match="no clock"):
        due_by(rule("partnership.minimum_members", on), on)
    with pytest.raises(ValueError, match="cannot be counted"):
        days_after(on, 0)
