"""Vectors: reference notes 2.2 (England and the whole kingdom, 2026 and 2027)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.engine.rulebook import clear_working_days_before, working_days_after

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
