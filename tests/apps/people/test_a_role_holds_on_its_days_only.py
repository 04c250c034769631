"""Spells: given, overlapping, ended; in the rules, in the actions and in the database."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from doorstep.apps.people.actions import end_role, enrol_totp, give_role, open_account
from doorstep.apps.people.models import Account, Role
from doorstep.apps.people.queries import has_second_factor, roles_on
from doorstep.apps.people.spells import holds, overlaps
from doorstep.apps.places.actions import open_place
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused

TEST = Actor("system", "test")
MAY = date(2026, 5, 1)
DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@dataclass
class Span:
    since: date
    until: date | None


SPANS = st.builds(Span, DAYS, st.none() | DAYS).filter(lambda s: not s.until or s.until >= s.since)


@pytest.fixture
def account(db) -> Account:
    return open_account("ann@millbrook.example", actor=TEST)


@pytest.fixture
def east(db) -> Place:
    return open_place(
        "millbrook-east",
        "Millbrook East",
        "Alderdale",
        population=7_240,
        population_year=2024,
        population_source="a test",
        boundary_year=2021,
        actor=TEST,
    )


@given(first=SPANS, second=SPANS)
def test_two_spells_overlap_exactly_when_they_share_a_day(first: Span, second: Span) -> None:
    start = date(2026, 1, 1)
    days = [start + timedelta(days=n) for n in range(70)]
    shared = any(holds(first, day) and holds(second, day) for day in days)
    if second.until is None or second.until > second.since:
        assert overlaps([first], second.since, second.until) == shared


def test_an_address_has_one_account_in_any_case(account: Account) -> None:
    with pytest.raises(Refused, match="already"):
        open_account(" ANN@Millbrook.example ", actor=TEST)
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(email="Ann@millbrook.example")


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["", "ann", "ann@", "a b@c.example", "ann@c.example\nbcc: x"])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(Refused, match="not an email address"):
        open_account(email, actor=TEST)


def test_a_role_ends_on_the_first_day_without_it(account: Account, east: Place) -> None:
    role = give_role(account, "resident", place=east, since=MAY, actor=TEST)
    assert roles_on(account, MAY - timedelta(days=1)) == []
    assert roles_on(account, date(2030, 1, 1)) == [role]
    end_role(role, on=date(2026, 6, 1), actor=TEST)
    assert roles_on(account, date(2026, 5, 31)) == [role]
    assert roles_on(account, date(2026, 6, 1)) == []


def test_a_role_is_given_once_and_ended_once(account: Account, east: Place) -> None:
    role = give_role(account, "resident", place=east, since=MAY, actor=TEST)
    with pytest.raises(Refused, match="already"):
        give_role(account, "resident", place=east, since=date(2027, 1, 1), actor=TEST)
    with pytest.raises(Refused, match="begins on"):
        end_role(role, on=date(2026, 4, 30), actor=TEST)
    end_role(role, on=date(2026, 6, 1), actor=TEST)
    with pytest.raises(Refused, match="already"):
        end_role(role, on=date(2026, 6, 2), actor=TEST)
    give_role(account, "resident", place=east, since=date(2026, 6, 1), actor=TEST)


def test_roles_that_make_no_sense_are_refused(account: Account, east: Place) -> None:
    with pytest.raises(Refused, match="not a role"):
        give_role(account, "mayor", place=east, since=MAY, actor=TEST)
    with pytest.raises(Refused, match="belongs to a place"):
        give_role(account, "partnership_member", since=MAY, actor=TEST)
    with pytest.raises(Refused, match="before it begins"):
        give_role(account, "resident", place=east, since=MAY, until=date(2026, 4, 1), actor=TEST)
    assert not Role.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "resident", "since": MAY, "until": date(2026, 4, 1)},
        {"kind": "mayor", "since": MAY},
        {"kind": "resident", "since": MAY, "place": None},
    ],
)
def test_the_database_itself_refuses_a_broken_role(
    account: Account, east: Place, broken: dict
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Role.objects.create(**{"account": account, "place": east, **broken})


@pytest.mark.parametrize("everywhere", [True, False])
def test_the_database_itself_refuses_a_second_open_role(
    account: Account, east: Place, everywhere: bool
) -> None:
    said = {"account": account, "kind": "funder", "place": None if everywhere else east}
    Role.objects.create(**said, since=MAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Role.objects.create(**said, since=date(2027, 1, 1))


def test_the_record_names_people_by_number_only(account: Account, east: Place) -> None:
    role = give_role(account, Role.Kind.RESIDENT, place=east, since=MAY, actor=TEST)
    end_role(role, on=date(2026, 6, 1), actor=TEST)
    leaves = Leaf.objects.filter(kind__startswith="account.")
    assert [leaf.kind for leaf in leaves.order_by("idx")] == [
        "account.opened",
        "account.role_given",
        "account.role_ended",
    ]
    assert {leaf.log for leaf in leaves} == {"audit"}
    assert not any(b"@" in bytes(leaf.body) or b"ann" in bytes(leaf.body) for leaf in leaves)


def test_an_app_is_enrolled_once_and_only_with_a_real_secret(account: Account) -> None:
    for weak in ("", "short", "JBSWY3DPEHPK3PXP", "not base 32 at all!!!!!!!!!!!!!!!"):
        with pytest.raises(Refused, match="base32"):
            enrol_totp(account, weak, actor=TEST)
    assert not has_second_factor(account)
    made = enrol_totp(account, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", actor=TEST)
    assert has_second_factor(account)
    assert made.wrap().validate_code("000000") is False
    with pytest.raises(Refused, match="already"):
        enrol_totp(account, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", actor=TEST)
