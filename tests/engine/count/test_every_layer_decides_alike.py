"""Every layer of the engine gives the same outcome, byte for byte, as the written rule.

Fuzz comes first: toys full of ties, of projects that can exactly be afforded and of empty purses.
Real elections are numerous and large, and hardly ever unkind.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from doorstep.engine.count import Election, Project, Rule, canonical, count, election_of
from doorstep.engine.count.counting import entrants
from doorstep.engine.count.layers import NAMES, LayerError, layer_named
from doorstep.engine.count.tally import tally
from tests.engine.count.layers import layer_or_skip
from tests.engine.count.toys import toy

SOURCE = Path(__file__).parents[3] / "src"
FAST = [name for name in NAMES if name != "plain"]


def rules(election: Election, seed: int) -> list[Rule]:
    extra = {"cumulative": ["score"], "scoring": ["score"], "ordinal": ["borda"]}
    step = Fraction(1, 3) if seed % 5 == 0 else Fraction(1)
    found = [
        Rule(utility=utility, completion=completion, increment=step if "1" in completion else None,
             stop_when_exhaustive=seed % 3 == 0 and "1" in completion, seed="s")
        for utility in ["cost", "count", *extra.get(election.vote_type, [])]
        for completion in ("none", "add1", "add1u")
    ]  # fmt: skip
    if election.vote_type in ("approval", "choose-1"):
        found.append(Rule(name="phragmen"))
    return found


def assert_alike(election: Election, rule: Rule, fast: str) -> None:
    expected = count(election, rule, layer="plain")
    found = count(election, rule, layer=fast)
    assert canonical(found) == canonical(expected), (election.name, rule)
    assert found.shares == expected.shares, (election.name, rule)


@pytest.fixture(params=FAST)
def fast(request: pytest.FixtureRequest) -> str:
    return layer_or_skip(str(request.param)).name


@pytest.mark.parametrize("block", range(4))
def test_toys_full_of_ties(fast: str, block: int) -> None:
    for seed in range(40_000 + block * 200, 40_000 + block * 200 + 200):
        election = toy(seed)
        for rule in rules(election, seed):
            assert_alike(election, rule, fast)


REAL = (
    "Poland_Swiecie_2023.pb",
    "Switzerland_Zurich_D5.pb",
)


@pytest.mark.parametrize("file", REAL)
def test_real_elections(fast: str, real: Callable[[str], Election], file: str) -> None:
    for rule in rules(real(file), 1):
        assert_alike(real(file), rule, fast)


def project(key: str, cost: int | Fraction, **extra: str) -> Project:
    return Project(key, key, Fraction(cost), extra)


HUGE = 10**15
ODD = {
    "nobody voted": ([project("a", 5)], [], 10),
    "all ballots are blank": ([project("a", 5)], [[], []], 10),
    "some ballots are blank": ([project("a", 5), project("b", 6)], [[], ["a"], ["a", "b"]], 10),
    "a project is free": ([project("a", 0), project("b", 9), project("c", 4)], [["a"], ["b"]], 10),
    "nobody supports one": ([project("a", 5), project("b", 6)], [["a"], ["a"]], 10),
    "everything fits": ([project("a", 4), project("b", 5)], [["a"], ["a", "b"]], 10),
    "one is dearer than the pot": ([project("a", 11), project("b", 7)], [["a"], ["b"]], 10),
    "one is withdrawn": (
        [project("a", 8, withdrawn="yes"), project("b", 7), project("c", 6)],
        [["a", "b"], ["a"], ["c"]],
        10,
    ),
    "amounts have decimals": (
        [project("a", Fraction("3.35")), project("b", Fraction("6.66"))],
        [["a", "b"], ["b"], ["a"]],
        Fraction("9.99"),
    ),
    "costs are a million billion": (
        [project("a", HUGE), project("b", HUGE - 1), project("c", HUGE // 3)],
        [["a", "b"], ["b", "c"], ["a"]],
        2 * HUGE,
    ),
    "costs are beyond 64 bits": (
        [project("a", HUGE**2), project("b", HUGE**2 - 1), project("c", HUGE**2 // 3)],
        [["a", "b"], ["b", "c"], ["a"]],
        2 * HUGE**2,
    ),
}


@pytest.mark.parametrize("what", ODD)
def test_what_is_odd(fast: str, what: str) -> None:
    projects, votes, budget = ODD[what]
    election = election_of(name=what, projects=projects, votes=votes, budget=budget)
    step = max(Fraction(budget) / 50, Fraction(1, 2))
    for increment in (step, 1000 * step):  # the second is larger than the pot
        for utility in ("cost", "count"):
            for completion in ("none", "add1", "add1u"):
                rule = Rule(
                    utility=utility,
                    completion=completion,
                    increment=None if completion == "none" else increment,
                )
                assert_alike(election, rule, fast)
    assert_alike(election, Rule(name="phragmen"), fast)


WINNERS = {
    "nobody voted": [],
    "all ballots are blank": [],
    "some ballots are blank": ["a"],
    "a project is free": ["a", "b"],
    "nobody supports one": ["a"],
    "everything fits": ["a", "b"],
    "one is dearer than the pot": ["b"],
    "one is withdrawn": ["c"],
    "amounts have decimals": ["a"],
    "costs are a million billion": ["b", "a"],
    "costs are beyond 64 bits": ["b", "a"],
}


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_odd_gives_what_the_documents_say(name: str, what: str) -> None:
    layer = layer_or_skip(name).name
    projects, votes, budget = ODD[what]
    election = election_of(name=what, projects=projects, votes=votes, budget=budget)
    step = max(Fraction(budget) / 50, Fraction(1))
    outcome = count(election, Rule(completion="add1", increment=step), layer=layer)
    assert list(outcome.winners) == WINNERS[what]


@pytest.mark.parametrize("name", NAMES)
def test_the_first_step_may_be_larger_than_the_pot(name: str) -> None:
    layer = layer_or_skip(name).name
    projects = [project("a", 8), project("b", 7)]
    votes = [["a"], ["b"], ["a"]]
    election = election_of(name="toy", projects=projects, votes=votes, budget=10)
    outcome = count(election, Rule(completion="add1", increment=1000), layer=layer)
    assert outcome.winners == ()  # with 3.33 nobody can pay, and with 1,003.33 both would win
    assert outcome.shares is not None
    assert outcome.shares.steps == 0


def test_a_layer_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(LayerError, match="use kernel, numpy, plain"):
        count(toy(1, "approval"), layer="quickest")


def test_without_numpy_everything_is_counted_all_the_same() -> None:
    program = """
import sys
from fractions import Fraction
sys.modules["numpy"] = None
from doorstep.engine.count import LayerError, Project, canonical, count, election_of
projects = [Project("a", "A", Fraction(7)), Project("b", "B", Fraction(6))]
votes = [["a"], ["b"], ["a"]]
election = election_of(name="toy", projects=projects, votes=votes, budget=10)
print(canonical(count(election)))
try:
    count(election, layer="numpy")
except LayerError as error:
    print(error)
"""
    environment = {key: value for key, value in os.environ.items() if key != "DOORSTEP_COUNT_LAYER"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**environment, "PYTHONPATH": str(SOURCE)},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    counted, refused = done.stdout.splitlines()
    election = election_of(
        name="toy",
        projects=[Project("a", "A", Fraction(7)), Project("b", "B", Fraction(6))],
        votes=[["a"], ["b"], ["a"]],
        budget=10,
    )
    assert counted == canonical(count(election))
    assert refused.startswith("the layer numpy is not there")


def test_columns_hold_what_lists_hold(fast: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTEP_COUNT_LAYER", fast)
    for seed in range(60_000, 60_600):
        election = toy(seed)
        for rule in rules(election, seed):
            ready = tally(election, rule.settled(election))
            columns = ready.columns
            assert columns is not None
            found = ready.supporters.entries
            assert (found.votes, found.parts) == (ready.votes, ready.parts)
            for p, groups in enumerate(ready.support):
                stretch = slice(columns.start[p], columns.start[p + 1])
                members = columns.members[stretch].tolist()
                each = [1] * len(members) if columns.each is None else columns.each[stretch]
                pairs = sorted((b, part) for part, ballots in groups for b in ballots)
                assert pairs == list(zip(members, each, strict=True)), (seed, rule, p)


def test_the_steps_that_are_proved_are_those_that_are_counted(fast: str) -> None:
    """An interval of add1 that a fast layer proved holds at each of its steps."""
    proved = 0
    for seed in range(50_000, 50_300):
        election = toy(seed, "approval")
        rule = Rule(increment=Fraction(1, 7)).settled(election)
        ready = tally(election, rule)
        taking_part = entrants(election, rule, ready)
        if not taking_part or sum(ready.cost[p] for p in taking_part) <= ready.pot:
            continue
        first = ready.pot // ready.voters
        ended = layer_named(fast).add1(ready, taking_part, first, stop_when_exhaustive=False)
        reached = 0
        for one in ended.intervals:
            assert one.first in (reached, reached + 1)
            reached = one.last
            for step in range(one.first, one.last + 1):
                rounds = layer_named("plain").equal_shares(
                    ready, taking_part, first + step * ready.step
                )
                assert tuple(each.project for each in rounds) == one.winners, (seed, step)
            proved += one.last - one.first
        assert reached == ended.steps
    assert proved > 1_000
