"""Composition is counted from dated spells against the rules of the day; it warns, never locks."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from doorstep.apps.partnerships.actions import agree_host, end_host, form_partnership, join, leave
from doorstep.apps.partnerships.models import Membership
from doorstep.apps.partnerships.queries import compositions, summary
from doorstep.apps.partnerships.rules import composition
from doorstep.apps.people.actions import open_account
from doorstep.apps.refused import Refused
from doorstep.engine.rulebook import rule
from tests.apps.partnerships.conftest import MAY, TEST

TODAY = date(2026, 11, 22)
MINIMUM = rule("partnership.minimum_members", TODAY)
MAJORITY = rule("partnership.resident_majority", TODAY)


def members(residents: int, others: int) -> list[Membership]:
    return [
        Membership(lives_here=n < residents, since=MAY, until=None, seat="member")
        for n in range(residents + others)
    ]


@pytest.mark.parametrize(
    ("residents", "others", "warnings"),
    [
        (9, 3, []),
        (8, 0, []),
        (5, 3, []),
        (4, 4, ["4 of 8 members live in the area; at least 51% must."]),
        (51, 49, []),
        (50, 49, ["50 of 99 members live in the area; at least 51% must."]),
        (7, 0, ["There are 7 members; at least 8 are needed."]),
        (1, 0, ["There is 1 member; at least 8 are needed."]),
        (
            1,
            2,
            [
                "There are 3 members; at least 8 are needed.",
                "1 of 3 members lives in the area; at least 51% must.",
            ],
        ),
        (0, 0, ["There are 0 members; at least 8 are needed."]),
    ],
)
def test_the_warnings_say_what_is_missing(residents, others, warnings) -> None:
    made = composition(members(residents, others), TODAY, minimum=MINIMUM, majority=MAJORITY)
    assert list(made.warnings) == warnings
    assert made.meets_the_rules == (not warnings)


def test_by_a_rule_that_nobody_checked_for_a_year_nothing_is_judged() -> None:
    late = date(2027, 11, 23)
    made = composition(members(1, 2), late, minimum=MINIMUM, majority=MAJORITY)
    assert (made.warnings, made.meets_the_rules) == ((), False)
    assert "Ask the officer" in made.unsure[0]
    assert "22 November 2026" in made.unsure[0]


@given(residents=st.integers(0, 40), others=st.integers(0, 40))
def test_the_share_shown_never_says_met_when_it_is_not(residents: int, others: int) -> None:
    made = composition(members(residents, others), TODAY, minimum=MINIMUM, majority=MAJORITY)
    missed = any("live" in warning for warning in made.warnings)
    if made.size:
        assert (made.percent < 51) == missed


def test_it_is_counted_on_the_day_asked_about(east, seated) -> None:
    seats = seated(8, 4)
    for seat in seats[:4]:
        leave(seat, on=date(2026, 8, 1), actor=TEST)

    def on(day: date) -> tuple[int, int]:
        made = summary(east, day).composition
        return made.size, made.residents

    assert on(MAY - timedelta(days=1)) == (0, 0)
    assert on(date(2026, 7, 31)) == (12, 8)
    assert on(date(2026, 8, 1)) == (8, 4)


def test_a_thin_partnership_is_never_locked_out(east, seated, partnership) -> None:
    seated(1, 2)
    assert not summary(east, TODAY).composition.meets_the_rules
    account = open_account("new@millbrook.example", actor=TEST)
    assert join(partnership, account, lives_here=False, since=TODAY, actor=TEST).pk


def test_a_person_is_counted_once(partnership, seated) -> None:
    (seat,) = seated(1, 0)
    with pytest.raises(Refused, match="already"):
        join(partnership, seat.account, seat="chair", lives_here=True, since=TODAY, actor=TEST)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            partnership=partnership,
            account=seat.account,
            seat="chair",
            lives_here=True,
            since=TODAY,
            term_since=TODAY,
        )
    leave(seat, on=TODAY, actor=TEST)
    again = join(partnership, seat.account, seat="chair", lives_here=False, since=TODAY, actor=TEST)
    assert again.lives_here is False


def test_what_makes_no_sense_is_refused(east, partnership, seated) -> None:
    (seat,) = seated(1, 0)
    with pytest.raises(Refused, match="has a partnership already"):
        form_partnership(east, "Another", actor=TEST)
    with pytest.raises(Refused, match="not a seat"):
        join(partnership, seat.account, seat="king", lives_here=True, since=TODAY, actor=TEST)
    with pytest.raises(Refused, match="begins on"):
        leave(seat, on=date(2026, 1, 1), actor=TEST)
    leave(seat, on=TODAY, actor=TEST)
    with pytest.raises(Refused, match="ended on"):
        leave(seat, on=TODAY, actor=TEST)


@pytest.mark.parametrize("broken", [{"seat": "king"}, {"until": date(2026, 4, 1)}])
def test_the_database_itself_refuses_a_broken_seat(partnership, broken) -> None:
    account = open_account("ann@millbrook.example", actor=TEST)
    whole = {"seat": "chair", "lives_here": True, "since": MAY, "term_since": MAY, **broken}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(partnership=partnership, account=account, **whole)


def test_hosts_may_be_several_and_may_change(east, partnership, cvs) -> None:
    from doorstep.apps.organisations.actions import open_organisation

    trust = open_organisation("housing-trust", "Housing Trust", "cbs", actor=TEST)
    first = agree_host(partnership, cvs, since=MAY, actor=TEST)
    agree_host(partnership, trust, since=date(2026, 7, 1), actor=TEST)
    with pytest.raises(Refused, match="already"):
        agree_host(partnership, cvs, since=TODAY, actor=TEST)
    end_host(first, on=date(2026, 9, 1), actor=TEST)
    hosts = {
        day: [host.slug for host in summary(east, day).hosts]
        for day in (date(2026, 6, 1), date(2026, 8, 1), TODAY)
    }
    assert list(hosts.values()) == [
        ["alderdale-cvs"],
        ["alderdale-cvs", "housing-trust"],
        ["housing-trust"],
    ]


def test_the_summary_takes_three_statements_whatever_its_size(
    east, seated, partnership, cvs, django_assert_num_queries
) -> None:
    seated(20, 5)
    agree_host(partnership, cvs, since=MAY, actor=TEST)
    with django_assert_num_queries(3):
        shown = summary(east, TODAY)
        words = render_to_string("partnerships/summary.html", {"partnership": shown})
    assert "Millbrook East Together: 25 people on 22 November 2026." in words
    assert "20 of them live in the area, which is 80%." in words
    assert "Member: 25" in words
    assert "Alderdale CVS" in words
    assert "@" not in words


def test_a_place_without_a_partnership_says_so(east) -> None:
    assert summary(east, TODAY) is None
    words = render_to_string("partnerships/summary.html", {"partnership": None})
    assert "Neighbours have not formed a partnership here yet." in words


@pytest.mark.django_db
def test_all_partnerships_are_told_on_any_date_in_two_statements(
    partnership, seated, django_assert_num_queries
) -> None:
    """Somebody who moves away takes the majority along from that day, and not before."""
    members = seated(5, 4)
    leave(members[0], on=date(2026, 9, 1), actor=TEST)
    with django_assert_num_queries(2):
        before = compositions(date(2026, 8, 31))[partnership.pk]
    after = compositions(date(2026, 9, 1))[partnership.pk]
    early = compositions(MAY - timedelta(days=1))[partnership.pk]
    assert (before.size, before.residents, before.warnings) == (9, 5, ())
    assert after.warnings == ("4 of 8 members live in the area; at least 51% must.",)
    assert (early.size, early.warnings) == (0, ("There are 0 members; at least 8 are needed.",))
    for day, told in ((date(2026, 8, 31), before), (date(2026, 9, 1), after)):
        assert summary(partnership.place, day).composition == told
