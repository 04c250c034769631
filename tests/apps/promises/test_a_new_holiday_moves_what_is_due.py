"""A bank holiday that is added moves every open promise that steps over it, and says how many."""

from datetime import date

import pytest

from doorstep.apps.promises.actions import add_holiday, extend, keep, take_out_holiday
from doorstep.apps.promises.models import HolidayStep, Promise
from doorstep.apps.promises.queries import added_holidays, due_after, sum_of
from doorstep.apps.promises.verify import verify_promises
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.telling import tell
from doorstep.apps.refused import Refused
from tests.apps.promises.conftest import ASKED, TEST, promised

pytestmark = pytest.mark.django_db
MOURNING = date(2027, 1, 4)


def test_open_promises_move_and_the_sum_shows_the_day(east) -> None:
    moved = promised(east)
    before = promised(east, "Soon", days=2)
    done = promised(east, "Done")
    keep(done, on=date(2026, 12, 21), actor=TEST)
    named = promised(east, "Put off")
    extend(named, date(2027, 1, 8), "Ill", on=ASKED, actor=TEST)
    heard = []
    step = add_holiday(
        MOURNING, "Day of mourning", actor=TEST, progress=lambda done, of: heard.append((done, of))
    )
    assert step.moved == 1
    due = dict(Promise.objects.values_list("pk", "due_on"))
    assert due == {
        moved.pk: date(2027, 1, 7),
        before.pk: date(2026, 12, 22),
        done.pk: date(2027, 1, 6),
        named.pk: date(2027, 1, 8),
    }
    assert heard == [(1, 1)]
    deadline = sum_of(Promise.objects.get(pk=moved.pk))
    assert deadline.sentence == "10 working days, skipping 25 and 28 December and 1 and 4 January"
    leaf = Leaf.objects.get(kind="promise.holiday_added")
    assert "Promises moved: 1." in tell([leaf])[0].sentence
    assert list(verify_promises()) == []


def test_what_is_promised_after_it_was_added_counts_it(east) -> None:
    add_holiday(MOURNING, "Day of mourning", actor=TEST)
    assert due_after("enquiry.answer_within", ASKED).due == date(2027, 1, 7)


def test_a_holiday_of_another_nation_moves_nothing_here(east) -> None:
    promise = promised(east)
    assert add_holiday(MOURNING, "Of Wales", ["WLS"], actor=TEST).moved == 0
    assert Promise.objects.get(pk=promise.pk).due_on == date(2027, 1, 6)


def test_one_added_by_mistake_is_taken_out_and_both_stay_in_the_record(east) -> None:
    promise = promised(east)
    add_holiday(MOURNING, "Day of mourning", actor=TEST)
    assert take_out_holiday(MOURNING, actor=TEST).moved == 1
    assert Promise.objects.get(pk=promise.pk).due_on == date(2027, 1, 6)
    assert added_holidays() == []
    assert HolidayStep.objects.count() == 2
    with pytest.raises(Refused, match="Nobody added"):
        take_out_holiday(MOURNING, actor=TEST)
    assert add_holiday(MOURNING, "Again", actor=TEST).moved == 1


@pytest.mark.parametrize(
    ("day", "name", "nations", "why"),
    [
        (date(2026, 12, 25), "Christmas", ["ENG"], "already"),
        (date(2027, 1, 2), "A Saturday", ["ENG"], "weekend"),
        (MOURNING, " ", ["ENG"], "what the holiday is called"),
        (MOURNING, "x" * 81, ["ENG"], "what the holiday is called"),
        (MOURNING, "Nowhere", [], "where it holds"),
        (MOURNING, "Mars", ["MRS"], "where it holds"),
    ],
)
def test_what_is_no_new_holiday_is_refused(db, day, name, nations, why) -> None:
    with pytest.raises(Refused, match=why):
        add_holiday(day, name, nations, actor=TEST)
    assert not HolidayStep.objects.exists()


def test_many_promises_of_one_sum_move_in_one_statement(east, django_assert_max_num_queries):
    for number in range(12):
        promised(east, f"Thing {number}")
    with django_assert_max_num_queries(18):
        assert add_holiday(MOURNING, "Day of mourning", actor=TEST).moved == 12
