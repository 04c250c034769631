"""A paper is kept once, warned about before it ends, shown when it has, and stops only what its
rule says it stops."""

from datetime import date, timedelta

import pytest

from doorstep.apps.files.models import Content
from doorstep.apps.organisations.actions import (
    accept_sponsorship,
    ask_sponsor,
    end_sponsorship,
    give_document,
    give_mandate,
    take_out_document,
)
from doorstep.apps.organisations.models import Document
from doorstep.apps.organisations.queries import held, passport, stopped
from doorstep.apps.organisations.rules import Standing
from doorstep.apps.refused import Refused
from tests.apps.organisations.conftest import TEST
from tests.apps.organisations.groups import BEGAN, TODAY, acting, group, paper
from tests.desks import desk_of

pytestmark = pytest.mark.django_db
ENDS = date(2026, 12, 20)


def policy(body, account, *, issued: date = BEGAN, expires: date | None = ENDS) -> Document:
    return give_document(
        body, "safeguarding", paper(str(expires)), issued=issued, expires=expires,
        on=max(issued, BEGAN), actor=acting(account),
    )  # fmt: skip


def stands(body, on: date) -> Standing:
    return passport(body, on).paper("safeguarding").standing


def test_a_policy_is_warned_about_then_expired_then_replaced() -> None:
    body, (ann, _ben) = group("lunch-club", "ann", "ben")
    assert stands(body, TODAY) is Standing.MISSING
    policy(body, ann)
    assert stands(body, ENDS - timedelta(days=43)) is Standing.HELD
    assert stands(body, ENDS - timedelta(days=42)) is Standing.SOON
    assert stands(body, ENDS) is Standing.SOON  # the last day is a day on which it holds
    assert stands(body, ENDS + timedelta(days=1)) is Standing.EXPIRED
    policy(body, ann, issued=ENDS, expires=date(2027, 12, 20))
    assert stands(body, ENDS + timedelta(days=1)) is Standing.HELD
    # Last year's question still has last year's answer.
    assert stands(body, ENDS - timedelta(days=1)) is Standing.SOON


def test_an_expired_policy_stops_a_new_agreement_with_children_and_nothing_else() -> None:
    body, (ann, _ben) = group("lunch-club", "ann", "ben")
    policy(body, ann)
    late = ENDS + timedelta(days=1)
    answer = stopped(body, "new-agreement", late, with_people_at_risk=True)
    assert answer
    assert "20 December 2026" in answer.reason
    assert not stopped(body, "new-agreement", late, with_people_at_risk=False)
    assert not stopped(body, "payment", late, with_people_at_risk=True)
    assert not stopped(body, "new-agreement", ENDS, with_people_at_risk=True)


def test_its_people_find_it_on_their_desk_before_it_ends(time_machine) -> None:
    body, (ann, _ben) = group("lunch-club", "ann", "ben")
    policy(body, ann)
    time_machine.move_to(ENDS - timedelta(days=50))
    assert desk_of(ann).items == []
    time_machine.move_to(ENDS - timedelta(days=10))
    [item] = desk_of(ann).items
    assert item.due == ENDS
    assert "safeguarding policy" in item.title


@pytest.mark.parametrize(
    ("issued", "expires", "said"),
    [
        (TODAY + timedelta(days=1), None, "after today"),
        (date(1890, 1, 1), None, "a century ago"),
        (TODAY, TODAY, "before it begins"),
        (TODAY, date(2199, 1, 1), "a century on"),
    ],
)
def test_days_that_cannot_be_are_refused_with_a_reason(issued, expires, said) -> None:
    body, (ann, _ben) = group("lunch-club", "ann", "ben")
    with pytest.raises(Refused, match=said):
        give_document(
            body, "lease", paper(), issued=issued, expires=expires, on=TODAY, actor=acting(ann)
        )


def test_a_paper_taken_out_is_erased_and_counts_no_more() -> None:
    body, (ann, ben) = group("lunch-club", "ann", "ben")
    document = policy(body, ann)
    take_out_document(document, on=TODAY, actor=acting(ben))
    assert bytes(Content.objects.get(pk=document.file_id).data) == b""
    assert stands(body, TODAY) is Standing.MISSING
    with pytest.raises(Refused, match="already"):
        take_out_document(document, on=TODAY, actor=acting(ben))


def test_a_group_of_neighbours_borrows_what_it_has_not_from_its_sponsor() -> None:
    club, (ann, _ben) = group("garden-neighbours", "ann", "ben", kind="informal")
    hall, (hal, _ida) = group("st-annes-hall", "hal", "ida", kind="cio")
    policy(hall, hal)
    give_mandate(
        hall, account_name="Hall", sort_code="010203", account_number="12345678",
        since=BEGAN, actor=TEST,
    )  # fmt: skip
    assert not held(club, TODAY)["safeguarding_policy"]
    asked = ask_sponsor(club, hall, on=TODAY, actor=acting(ann))
    assert not held(club, TODAY)["pay_through_host"], "nobody said yes yet"
    with pytest.raises(Refused, match="Only somebody who speaks for St Annes Hall"):
        accept_sponsorship(asked, on=TODAY, actor=acting(ann))
    accept_sponsorship(asked, on=TODAY, actor=acting(hal))
    found = held(club, TODAY)
    assert found["safeguarding_policy"]
    assert found["account_in_groups_name"]
    assert found["treasurer_or_host"]
    end_sponsorship(asked, on=ENDS, actor=acting(hal))
    assert not held(club, ENDS)["safeguarding_policy"]
    assert held(club, TODAY)["safeguarding_policy"], "the day it held, it held"


def test_a_sponsor_has_rules_of_its_own() -> None:
    club, (ann, _ben) = group("garden-neighbours", "ann", "ben", kind="informal")
    other, _people = group("other-neighbours", "olu", kind="informal")
    with pytest.raises(Refused, match="constituted"):
        ask_sponsor(club, other, on=TODAY, actor=acting(ann))
    with pytest.raises(Refused, match="itself"):
        ask_sponsor(club, club, on=TODAY, actor=acting(ann))


def test_a_passport_takes_a_fixed_number_of_statements(django_assert_max_num_queries) -> None:
    body, (ann, _ben) = group("lunch-club", "ann", "ben")
    for year in range(2010, 2020):
        give_document(
            body, "accounts", paper(str(year)), issued=date(year, 4, 1), expires=None, on=TODAY,
            actor=acting(ann),
        )  # fmt: skip
    with django_assert_max_num_queries(12):
        passport(body, TODAY)
