"""The whole walk in one picture from the ledger alone, and a forecast that nobody can burn."""

from datetime import date
from pathlib import Path

import pytest
from django.core.cache import caches

from doorstep.apps.fund.actions import (
    draw_down,
    give_back,
    keep_scenario,
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
from doorstep.apps.fund.models import AssetClass, Fund, Scenario, Step
from doorstep.apps.fund.verify_giving import verify_giving
from doorstep.apps.fund.walk import MOST_PLACES, entries, streams
from doorstep.apps.ledger.actions import reverse
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.places.actions import open_place
from doorstep.apps.refused import Refused
from doorstep.engine.forecast.command import text_of
from doorstep.site.pages import forecast
from tests.apps.people.signing_in import sign_in
from tests.apps.record.publishing import lift_seals
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
ON = {"on": DAY, "actor": ACTOR}
WHY = "An actuary looked at fifteen years of reclaims."
TERM = {"begins_on": date(2026, 4, 1), "ends_on": date(2036, 3, 31)}


def fund_with_places(number: int) -> Fund:
    fund = open_fund("uk", "The whole", splits=True, actor=ACTOR)
    receive_dormant(fund, AssetClass.BANK, 1_000_000, giver="A bank", idem_key="in", **ON)
    receive_match(fund, 200_000, giver="A trust", idem_key="m", **ON)
    pay_reclaim(fund, AssetClass.BANK, 10_000, idem_key="o", **ON)
    review_reserve(fund, AssetClass.BANK, 100_000, reason=WHY, on=DAY, actor=ACTOR)
    release(fund, AssetClass.BANK, 100_000, idem_key="r", **ON)
    pay_costs(fund, 5_000, payee="The office", idem_key="c", **ON)
    programme = set_aside(fund, "long", "Long-term", 500_000, idem_key="p", **ON)
    places = {
        open_place(
            f"place-{n}", f"Place {n}", "Alderdale", population=7_000, population_year=2024,
            population_source="Made up", boundary_year=2021, actor=ACTOR,
        ): 10_000 + n
        for n in range(number)
    }  # fmt: skip
    wave = promise_wave(programme, "one", places, years=10, **TERM, **ON)
    first = wave.shares.order_by("pk")[0]
    draw_down(first, 1_000, idem_key="d", **ON)
    give_back(
        fund, first.allocation.place, 100, reason="A hundred pence too many.", idem_key="b", **ON
    )
    return fund


def test_the_picture_is_the_ledger_and_every_post_adds_up():
    walked = {one[:2]: one.pence for one in streams(fund_with_places(2))}
    assert walked["dormant-bank", "reserve"] == 450_000
    assert walked["reserve", "released"] == 100_000
    assert walked["reserve", "owners"] == 10_000
    assert walked["released", "pot"] + walked["released", "nations"] == 650_000
    assert walked["programme-long", "wave-long-one"] == 20_001
    assert walked["wave-long-one", "place-place-1"] == 10_001
    assert walked["back", "pot"] == 100
    for post in ("released", "pot", "programme-long", "wave-long-one"):
        came = sum(pence for (_one, target), pence in walked.items() if target == post)
        assert came == sum(pence for (source, _two), pence in walked.items() if source == post)


def test_the_api_says_what_is_left_as_the_picture_does_and_its_figures_add_up(client):
    fund = fund_with_places(2)
    told = {one[:2]: one.pence for one in streams(fund)}
    (row,) = client.get("/api/v1/funds").json()["items"]
    assert row["left_pence"] == sum(
        pence for (_source, target), pence in told.items() if target == "left"
    )
    assert row["costs_pence"] == 5_000
    assert row["reclaimed_pence"] == 10_000
    assert row["nations_pence"] == told["released", "nations"]
    assert row["reserved_pence"] == 450_000 - 100_000 - 10_000
    assert (row["given_pence"], row["returned_pence"]) == (20_001, 100)
    gone = ("reserved", "reclaimed", "nations", "costs", "given", "left")
    came = row["arrived_pence"] + row["returned_pence"]
    assert came == sum(row[f"{name}_pence"] for name in gone)


def test_every_figure_leads_to_its_entries(page):
    fund = fund_with_places(2)
    read = page.get("/fund/")
    links = [link for link in read.links.values() if "/entries/?" in link]
    assert len(links) >= 10
    for link in set(links):
        assert page.get(link).all("td")
    found = entries(fund, "reserve", "owners")
    assert [one.pence for one in found] == [10_000]
    assert page.client.get("/fund/uk/entries/?from=pot&to=nowhere").status_code == 404
    assert "Long-term, wave one" in read.text


def test_a_reversal_takes_a_stream_back():
    fund = fund_with_places(1)
    costs = entries(fund, "pot", "costs")[0].journal
    reverse(costs, idem_key="undo", actor=ACTOR, reason="It was paid twice by mistake.")
    assert ("pot", "costs") not in {one[:2] for one in streams(fund)}


def test_of_very_many_places_the_largest_are_named(page, django_assert_max_num_queries):
    fund = fund_with_places(MOST_PLACES + 5)
    with django_assert_max_num_queries(1):
        walked = streams(fund)
    named = [one for one in walked if one.target.startswith("place-")]
    assert len(named) == MOST_PLACES - 1
    assert sum(one.target == "places" for one in walked) == 1
    assert "Other places" in page.get("/fund/").text


@pytest.fixture
def scenario() -> Scenario:
    for cache in caches.all():
        cache.clear()
    text = text_of(Path("millbrook")).replace("paths = 10_000", "paths = 200")
    return keep_scenario(open_fund("alderdale", "A fund", actor=ACTOR), text, actor=ACTOR)


def test_the_forecast_says_chance_promise_fan_tornado_seed_and_sources(page, scenario):
    read = page.get("/fund/alderdale/forecast/")
    assert "Every promise is kept in" in read.text
    assert "keep in 95 of 100 runs is £" in read.text
    assert "seed 20261128" in read.text
    assert scenario.sha256 in read.text
    assert "Made up: one and a half people" in read.text
    assert len([svg for svg in read.all("svg") if svg.get("class") == "fan"]) == 2
    assert "<script" not in read.html
    assert read.html.count('name="fund.return"') == 1
    assert len(read.html.encode()) < 60_000


def test_other_assumptions_give_another_answer_with_its_own_address(page, scenario):
    own = page.get("/fund/alderdale/forecast/")
    dark = page.get("/fund/alderdale/forecast/", {"fund.return": "-5", "match.ratio": "0"})
    assert own.text.split("of the runs")[0] != dark.text.split("of the runs")[0]
    assert 'value="-5"' in dark.html


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"fund.return": "abc"}, "The fund: return on the pot a year: enter a number from -"),
        ({"fund.return": "900"}, "enter a number from -"),
        (
            {"bank.pool_pounds": "-1"},
            "may still be transferred: enter a number from 0 to",
        ),
        ({"fund.return": "nan"}, "enter a number from"),
        ({"fund.return": "1e999"}, "enter a number from"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(page, scenario, typed, said):
    read = page.get("/fund/alderdale/forecast/", typed)
    assert said in read.text
    own = read.text.index("What follows is the fund’s own forecast.")
    assert read.text.index("There is a problem") < own < read.text.index("Every promise is kept in")


def test_nobody_burns_the_server(page, scenario, monkeypatch):
    ran = []
    monkeypatch.setattr(forecast, "forecast", lambda one: ran.append(one) or real(one))
    address = "/fund/alderdale/forecast/"
    for _again in range(3):
        page.get(address, {"fund.return": "1"})
    assert len(ran) == 1
    monkeypatch.setattr(forecast, "count_one", lambda key, seconds: 21)
    busy = page.get(address, {"fund.return": "2"}, status=429)
    assert "Too many forecasts were asked for" in busy.text
    assert 'value="2"' in busy.html
    assert page.get(address, {"fund.return": "1"}).status == 200
    page.get(address)
    assert len(ran) == 2


real = forecast.forecast


def test_a_page_never_runs_more_paths_than_it_may(scenario):
    text = scenario.text.replace("paths = 200", "paths = 1_000_000")
    assert forecast.bounded(forecast.read_scenario(text)).paths == 10_000


def test_a_scenario_is_kept_once_and_its_text_is_watched(scenario):
    assert keep_scenario(scenario.fund, scenario.text, actor=ACTOR) == scenario
    with pytest.raises(Refused, match="scenario"):
        keep_scenario(scenario.fund, "[scenario]", actor=ACTOR)
    lift_seals("fund_scenario")
    Scenario.objects.update(text="another")
    assert ["keeps another text" in one.sentence for one in verify_giving()] == [True]


def test_before_a_scenario_is_kept_the_page_says_so(page):
    open_fund("alderdale", "A fund", actor=ACTOR)
    assert "has not said yet" in page.get("/fund/alderdale/forecast/").text


def test_a_funder_takes_each_step_at_the_desk(page):
    fund = open_fund("alderdale", "A fund", actor=ACTOR)
    receive_dormant(fund, AssetClass.BANK, 1_000_000, giver="A bank", idem_key="in", **ON)
    funder = open_account("programme@fund.example", actor=ACTOR)
    give_role(funder, "funder", place=None, since=DAY, actor=ACTOR)
    address = "/fund/alderdale/desk/"
    assert page.client.get(address).status_code == 302
    sign_in(page.client, funder)
    assert address in page.get("/desk/").links.values()
    assert "Not reviewed yet" in page.get(address).text
    review = {"step": "review", "reference": "1", "asset_class": "bank", "pence": "2,000"}
    assert "Say why in 20" in page.post(address, {**review, "reason": "Because."}).text
    assert page.client.post(address, {**review, "reason": WHY}).status_code == 302
    assert ["Bank and building society accounts", "£4,500", "£2,500", "£2,000"] in page.get(
        address
    ).table(0)
    freed = {"step": "release", "reference": "2", "asset_class": "bank", "pence": "2000.01"}
    assert "At most £2,000 can be released" in page.post(address, freed).text
    for _twice in range(2):
        assert page.client.post(address, {**freed, "pence": "2000"}).status_code == 302
    assert Step.objects.count() == 1
    aside = {"step": "aside", "reference": "3", "programme": "long", "programme_name": "Long"}
    assert page.client.post(address, {**aside, "pence": "5000"}).status_code == 302
    paid = {"step": "costs", "reference": "4", "payee": "The office", "pence": "5500.01"}
    assert "only £5,500 is left" in page.post(address, paid).text
    assert "is not a sum of money" in page.post(address, {**paid, "pence": "some"}).text
    assert page.client.post(address, {"step": "nothing"}).status_code == 200
