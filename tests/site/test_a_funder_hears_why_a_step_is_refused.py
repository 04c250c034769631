"""What no fund can do is refused on the desk's page in words, beside what was typed."""

import pytest

from doorstep.apps.fund.models import AssetClass, Fund, Step, Wave
from doorstep.apps.ledger.models import Journal
from doorstep.apps.people.actions import give_role, open_account
from tests import waves
from tests.apps.people.signing_in import sign_in
from tests.millbrook import ACTOR, DAY

pytestmark = pytest.mark.django_db
ADDRESS = "/fund/alderdale/desk/"
TERM = {"begins_on": "2026-04-01", "ends_on": "2036-03-31"}
BANK = {"asset_class": str(AssetClass.BANK), "giver": "A bank", "on": "2026-06-01"}
NO_SUM = "is not a sum of money. Write it such as 120 or 120.50."
NO_MOVE = "One transfer moves between 1p and £100,000,000,000"


@pytest.fixture
def wave(page) -> Wave:
    """A fund whose pot holds £650,000 and its programme £100,000, and a funder at the desk."""
    made = waves.promised(*waves.decided())
    funder = open_account("ann@fund.example", actor=ACTOR)
    give_role(funder, "funder", place=None, since=DAY, actor=ACTOR)
    sign_in(page.client, funder)
    return made


@pytest.mark.parametrize(
    ("step", "typed", "said"),
    [
        ("receive", {**BANK, "pence": "-5"}, NO_SUM),
        ("receive", {**BANK, "pence": "five"}, NO_SUM),
        ("receive", {**BANK, "pence": "1.234"}, NO_SUM),
        ("receive", {**BANK, "pence": "0"}, NO_MOVE),
        ("receive", {**BANK, "pence": "999999999999"}, NO_SUM),
        ("receive", {**BANK, "pence": "5", "on": "2126-06-01"}, "1 June 2126 has not come yet"),
        ("receive", {**BANK, "pence": "5", "on": "2026-02-30"}, "valid date"),
        ("receive", {**BANK, "pence": "5", "asset_class": "bonds"}, "valid choice"),
        ("receive", {**BANK, "pence": "5", "giver": " "}, "required"),
        (
            "match",
            {"giver": "A trust", "pence": "5000000", "on": "2026-06-01"},
            "but the rule allows £4,950,000 for the £4,950,000 of forgotten money",
        ),
        ("reclaim", {"asset_class": "bank", "pence": "9000001"}, "only £9,000,000 came"),
        ("reclaim", {"asset_class": "insurance", "pence": "1"}, "only £0 came"),
        ("release", {"asset_class": "bank", "pence": "1"}, "Nobody has reviewed this reserve yet"),
        ("costs", {"payee": "The office", "pence": "650000.01"}, "only £650,000 is left there"),
        (
            "aside",
            {"programme": "more", "programme_name": "More", "pence": "700000"},
            "only £650,000 is left there",
        ),
        ("undo", {"entry": "999", "reason": "It was booked by mistake."}, "has no entry 999"),
        ("review", {"asset_class": "bank", "pence": "5", "reason": "Because."}, "Say why in 20"),
    ],
)
def test_it_is_said_beside_what_was_typed_and_nothing_moves(page, wave, step, typed, said):
    entries = Journal.objects.count()
    read = page.post(ADDRESS, {"step": step, "reference": "r", **typed})
    assert said in read.text
    assert all(f'value="{one}"' in read.html for one in [typed.get("pence")] if one)
    assert (Step.objects.count(), Journal.objects.count()) == (0, entries)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "The fund could not keep it: £4,100,000 is missing."),
        ({"ends_on": "2026-03-31"}, "not after it begins on 1 April 2026"),
        ({"years": "41"}, "less than or equal to 40"),
        ({"years": "-1"}, "greater than or equal to 0"),
        ({"wave": "no id"}, "Enter a valid"),
    ],
)
def test_a_wave_that_the_fund_cannot_keep_is_refused_whole(page, wave, changed, said):
    typed = {
        "programme": str(wave.programme_id), "decision": str(wave.decision_id), "wave": "two",
        "years": "10", **TERM, **changed,
    }  # fmt: skip
    read = page.post(ADDRESS, {"step": "wave", "reference": "r", **typed})
    assert said in read.text
    assert (Step.objects.count(), Wave.objects.count()) == (0, 1)
    assert Fund.objects.count() == 1
