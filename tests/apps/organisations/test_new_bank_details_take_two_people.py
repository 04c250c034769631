"""A group's bank account is changed by two of its people who are not tied, waits, and is called
back about."""

from datetime import date, timedelta

import pytest

from doorstep.apps.awards.actions.payees import confirm_details
from doorstep.apps.awards.models import MandateHold
from doorstep.apps.organisations.actions import (
    ask_change,
    begin_office,
    begin_signing,
    confirm_change,
    lapse_changes,
    read_bank_number,
    refuse_change,
    say_ties,
)
from doorstep.apps.organisations.models import BankMandate, MandateChange
from doorstep.apps.organisations.queries import mandate_on
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from tests.apps.organisations.conftest import TEST
from tests.apps.organisations.groups import TODAY, acting, group, person

pytestmark = pytest.mark.django_db
DETAILS = {
    "account_name": "Lunch Club", "sort_code": "01-02-03", "account_number": "87654321",
    "signatures": 2,
}  # fmt: skip


def asked(body, account, on: date = TODAY, **changed: object) -> MandateChange:
    return ask_change(body, **(DETAILS | changed), on=on, actor=acting(account))


def test_one_asks_another_confirms_and_then_it_waits() -> None:
    body, (ann, ben) = group("lunch-club", "ann", "ben")
    change = asked(body, ann)
    assert mandate_on(body, TODAY) is None
    hold = confirm_details(change, on=TODAY, actor=acting(ben))
    assert hold.clear_from == date(2026, 12, 2)  # three working days after a Saturday
    mandate = mandate_on(body, TODAY)
    assert mandate is not None
    assert mandate.signatures == 2
    assert read_bank_number(mandate, actor=TEST).account_number == "87654321"
    change.refresh_from_db()
    assert change.sealed_number == "", "the number stands in one place"
    assert MandateHold.objects.get().mandate == mandate


def test_nobody_confirms_what_they_asked_for() -> None:
    body, (ann, _ben) = group("lunch-club", "ann", "ben")
    with pytest.raises(Refused, match="somebody else confirms"):
        confirm_change(asked(body, ann), on=TODAY, actor=acting(ann))


def test_nobody_of_the_same_household_confirms() -> None:
    body, (ann, ben) = group("lunch-club", "ann", "ben")
    say_ties(body, {ann.pk: "household"}, on=TODAY, actor=acting(ben))
    with pytest.raises(Refused, match="tied"):
        confirm_change(asked(body, ann), on=TODAY, actor=acting(ben))


def test_an_accomplice_named_today_confirms_nothing_tomorrow() -> None:
    body, (ann, ben) = group("lunch-club", "ann", "ben")
    confirm_change(asked(body, ann), on=TODAY, actor=acting(ben))
    later = TODAY + timedelta(days=30)
    mate = person("mate")
    begin_office(body, mate, "contact", since=later, actor=TEST)
    change = asked(body, ann, later, account_number="11111111")
    with pytest.raises(Refused, match="have not spoken for Lunch Club for 14 days"):
        confirm_change(change, on=later + timedelta(days=1), actor=acting(mate))
    confirm_change(change, on=later + timedelta(days=14), actor=acting(mate))


def test_a_change_nobody_confirms_is_forgotten() -> None:
    body, (ann, ben) = group("lunch-club", "ann", "ben")
    change = asked(body, ann)
    late = TODAY + timedelta(days=15)
    with pytest.raises(Refused, match="fell away"):
        confirm_change(change, on=late, actor=acting(ben))
    assert lapse_changes(None, TODAY + timedelta(days=14)) == 0
    assert lapse_changes(None, late) == 1
    change.refresh_from_db()
    assert (change.state, change.sealed_number) == ("lapsed", "")
    assert lapse_changes(None, late) == 0
    asked(body, ben, late)


def test_any_officer_stops_a_change_and_nothing_of_it_is_left() -> None:
    body, (ann, ben) = group("lunch-club", "ann", "ben")
    change = refuse_change(asked(body, ann), on=TODAY, actor=acting(ben))
    assert change.sealed_number == ""
    assert not BankMandate.objects.exists()
    with pytest.raises(Refused, match="decided already"):
        confirm_change(change, on=TODAY, actor=acting(ben))


def test_strangers_and_doubled_questions_are_refused() -> None:
    body, (ann, ben) = group("lunch-club", "ann", "ben")
    with pytest.raises(Refused, match="Only somebody who speaks"):
        asked(body, person("stranger"))
    asked(body, ann)
    with pytest.raises(Refused, match="waits for a second person"):
        asked(body, ben)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sort_code": "01-02"}, "6 figures"),
        ({"account_number": "٨٧٦٥٤٣٢١"}, "8 figures"),
        ({"account_name": " "}, "plain words"),
        ({"signatures": 9}, "how many sign"),
    ],
)
def test_details_that_cannot_be_are_refused_with_a_reason(changed, said) -> None:
    body, (ann, _ben) = group("lunch-club", "ann", "ben")
    with pytest.raises(Refused, match=said):
        asked(body, ann, **changed)


def test_not_more_sign_together_than_may_sign() -> None:
    body, (ann, ben) = group("lunch-club", "ann", "ben")
    begin_signing(body, ann, since=TODAY, actor=acting(ben))
    with pytest.raises(Refused, match="from 1 to 1"):
        asked(body, ann)
    with pytest.raises(Refused, match="Only somebody who speaks for the group signs"):
        begin_signing(body, person("stranger"), since=TODAY, actor=acting(ben))


def test_no_figure_of_a_number_reaches_a_leaf() -> None:
    body, (ann, ben) = group("lunch-club", "ann", "ben")
    confirm_details(asked(body, ann), on=TODAY, actor=acting(ben))
    said = b"".join(bytes(leaf.body) for leaf in Leaf.objects.all())
    assert b"87654321" not in said
    assert b"321" not in said.replace(b"87654321", b"") or b"last" not in said
