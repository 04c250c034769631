"""A certificate of the engine is proved by a verifier that shares no line with the engine.

Both are exact, so they must agree on every rule, every kind of ballot and every field.
"""

import ast
import io
import json
import os
import subprocess
import sys
import tokenize
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from doorstep.engine.count import (
    Election,
    Project,
    Rule,
    certificate,
    count,
    election_of,
    read_pabulib,
    write_pabulib,
)
from doorstep.engine.seal.recount import found, read_ballots
from doorstep.engine.seal.recount.law import Count, Shares
from tests.engine.count.certified import certified, rules_of, there, verdict
from tests.engine.count.toys import toy

SOURCE = Path(__file__).parents[3] / "src"
RECOUNT = SOURCE / "doorstep" / "engine" / "seal" / "recount"
LAYERS = [one for one in ("kernel", "numpy", "plain") if there(one)]
CITIES = (
    ("Poland_Swiecie_2023.pb", Rule(completion="add1")),
    ("Poland_Lodz_2022.pb", Rule(completion="none")),
    ("Poland_Warszawa_2026_Srodmiescie_Polnocne.pb", Rule()),
    ("Poland_Warszawa_2018_Niskie_Okecie.pb", Rule(name="phragmen")),
    ("France_Toulouse_2019.pb", Rule(utility="score")),
    ("Poland_Lodz_2022_Andrzejow.pb", Rule(name="greedy")),
)


@pytest.mark.parametrize("block", range(6))
def test_every_rule_on_elections_full_of_ties(block: int) -> None:
    for seed in range(40_000 + 50 * block, 40_050 + 50 * block):
        pb = write_pabulib(toy(seed))
        for rule in rules_of(read_pabulib(pb)):
            claim = certified(pb, rule)
            if claim is not None:
                said = verdict(claim, pb)
                assert said.startswith("Right: "), (seed, rule, said)
                for layer in LAYERS:
                    assert certified(pb, rule, layer=layer) == claim, (seed, rule, layer)


@pytest.mark.parametrize(("name", "rule"), CITIES)
def test_real_cities(elections: Path, name: str, rule: Rule) -> None:
    pb = (elections / name).read_bytes()
    assert verdict(certificate(count(read_pabulib(pb), rule)), pb).startswith("Right: ")


def test_a_hundred_thousand_steps_are_proved_in_a_few_hundred_runs(
    elections: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Veszprém 2025 takes 113,666 steps of one forint; each is covered by a proved stretch."""
    pb = (elections / "Hungary_Veszprem_2025.pb").read_bytes()
    rule = Rule(completion="add1").settled(read_pabulib(pb))
    ran = list[int]()
    proved = Shares.proved

    def counted(run: Shares) -> bool:
        ran.append(1)
        return proved(run)

    monkeypatch.setattr(Shares, "proved", counted)
    shares = found(read_ballots(pb), rule.as_dict(), [], lambda step: None)["shares"]
    assert shares["steps"] == 113_666
    assert len(ran) < 1_000


def test_a_sandwich_that_is_proved_holds_for_every_share_between() -> None:
    """The lemma itself, by brute force: all shares between two that are proved fund the same."""
    wide = 0
    for seed in range(50_000, 50_400):
        pb = write_pabulib(toy(seed))
        for utility in ("cost", "count"):
            rule = Rule(completion="add1", utility=utility).settled(read_pabulib(pb))
            counted = Count(read_ballots(pb), rule.as_dict())
            if not counted.voters:
                continue
            first = counted.pot // counted.voters
            step = max(counted.unit // 4, 1)
            orders = []
            for number in range(9):
                run = Shares(counted, first + number * step)
                assert run.proved()
                orders.append([one.project for one in run.rounds])
            for low in range(9):
                for high in range(low + 1, 9):
                    run = Shares(counted, first + low * step, first + high * step)
                    if run.proved():
                        wide += 1
                        order = [one.project for one in run.rounds]
                        assert all(one == order for one in orders[low : high + 1]), seed
    assert wide > 1_000


def test_where_the_certificate_says_it_changed_is_only_a_hint() -> None:
    """Whatever a certificate claims of its steps, the verifier finds the same."""
    for seed in range(60_000, 60_060):
        pb = write_pabulib(toy(seed))
        rule = Rule(completion="add1").settled(read_pabulib(pb)).as_dict()
        ballots = read_ballots(pb)
        plain = found(ballots, rule, [], lambda step: None)
        for hints in ([1], [2, 3, 5], [10**9], [-4, 0, 7], list(range(60))):
            assert found(ballots, rule, hints, lambda step: None) == plain, (seed, hints)


def test_the_history_tells_where_steps_chose_otherwise_and_what_ended_them() -> None:
    ended, overspent = 0, 0
    for seed in range(70_000, 70_300):
        election = read_pabulib(write_pabulib(toy(seed)))
        outcome = count(election, Rule(completion="add1"))
        if not outcome.shares:
            continue
        firsts = [one.first for one in outcome.shares.history]
        assert firsts[0] == 0
        assert all(one < other for one, other in pairwise(firsts))
        last = outcome.shares.history[-1]
        if last.spent > outcome.budget:
            overspent += 1
            assert last.first == outcome.shares.steps + 1
        else:
            ended += 1
            assert last.first <= outcome.shares.steps
    assert ended > 50
    assert overspent > 50


def test_an_election_without_a_voter_and_one_without_a_project_that_fits() -> None:
    alone, free = Project("a", "A", Fraction(5)), Project("a", "A", Fraction(0))
    for election in (
        election_of(name="x.pb", projects=[alone], votes=[], budget=10),
        election_of(name="x.pb", projects=[alone], votes=[["a"], []], budget=2),
        election_of(name="x.pb", projects=[alone], votes=[[], []], budget=10),
        election_of(name="x.pb", projects=[free], votes=[["a"]], budget=1),
    ):  # fmt: skip
        pb = write_pabulib(election)
        for rule in rules_of(election):
            claim = certified(pb, rule)
            assert claim is None or verdict(claim, pb).startswith("Right: "), rule


def test_the_verifier_loads_nothing_but_itself_and_the_standard_library() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules);"
        "import doorstep.engine.seal.recount;"
        "print(*sorted(name for name in set(sys.modules) - before"
        " if name.split('.')[0] not in sys.stdlib_module_names))"
    )
    said = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(SOURCE)],
        capture_output=True, check=True, text=True, timeout=60,
    ).stdout.split()  # fmt: skip
    room = "doorstep.engine.seal"
    assert set(said) <= {"doorstep", "doorstep.engine", room} | {
        f"{room}.recount{part}"
        for part in ("", ".ballots", ".carried", ".law", ".certificate", ".command")
    }


def test_the_law_is_a_hundred_lines_at_most() -> None:
    """Lines of code between the two marks; what explains them is not counted."""
    text = (RECOUNT / "law.py").read_text(encoding="utf-8")
    law = text[text.index("# Equal Shares: begin") : text.index("# Equal Shares: end")]
    explains = {
        line
        for node in ast.walk(ast.parse(law))
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node)
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    empty = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    code = {
        line
        for token in tokenize.generate_tokens(io.StringIO(law).readline)
        if token.type not in (*empty, tokenize.ENDMARKER)
        for line in range(token.start[0], token.end[0] + 1)
    }
    assert 50 < len(code - explains) <= 100


def test_a_certificate_is_small_and_the_same_whatever_the_hash_seed(elections: Path) -> None:
    path = elections / "Poland_Swiecie_2023.pb"
    code = (
        "import sys; from doorstep.engine.count import *;"
        "sys.stdout.buffer.write(certificate(count(read_pabulib(sys.argv[1]))))"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code, str(path)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(SOURCE)},
            capture_output=True, check=True, timeout=120,
        ).stdout
        for seed in ("0", "7")
    }  # fmt: skip
    assert len(made) == 1
    assert len(made.pop()) < 10_000


def test_two_numbers_of_voters_paid_and_what_is_left_add_up(
    real: Callable[[str], Election],
) -> None:
    """The certificate's own sums, from its own figures: shares are paid out to the last part."""
    outcome = count(real("Poland_Swiecie_2023.pb"), Rule(completion="add1"))
    claim = json.loads(certificate(outcome))
    assert Fraction(claim["spent"]) == sum(Fraction(one["cost"]) for one in claim["winners"])
    for one in claim["winners"]:
        assert one["paid_in_full"] <= one["votes"]
        assert Fraction(one["price"]) * one["paid_in_full"] <= Fraction(one["cost"])
    for one in claim["others"]:
        assert one["left"] is None or Fraction(one["left"]) < Fraction(one["cost"])
