"""Whatever stands in a scenario file, it is run as it says or refused in words."""

from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.engine.forecast import ForecastError, forecast, read_scenario, text_report

MILLBROOK = files("doorstep.engine.forecast").joinpath("data", "millbrook.toml").read_text("utf-8")


def put(old: str, new: str) -> str:
    assert old in MILLBROOK, old
    return MILLBROOK.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", r"\[scenario\] is missing"),
        ("[scenario", "scenario.toml: "),
        (put("seed = 20261128", "seed = " + "9" * 5_000), "scenario.toml: Exceeds the limit"),
        (put("seed = 20261128", ""), "seed is None; write a whole number"),
        (put("seed = 20261128", "seed = -1"), "seed is -1"),
        (put("paths = 10_000", "paths = 9"), "paths is 9; write a whole number, 100 to 1000000"),
        (put("paths = 10_000", "paths = 100_000_000"), "paths is 100000000"),
        (put("years = 40", "years = 400"), "years is 400"),
        (put("years = 40", "years = true"), "years is True"),
        (put('policy = "fixed"', 'policy = "generous"'), "no policy 'generous': use fixed"),
        (put("[fund]", "[found]"), "nobody knows what 'found' means"),
        (put("opening_pounds", "openning_pounds"), "nobody knows what 'openning_pounds' means"),
        (put("value = 3_400_000", "value = -3_400_000"), "opening_pounds is -3,400,000, and"),
        (put("value = 3_400_000", "value = nan"), "cannot be nan"),
        (put("value = 3_400_000", "value = inf"), "cannot be inf"),
        (put("value = 3_400_000", "value = 1e300"), "must lie between 0 and"),
        (put("value = 3_400_000", 'value = "much"'), "cannot be 'much'"),
        (put("value = 3_400_000", "value = true"), "cannot be True"),
        (put("low = 40_000", "low = 70_000"), "60000 does not lie between 70000 and 90000"),
        (put("transfer_share = { value = 0.08", "transfer_share = { value = 1.08"),
         "transfer_share is 1.08, and it must"),
        (put("reclaim_half_life = { value = 6, low = 3", "reclaim_half_life = { value = 6, low=0"),
         "bank.reclaim_half_life is 0"),
        (put("transferred_so_far_pounds = { value = 5_200_000, source = \"Made up\" }",
             "transferred_so_far_pounds = 10\nreclaimed_so_far_pounds = 11"),
         "bank: more was reclaimed than was ever transferred"),
        (put('id = "insurance"', 'id = "bank"'), "class 2 cannot be called 'bank'"),
        (put('id = "insurance"', 'id = "fund"'), "class 2 cannot be called 'fund'"),
        (put('id = "bank"', ""), "class 1: id is words"),
        (put("pool_pounds = { value = 9_000_000, low = 6_000_000, high = 12_000_000, "
             'source = "Made up" }', ""), "bank.pool_pounds is missing: dormant money that may"),
        (put("year = 2041", "year = 2025"), "Six more runs from 2025 to 2039, and the"),
        (put("year = 2041", "year = 2052"), "Six more runs from 2052 to 2066, and the"),
        (put("places = 6", "places = 0"), "places is 0"),
        (put("pounds_each = 2_300_000", "pounds_each = -1"), "wave 3, pounds_each is -1"),
        (put("pounds_each = 2_300_000", ""), "either places and pounds_each, or"),
        (put("1_350_000, ", "-1_350_000, "), "wave 1, awards_pounds is -1,350,000"),
        (put("[1_600_000, 1_350_000, 1_250_000]", "[]"), "a list with one sum for each place"),
        (put("[0.05, 0.08,", "[0.15, 0.08,"), "draw_down comes to 1.1, and not to 1"),
        (put("[0.05, 0.08,", "[-0.05, 0.18,"), "draw_down is -0.05"),
        (put('name = "Six more"', 'name = "East, West and Wharf"'), "two waves are called"),
        (MILLBROOK + "\n[wave2]\n", "nobody knows what 'wave2' means"),
        (put("with_prices = false", "with_prices = 0"), "is true or false"),
        (MILLBROOK.split("[[wave]]")[0], r"there is no \[\[wave\]\]"),
        (MILLBROOK.split("[[class]]")[0], r"there is no \[\[class\]\]"),
    ],
)  # fmt: skip
def test_a_scenario_that_cannot_be_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(ForecastError, match=why):
        read_scenario(text)


def test_nothing_promised_is_refused() -> None:
    empty = "wave = []\n" + MILLBROOK.split("[[wave]]")[0]
    with pytest.raises(ForecastError, match="nothing is promised"):
        forecast(read_scenario(empty))


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_scenario_changed_at_random_runs_or_is_refused(data: st.DataObject) -> None:
    lines = MILLBROOK.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["drop", "twice", "cut", "number", "text"]))
        if change == "drop":
            lines[at] = ""
        elif change == "twice":
            lines.insert(at, lines[at])
        elif change == "cut":
            lines[at] = lines[at][: data.draw(st.integers(0, 40))]
        elif change == "number":
            number = data.draw(
                st.sampled_from(["0", "-1", "1e9", "0.5", "nan", "99", "2041", "{}"])
            )
            lines[at] = f"{lines[at].split('=')[0]}= {number}"
        else:
            lines[at] += data.draw(st.text(max_size=5))
    try:
        scenario = replace(read_scenario("\n".join(lines)), paths=100)
        answer = forecast(scenario, tornado=False)
    except ForecastError as refusal:
        event = str(refusal)
    else:
        event = text_report(answer)
        assert 0 <= answer.kept <= 1
        assert "nan" not in event
    assert event
