"""The number goes in once, comes out to pay, and stands nowhere in between."""

import logging
from datetime import date

import pytest
from django.core import serializers
from django.db import DatabaseError, connection, transaction

from doorstep.apps.organisations import strongbox
from doorstep.apps.organisations.actions import end_mandate, give_mandate, read_bank_number
from doorstep.apps.organisations.models import BankMandate, Organisation
from doorstep.apps.organisations.queries import mandate_on
from doorstep.apps.record.models import Leaf, Wording
from doorstep.apps.refused import Refused
from tests.apps.organisations.conftest import TEST

SORT_CODE, NUMBER = "40-47-84", "7087 2490"
SECRETS = ("404784", "70872490", "40-47-84", "7087 2490", "7087")
MAY = date(2026, 5, 1)


def give(organisation: Organisation, **changed: object) -> BankMandate:
    said: dict = {
        "account_name": "Thursday Lunch Club",
        "sort_code": SORT_CODE,
        "account_number": NUMBER,
        "since": MAY,
        "actor": TEST,
    }
    return give_mandate(organisation, **{**said, **changed})


def test_what_was_sealed_opens_again_to_pay(lunch_club: Organisation) -> None:
    mandate = give(lunch_club)
    number = read_bank_number(mandate, actor=TEST)
    assert (number.sort_code, number.account_number) == ("404784", "70872490")
    assert mandate.last_three == "490"


def test_it_stands_in_no_column_leaf_word_export_or_log(
    lunch_club: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mandate = give(lunch_club)
    number = read_bank_number(mandate, actor=TEST)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM organisations_bankmandate")
        row = str(cursor.fetchall())
    everywhere = [
        row,
        *(bytes(leaf.body).decode() for leaf in Leaf.objects.all()),
        *Wording.objects.values_list("text", flat=True),
        serializers.serialize("json", BankMandate.objects.all()),
        f"{mandate} {mandate!r} {number} {number!r}",
        *(record.getMessage() for record in caplog.records),
    ]
    assert len(everywhere) > 5
    for text in everywhere:
        assert not any(secret in text for secret in SECRETS)
    # Not even the three figures that its own page shows are in the record.
    assert not any("490" in bytes(leaf.body).decode() for leaf in Leaf.objects.all())


def test_reading_it_is_recorded(lunch_club: Organisation) -> None:
    mandate = give(lunch_club)
    read_bank_number(mandate, actor=TEST)
    leaf = Leaf.objects.get(kind="organisation.mandate_read")
    assert leaf.log == "audit"
    assert f'"mandate":{mandate.pk}'.encode() in bytes(leaf.body)


def test_another_secret_opens_nothing_and_an_old_one_still_does(
    lunch_club: Organisation, settings
) -> None:
    mandate = give(lunch_club)
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another secret that this install never had before"
    with pytest.raises(Refused, match="secret key has changed"):
        read_bank_number(mandate, actor=TEST)
    assert not Leaf.objects.filter(kind="organisation.mandate_read").exists()
    settings.SECRET_KEY_FALLBACKS = [old]
    assert read_bank_number(mandate, actor=TEST).account_number == "70872490"


def test_a_changed_seal_does_not_open() -> None:
    sealed = strongbox.seal("40478470872490")
    middle = len(sealed) // 2
    other = "A" if sealed[middle] != "A" else "B"
    with pytest.raises(strongbox.SealError):
        strongbox.open_sealed(sealed[:middle] + other + sealed[middle + 1 :])


def test_the_same_number_is_sealed_differently_each_time() -> None:
    assert strongbox.seal("40478470872490") != strongbox.seal("40478470872490")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sort_code": "40-47-8"}, "6 figures"),
        ({"sort_code": "40x47x84"}, "6 figures"),
        ({"account_number": "7087249"}, "put a 0 in front"),
        ({"account_number": "\u0667" * 8}, "8 figures"),
        ({"account_name": " "}, "plain words"),
    ],
)
def test_a_slip_is_refused_without_repeating_it(
    lunch_club: Organisation, changed: dict, said: str
) -> None:
    with pytest.raises(Refused, match=said) as refusal:
        give(lunch_club, **changed)
    assert not any(
        str(typed).strip() and str(typed) in str(refusal.value) for typed in changed.values()
    )
    assert not BankMandate.objects.exists()


def test_a_new_account_ends_the_one_before_it(lunch_club: Organisation) -> None:
    first = give(lunch_club)
    second = give(lunch_club, account_number="12345678", since=date(2026, 9, 1))
    assert mandate_on(lunch_club, date(2026, 8, 31)) == first
    assert mandate_on(lunch_club, date(2026, 9, 1)) == second
    assert mandate_on(lunch_club, date(2026, 4, 30)) is None
    with pytest.raises(Refused, match="Begin the new one after it"):
        give(lunch_club, since=date(2026, 9, 1))
    end_mandate(second, on=date(2026, 10, 1), actor=TEST)
    assert mandate_on(lunch_club, date(2026, 10, 1)) is None


@pytest.mark.parametrize(
    "broken",
    [
        {"sealed_number": "40478470872490"},
        {"last_three": "7087"},
        {"until": date(2026, 4, 1)},
        {},
    ],
)
def test_the_database_itself_refuses_an_unsealed_or_second_account(
    lunch_club: Organisation, broken: dict
) -> None:
    whole = {
        "organisation": lunch_club,
        "account_name": "Thursday Lunch Club",
        "sealed_number": strongbox.seal("40478470872490"),
        "last_three": "490",
        "since": MAY,
    }
    if not broken:
        BankMandate.objects.create(**whole)
    with pytest.raises(DatabaseError), transaction.atomic():
        BankMandate.objects.create(**{**whole, **broken})
