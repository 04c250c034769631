"""Every combination is the scenario with those values, here and on a cluster of its own."""

from dataclasses import replace
from importlib.resources import files

import pytest

from doorstep.engine.count.command import ClusterError
from doorstep.engine.forecast import (
    ForecastError,
    Scenario,
    forecast,
    read_scenario,
    read_varied,
    sweep,
)
from doorstep.engine.forecast.report import sweep_report

MILLBROOK = files("doorstep.engine.forecast").joinpath("data", "millbrook.toml").read_text("utf-8")
VARIED = {"fund.return": [0.01, 0.03], "match.ratio": [0.0, 1.0]}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return replace(read_scenario(MILLBROOK), paths=500)


def test_each_row_is_the_forecast_with_those_values(scenario: Scenario) -> None:
    points = sweep(scenario, VARIED)
    assert [tuple(point.values.values()) for point in points] == [
        (0.01, 0.0), (0.01, 1.0), (0.03, 0.0), (0.03, 1.0),
    ]  # fmt: skip
    for point in points:
        changed = scenario
        for name, value in point.values.items():
            changed = changed.having(name, value)
        answer = forecast(changed, tornado=False)
        assert (point.kept, point.yearly) == (answer.kept, answer.yearly)
    text = sweep_report(scenario, points)
    assert len(text.splitlines()) == 6
    assert all(len(line) <= 80 for line in text.splitlines())


def test_a_cluster_says_the_same(scenario: Scenario) -> None:
    distributed = pytest.importorskip("distributed")
    quiet = {"processes": False, "dashboard_address": None, "n_workers": 1}
    with distributed.LocalCluster(**quiet, protocol="tcp", host="127.0.0.1") as cluster:
        there = sweep(scenario, VARIED, dask=cluster.scheduler_address)
    assert there == sweep(scenario, VARIED)


def test_what_cannot_be_swept_is_refused(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_varied(scenario, ["fund.return=0.01,0.03"]) == {"fund.return": [0.01, 0.03]}
    for given, why in (
        (["fund.retrun=0.1"], "no assumption 'fund.retrun'. Did you mean fund.return"),
        (["fund.return"], "is no list of values"),
        (["fund.return=0.1,,0.2"], "is no list of values"),
        (["fund.return=nan"], "fund.return is nan, and it must lie between"),
        (["bank.reclaim_share=1.5"], "bank.reclaim_share is 1.5, and it must lie between 0 and 1"),
        (["fund.return=0.1", "fund.return=0.2"], "varied twice"),
    ):
        with pytest.raises(ForecastError, match=why):
            read_varied(scenario, given)
    with pytest.raises(ForecastError, match="needs values"):
        sweep(scenario, {})
    with pytest.raises(ForecastError, match="at most 10,000 combinations"):
        sweep(scenario, {"fund.return": [0.0] * 101, "match.ratio": [1.0] * 100})
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(ClusterError, match="needs Dask, which is not installed"):
        sweep(scenario, VARIED, dask="tcp://127.0.0.1:1")
