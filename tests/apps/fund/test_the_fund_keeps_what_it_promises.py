"""Reviews, releases, nations, programmes, waves, draw-downs: each keeps what was promised."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from doorstep.apps.fund import accounts, rules
from doorstep.apps.fund.actions import (
    allocate,
    draw_down,
    end_term,
    give_back,
    open_fund,
    pay_costs,
    pay_reclaim,
    promise_wave,
    receive_dormant,
    receive_match,
    release,
    review_reserve,
    set_aside,
)
from doorstep.apps.fund.flows import nation_parts
from doorstep.apps.fund.models import (
    Allocation,
    AssetClass,
    DrawDown,
    Fund,
    Programme,
    Release,
    Review,
    Wave,
    WaveShare,
)
from doorstep.apps.fund.verify import verify_fund
from doorstep.apps.fund.verify_giving import verify_giving
from doorstep.apps.ledger.queries import balances
from doorstep.apps.places.actions import open_place
from doorstep.apps.places.models import Place
from doorstep.apps.refused import Refused
from tests.apps.record.publishing import lift_seals
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
WHY = "An actuary looked at fifteen years of reclaims."
TERM = {"begins_on": date(2026, 4, 1), "ends_on": date(2036, 3, 31)}
ON = {"on": DAY, "actor": ACTOR}


@pytest.fixture
def fund() -> Fund:
    made = open_fund("alderdale", "A fund", actor=ACTOR)
    receive_dormant(made, AssetClass.BANK, 1_000_000, giver="A bank", idem_key="in", **ON)
    return made


@pytest.fixture
def places() -> list[Place]:
    return [
        open_place(
            slug, slug.title(), "Alderdale", population=7_000, population_year=2024,
            population_source="Made up", boundary_year=2021, actor=ACTOR,
        )
        for slug in ("east", "west")
    ]  # fmt: skip


@pytest.fixture
def programme(fund) -> Programme:
    return set_aside(fund, "places", "Long-term places", 500_000, idem_key="aside", **ON)


def held(code: str) -> int:
    return balances([code])[code]


def sound() -> bool:
    return not [*verify_fund(), *verify_giving()]


def test_a_release_never_eats_the_reserve(fund):
    with pytest.raises(Refused, match="Nobody has reviewed"):
        release(fund, AssetClass.BANK, 1, idem_key="r", **ON)
    review_reserve(fund, AssetClass.BANK, 200_000, reason=WHY, on=DAY, actor=ACTOR)
    with pytest.raises(Refused, match=r"£2,500 must stay for owners\. At most £2,000 can"):
        release(fund, AssetClass.BANK, 200_001, idem_key="r", **ON)
    made = release(fund, AssetClass.BANK, 200_000, idem_key="r", **ON)
    assert (made.required_pence, made.left_pence) == (250_000, 250_000)
    assert release(fund, AssetClass.BANK, 200_000, idem_key="r", **ON) == made
    assert held("alderdale:pot") == 750_000
    assert sound()


def test_after_a_darker_review_nothing_more_is_released(fund):
    review_reserve(fund, AssetClass.BANK, 0, reason=WHY, on=DAY, actor=ACTOR)
    review_reserve(fund, AssetClass.BANK, 400_000, reason=WHY, on=DAY, actor=ACTOR)
    with pytest.raises(Refused, match="At most £0 can be released"):
        release(fund, AssetClass.BANK, 1, idem_key="r", **ON)
    for expected in (-1, 2.5, True):
        with pytest.raises(Refused, match="whole pence"):
            review_reserve(fund, AssetClass.BANK, expected, reason=WHY, actor=ACTOR)


def test_the_database_itself_refuses_a_release_that_eats_the_reserve(fund):
    review = review_reserve(fund, AssetClass.BANK, 200_000, reason=WHY, on=DAY, actor=ACTOR)
    made = release(fund, AssetClass.BANK, 200_000, idem_key="r", **ON)
    other = fund.arrivals.get().journal
    row = {"fund": fund, "asset_class": "bank", "review": review, "pence": 1, "journal": other}
    assert made.left_pence == 250_000
    for required, left, why in (
        (250_001, 250_000, "release_never_eats_the_reserve"),
        (250_000, 300_000, "as the ledger has it"),
        (199_999, 250_000, "last review"),
    ):
        with pytest.raises(IntegrityError, match=why), transaction.atomic():
            Release.objects.create(**row, required_pence=required, left_pence=left)


def test_an_owner_is_paid_while_the_fund_holds_a_pound_that_is_not_promised(
    fund, programme, places
):
    promise_wave(programme, "one", {places[0]: 300_000}, years=10, **TERM, **ON)
    with pytest.raises(Refused, match="of this class only £10,000 came"):
        pay_reclaim(fund, AssetClass.BANK, 1_000_001, idem_key="o", **ON)
    with pytest.raises(Refused, match="the fund holds £7,000 that is not promised"):
        pay_reclaim(fund, AssetClass.BANK, 700_001, idem_key="o", **ON)
    paid = pay_reclaim(fund, AssetClass.BANK, 700_000, idem_key="o", **ON)
    assert [line.pence for line in paid.transfers.order_by("line")] == [450_000, 50_000, 200_000]
    assert held("alderdale:due:east") == 300_000
    assert pay_reclaim(fund, AssetClass.BANK, 700_000, idem_key="o", **ON) == paid
    with pytest.raises(Refused):
        pay_reclaim(fund, AssetClass.BANK, 699_999, idem_key="o", **ON)
    assert sound()


def test_what_a_national_fund_releases_is_split_to_the_penny():
    fund = open_fund("uk", "The whole", splits=True, actor=ACTOR)
    receive_dormant(fund, AssetClass.BANK, 1_000_003, giver="A bank", idem_key="in", **ON)
    freed = 1_000_003 - 450_002
    parts = nation_parts(freed, DAY)
    assert sum(parts.values()) == freed
    assert parts["england"] == held("uk:pot") == 461_451
    assert held("world:uk:nation:scotland") == parts["scotland"]
    assert held("uk:released") == 0
    with pytest.raises(Refused, match=r"the rule allows £4,614\.51"):
        receive_match(fund, 461_452, giver="A trust", idem_key="m", **ON)
    receive_match(fund, 461_451, giver="A trust", idem_key="m", **ON)
    review_reserve(fund, AssetClass.BANK, 0, reason=WHY, on=DAY, actor=ACTOR)
    release(fund, AssetClass.BANK, 1_000, idem_key="r", **ON)
    assert held("uk:pot") == 2 * 461_451 + 839
    assert sound()


def test_a_match_over_its_cap_is_refused(fund):
    big = open_fund("big", "Big", actor=ACTOR)
    receive_dormant(big, AssetClass.BANK, 30_000_000_000, giver="A bank", idem_key="b", **ON)
    with pytest.raises(Refused, match="at most £87,500,000 was promised in all"):
        receive_match(big, 8_750_000_001, giver="A trust", idem_key="m", **ON)
    receive_match(big, 8_750_000_000, giver="A trust", idem_key="m", **ON)
    with pytest.raises(Refused, match="Record a match of up to £0"):
        receive_match(big, 1, giver="A trust", idem_key="m2", **ON)


def test_running_the_fund_is_paid_from_the_pot_alone(fund):
    pay_costs(fund, 50_000, payee="The office", idem_key="c", **ON)
    assert held("world:alderdale:costs") == 50_000
    with pytest.raises(Refused, match="only £5,000 is left"):
        pay_costs(fund, 500_001, payee="The office", idem_key="c2", **ON)
    with pytest.raises(Refused, match="Say who"):
        pay_costs(fund, 1, payee=" ", idem_key="c3", **ON)


def test_a_wave_that_the_fund_cannot_keep_is_refused_whole(fund, programme, places):
    with pytest.raises(Refused, match=r"could not keep it: £0\.01 is missing"):
        promise_wave(
            programme, "one", {places[0]: 300_000, places[1]: 200_001}, years=10, **TERM, **ON
        )
    assert not Wave.objects.exists()
    assert held("alderdale:programme:places") == 500_000
    wave = promise_wave(
        programme, "one", {places[0]: 300_000, places[1]: 200_000}, years=10, **TERM, **ON
    )
    again = promise_wave(
        programme, "one", {places[1]: 200_000, places[0]: 300_000}, years=10, **TERM, **ON
    )
    assert again == wave
    with pytest.raises(Refused, match="with other places or sums"):
        promise_wave(programme, "one", {places[0]: 300_000}, years=10, **TERM, **ON)
    with pytest.raises(Refused, match="above nothing"):
        promise_wave(programme, "two", {places[0]: 0}, years=10, **TERM, **ON)
    assert held(accounts.wave("alderdale", "places-one")) == 0
    assert sound()


def test_a_place_draws_what_is_due_and_carries_the_rest_over(fund, programme, places, monkeypatch):
    late = date(2036, 4, 2)
    monkeypatch.setattr("doorstep.apps.fund.actions.money.timezone.localdate", lambda: late)
    wave = promise_wave(programme, "one", {places[0]: 300_005}, years=10, **TERM, **ON)
    share = wave.shares.get()
    assert share.yearly[:6] == [30_001] * 5 + [30_000]
    draw_down(share, 10_000, idem_key="d1", **ON)
    with pytest.raises(Refused, match=r"£200\.01 can be drawn now; what is not"):
        draw_down(share, 20_002, idem_key="d2", **ON)
    next_year = {"on": date(2027, 4, 1), "actor": ACTOR}
    with pytest.raises(Refused, match=r"£500\.02 can be drawn"):
        draw_down(share, 50_003, idem_key="d2", **next_year)
    made = draw_down(share, 50_002, idem_key="d2", **next_year)
    assert draw_down(share, 50_002, idem_key="d2", **next_year) == made
    assert held("place:east:available") == 60_002
    with pytest.raises(Refused, match="This term runs to 31 March 2036"):
        end_term(share, on=date(2036, 3, 31), actor=ACTOR)
    with pytest.raises(Refused, match="term of this share has ended"):
        draw_down(share, 1, idem_key="d3", on=date(2036, 4, 1), actor=ACTOR)
    back = end_term(share, on=date(2036, 4, 1), actor=ACTOR)
    assert end_term(share, on=date(2036, 4, 2), actor=ACTOR) == back
    assert held("alderdale:pot") == 50_000 + 300_005 - 60_002
    give_back(
        fund, places[0], 2, reason="The last two pennies were not needed.", idem_key="b", **ON
    )
    assert held("place:east:available") == 60_000
    assert sound()


def test_a_share_given_at_once_needs_no_draw_down(fund, programme, places):
    wave = promise_wave(programme, "one", {places[0]: 300_000}, years=0, **TERM, **ON)
    assert held("place:east:available") == 300_000
    with pytest.raises(Refused, match="£0 can be drawn now"):
        draw_down(wave.shares.get(), 1, idem_key="d", **ON)
    assert sound()


def test_a_reserve_is_not_reviewed_on_a_day_that_has_not_come(fund):
    with pytest.raises(Refused, match="1 June 2126 has not come yet"):
        review_reserve(fund, AssetClass.BANK, 1, reason=WHY, on=date(2126, 6, 1), actor=ACTOR)


def test_the_database_itself_keeps_shares_and_draw_downs_in_bounds(fund, programme, places):
    wave = promise_wave(programme, "one", {places[0]: 100_000}, years=1, **TERM, **ON)
    other = promise_wave(programme, "two", {places[1]: 5_000}, years=1, **TERM, **ON)
    share = wave.shares.get()
    made = draw_down(share, 1, idem_key="d", **ON)
    with pytest.raises(IntegrityError, match="more than its share"), transaction.atomic():
        DrawDown.objects.create(
            share=share, pence=100_000, drawn_on=DAY, journal=Wave.objects.get(slug="two").journal
        )
    with pytest.raises(IntegrityError, match="more than it promised"), transaction.atomic():
        WaveShare.objects.create(wave=other, allocation=promise_loose(fund, places[0]), yearly=[])
    assert made.pence == 1


def promise_loose(fund: Fund, place: Place) -> Allocation:
    return allocate(fund, place, 10, **TERM, idem_key="loose", **ON)


@pytest.mark.parametrize(
    ("table", "change", "fault"),
    [
        ("fund_release", lambda: Release.objects.update(pence=5), "moved other money"),
        ("fund_review", lambda: Review.objects.update(expected_pence=1), "says another thing"),
        ("fund_wave", lambda: Wave.objects.update(pence=400_000), "moved other money"),
        ("fund_waveshare", lambda: WaveShare.objects.update(yearly=[1]), "do not come to it"),
        ("fund_drawdown", lambda: DrawDown.objects.update(pence=2), "moved other money"),
        ("fund_drawdown", lambda: DrawDown.objects.all().delete(), "its row is gone"),
    ],
)
def test_what_was_changed_behind_our_back_is_noticed(fund, programme, places, table, change, fault):
    review_reserve(fund, AssetClass.BANK, 200_000, reason=WHY, on=DAY, actor=ACTOR)
    release(fund, AssetClass.BANK, 100_000, idem_key="r", **ON)
    wave = promise_wave(programme, "one", {places[0]: 300_000}, years=10, **TERM, **ON)
    draw_down(wave.shares.get(), 1_000, idem_key="d", **ON)
    lift_seals(table)
    change()
    assert any(fault in one.sentence for one in verify_giving())


@given(st.integers(0, 10**15))
def test_the_nations_parts_are_the_release(pence: int) -> None:
    assert sum(nation_parts(pence, DAY).values()) == pence


@given(st.integers(1, 10**12), st.integers(1, 40))
def test_the_years_of_a_share_are_the_share(pence: int, years: int) -> None:
    parts = rules.yearly_parts(pence, years)
    assert sum(parts) == pence
    assert max(parts) - min(parts) <= 1
    assert rules.due_so_far(parts, date(2026, 4, 1), date(2026, 3, 31)) == 0
