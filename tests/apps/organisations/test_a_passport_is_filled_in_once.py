"""Organisations, their register numbers and those who speak for them."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from doorstep.apps.organisations.actions import (
    begin_office,
    end_office,
    identify,
    open_organisation,
)
from doorstep.apps.organisations.models import Identifier, Organisation
from doorstep.apps.organisations.queries import all_organisations, officers_on
from doorstep.apps.people.actions import open_account
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.sentences import sentence
from doorstep.apps.refused import Refused
from tests.apps.organisations.conftest import TEST

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)


@pytest.mark.parametrize("kind", Organisation.Kind.values)
def test_every_kind_of_body_can_join(kind: str) -> None:
    assert open_organisation(f"a-{kind}", "A body", kind, actor=TEST).kind == kind


def test_a_body_is_refused_without_a_true_kind_name_or_address(lunch_club) -> None:
    for slug, name, kind, said in [
        ("lunch-club", "Again", "charity", "already"),
        ("Lunch Club", "x", "charity", "cannot be an address"),
        ("x", " ", "charity", "plain words"),
        ("x", "x", "guild", "not a kind"),
    ]:
        with pytest.raises(Refused, match=said):
            open_organisation(slug, name, kind, actor=TEST)


@pytest.mark.parametrize(
    ("scheme", "typed", "written"),
    [
        ("GB-CHC", "1234567", "1234567"),
        ("GB-CHC", " 123 456 ", "123456"),
        ("GB-CHC", "GB-CHC-1234567", "1234567"),
        ("GB-CHC", "1234567-12", "1234567-12"),
        ("GB-COH", "1234567", "01234567"),
        ("GB-COH", "sc123456", "SC123456"),
        ("GB-COH", "CE012345", "CE012345"),
        ("GB-SC", "sc012345", "SC012345"),
        ("GB-NIC", "NIC100123", "100123"),
        ("GB-MPR", "27654r", "27654R"),
        ("GB-LAE", "bir", "BIR"),
    ],
)
def test_a_register_number_is_kept_as_its_register_writes_it(
    lunch_club, scheme: str, typed: str, written: str
) -> None:
    assert str(identify(lunch_club, scheme, typed, actor=TEST)) == f"{scheme}-{written}"


@pytest.mark.parametrize(
    ("scheme", "typed"),
    [
        ("GB-CHC", "12345"),
        ("GB-CHC", "12345678"),
        ("GB-COH", "123456789"),
        ("GB-COH", "S1234567"),
        ("GB-SC", "012345"),
        ("GB-NIC", "1001234"),
        ("GB-LAE", "B1R"),
        ("GB-CHC", "\u0661\u0662\u0663\u0664\u0665\u0666"),
        ("GB-CHC", ""),
        ("GB-XYZ", "1"),
    ],
)
def test_a_number_of_the_wrong_form_is_refused_with_the_right_one(
    lunch_club, scheme: str, typed: str
) -> None:
    with pytest.raises(Refused, match=r"such as|is not a register"):
        identify(lunch_club, scheme, typed, actor=TEST)


def test_a_register_number_belongs_to_one_body(lunch_club) -> None:
    identify(lunch_club, "GB-CHC", "1234567", actor=TEST)
    other = open_organisation("other", "Other", "charity", actor=TEST)
    with pytest.raises(Refused, match="on the list already"):
        identify(other, "GB-CHC", "1234567", actor=TEST)
    with pytest.raises(IntegrityError), transaction.atomic():
        Identifier.objects.create(organisation=other, scheme="GB-CHC", value="1234567")


def test_an_officer_speaks_on_dated_days(lunch_club) -> None:
    account = open_account("ann@lunch.example", actor=TEST)
    officer = begin_office(lunch_club, account, "treasurer", since=MAY, actor=TEST)
    with pytest.raises(Refused, match="already"):
        begin_office(lunch_club, account, "treasurer", since=date(2027, 1, 1), actor=TEST)
    with pytest.raises(Refused, match="not an office"):
        begin_office(lunch_club, account, "pirate", since=MAY, actor=TEST)
    with pytest.raises(Refused, match="begins on"):
        end_office(officer, on=date(2026, 1, 1), actor=TEST)
    end_office(officer, on=date(2026, 6, 1), actor=TEST)
    assert officers_on(lunch_club, date(2026, 5, 31)) == [officer]
    assert officers_on(lunch_club, date(2026, 6, 1)) == []
    # Which account speaks for whom is for the auditors; the street sees no name.
    office_leaves = Leaf.objects.filter(kind__startswith="organisation.office")
    assert {leaf.log for leaf in office_leaves} == {"audit"}


def test_every_leaf_is_told_in_a_sentence(lunch_club) -> None:
    identify(lunch_club, "GB-CHC", "1234567", actor=TEST)
    told = [
        sentence(leaf.kind, json.loads(bytes(leaf.body)), lambda c: "[words]")
        for leaf in Leaf.objects.filter(log="public").order_by("idx")
    ]
    assert told == [
        "[words] joined as a constituted group.",
        "lunch-club is number 1234567 at Charity Commission for England and Wales.",
    ]


def test_the_list_takes_two_statements_whatever_its_length(django_assert_num_queries) -> None:
    for n in range(10):
        body = open_organisation(f"body-{n}", f"Body {n}", "charity", actor=TEST)
        identify(body, "GB-CHC", f"123450{n}", actor=TEST)
    with django_assert_num_queries(2):
        assert [len(body.identifiers.all()) for body in all_organisations()] == [1] * 10
