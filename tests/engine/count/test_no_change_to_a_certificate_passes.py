"""Every number, name, id, boolean and order in a certificate, and every ballot, changed in turn.

Two kinds of change: by accident (the digest stays) and by a forger, who makes the digest fit. The
first is always detected. The second passes only where it is no lie: another setting under which
these very ballots give the very same certificate.
"""

import copy
import json
import random
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from doorstep.engine.count import Rule, certificate, count, read_pabulib, write_pabulib
from doorstep.engine.seal.recount import certificate as recount
from doorstep.engine.seal.recount import found, law, read_ballots
from tests.engine.count.certified import canonical, certified, redigested, rules_of, verdict
from tests.engine.count.toys import toy


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value, containers too."""
    if path:
        yield path
    for key, inner in (
        value.items() if isinstance(value, dict)
        else enumerate(value) if isinstance(value, list) else ()
    ):  # fmt: skip
        yield from places(inner, (*path, key))


def changes(value: Any) -> list[Any]:
    """Other values that one place could hold."""
    if isinstance(value, bool):
        return [not value, None]
    if isinstance(value, int):
        return [value + 1, value - 1, str(value), True]
    if isinstance(value, str):
        near = [value + "1", value[:-1], value.swapcase(), "x"]
        if "/" in value and value.replace("/", "").isdigit():
            above, below = value.split("/")
            near += [f"{int(above) + 1}/{below}", f"{2 * int(above)}/{2 * int(below)}"]
        return [one for one in near if one != value] + [None]
    if isinstance(value, list):
        return [[*value, "x"], *([value[1:], value[:-1], value[::-1]] if len(value) > 1 else [])]
    if isinstance(value, dict):
        return [
            {**value, "extra": 1},
            *({k: v for k, v in value.items() if k != out} for out in value),
        ]
    return [0, "", False, "1"]


def forged(claim: dict[str, Any]) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """The certificate with one place changed, or two neighbours of a list exchanged."""
    for path in places(claim):
        *way, last = path
        for other in changes(_at(claim, path)):
            made = copy.deepcopy(claim)
            _at(made, way)[last] = other
            yield path, made
        if isinstance(last, int) and last:
            made = copy.deepcopy(claim)
            row = _at(made, way)
            row[last - 1], row[last] = row[last], row[last - 1]
            if made != claim:
                yield path, made


def _at(value: Any, path: Any) -> Any:
    for key in path:
        value = value[key]
    return value


def same_json(one: Any, other: Any) -> bool:
    return canonical({"": one}) == canonical({"": other})


CASES = [(seed, rule) for seed in range(80_000, 80_010) for rule in range(0, 60, 7)]


@pytest.mark.parametrize(("seed", "number"), CASES)
def test_every_field_of_made_up_elections(seed: int, number: int) -> None:
    pb = write_pabulib(toy(seed))
    rules = rules_of(read_pabulib(pb))
    made = certified(pb, rules[number % len(rules)])
    if made is None:
        pytest.skip("the rule starts at a whole share, and this share is under one")
    claim = json.loads(made)
    for path, other in forged(claim):
        if same_json(other, claim):
            continue
        assert not verdict(other, pb).startswith("Right"), path
        if path[0] == "digest":
            continue
        said = verdict(redigested(other), pb)
        assert said.startswith("Wrong: ") or path[0] == "rule", (path, said)
        if said.startswith("Right"):  # then it is no lie: the engine says so too
            assert certified(pb, Rule.from_dict(other["rule"])) == redigested(other), path


def test_every_field_of_a_real_town(elections: Path) -> None:
    """Świecie 2023, as it was counted in reality. A forger's digests fit."""
    pb = (elections / "Poland_Swiecie_2023.pb").read_bytes()
    claim = json.loads(certificate(count(read_pabulib(pb), Rule(completion="add1"))))
    rng = random.Random(5)
    made = [one for one in forged(claim) if one[0][0] != "digest" and not same_json(one[1], claim)]
    passed = {
        path for path, other in rng.sample(made, 30) if "Right" in verdict(redigested(other), pb)
    }
    assert passed <= {("rule", "seed")}


def test_bytes_that_say_the_same_in_another_way_are_refused() -> None:
    pb = write_pabulib(toy(80_100))
    made = certificate(count(read_pabulib(pb), Rule()))
    assert verdict(made, pb).startswith("Right")
    doubled = made.replace(b'{"digest"', b'{"spent":"0","digest"', 1)
    for other in (made + b"\n", b" " + made, json.dumps(json.loads(made)).encode(), doubled):
        assert verdict(other, pb).startswith("Wrong: ")
    for other in (b"", b"[]", b"7", b"{", b"\xff", b"[" * 100_000, made[:-1]):
        assert verdict(other, pb).startswith("Unreadable: ")
    for other in (b"", b"META\n", b"\xff\xfe", pb[:40], pb.replace(b"VOTES", b"VOTE")):
        assert verdict(made, other).startswith("Unreadable: ")
    halves = made.replace(b'"seed":""', b'"seed":"\\ud800"')
    assert verdict(halves, pb).startswith("Wrong: ")


def test_every_ballot_and_every_project() -> None:
    """A row of the .pb file left out, doubled or changed: detected as other ballots, and after a
    forger has written the new hash, detected unless the engine's certificate is that one."""
    told = 0
    for seed in range(81_000, 81_020):
        pb = write_pabulib(toy(seed, "approval"))
        for rule in (Rule(), Rule(name="greedy"), Rule(completion="add1", seed="s")):
            claim = json.loads(certificate(count(read_pabulib(pb), rule)))
            for other in _other_ballots(pb):
                assert "other ballots" in verdict(claim, other)
                election = {**claim["election"], "sha256": read_ballots(other).sha256}
                forgery = redigested({**claim, "election": election})
                truth = certified(other, Rule.from_dict(claim["rule"]))
                assert verdict(forgery, other).startswith("Right") == (forgery == truth), seed
                told += forgery != truth
    assert told > 500


def _other_ballots(pb: bytes) -> Iterator[bytes]:
    head, votes = pb.decode().replace("num_", "old_").split("VOTES\n")
    header, *rows = votes.splitlines()
    meta, projects = head.split("PROJECTS\n")
    top, *listed = projects.splitlines()

    def written(some: list[str], ideas: list[str]) -> bytes:
        ideas_now, some_now = "\n".join([top, *ideas]), "\n".join([header, *some])
        return f"{meta}PROJECTS\n{ideas_now}\nVOTES\n{some_now}\n".encode()

    for at, row in enumerate(rows):
        yield written(rows[:at] + rows[at + 1 :], listed)
        yield written([*rows, f"again{row}"], listed)
        voter, vote = row.split(";")
        yield written([*rows[:at], f"{voter};{'' if vote else 'p0'}", *rows[at + 1 :]], listed)
    for at, idea in enumerate(listed):
        one, cost, *rest = idea.split(";")
        dearer = ";".join([one, str(Fraction(cost) + 1 if "." not in cost else cost), *rest])
        renamed = ";".join([one, cost, "Another name"])
        for changed in (dearer, renamed):
            if changed != idea:
                yield written(rows, [*listed[:at], changed, *listed[at + 1 :]])


def test_a_consistent_certificate_with_another_final_share_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The forger reruns everything at a share of their choice: one step less, one more, or past
    an overspending step; every price fits, and only the steps do not."""
    honest, tried = law.add1, 0
    for seed in range(82_000, 82_150):
        pb = write_pabulib(toy(seed))
        rule = Rule(completion="add1").settled(read_pabulib(pb)).as_dict()
        ballots = read_ballots(pb)
        truth = found(ballots, rule, [], lambda step: None)
        if not truth["shares"] or len(truth["shares"]["history"]) < 2:
            continue
        for more in (-1, 1, 2, 5):

            def elsewhere(
                counted: Any, first: int, claimed: Any, tell: Any, more: int = more
            ) -> Any:
                step, history = honest(counted, first, claimed, tell)
                step = max(step + more, 0)
                return step, [one for one in history if one[0] <= step + 1] or history[:1]

            with monkeypatch.context() as forging:
                forging.setattr(recount, "add1", elsewhere)
                forgery = found(ballots, rule, [], lambda step: None)
            if forgery["shares"]["steps"] != truth["shares"]["steps"]:
                tried += 1
                assert verdict(redigested(forgery), pb).startswith("Wrong: shares"), (seed, more)
    assert tried > 100


def test_winners_of_a_tie_cannot_be_exchanged() -> None:
    """Under another seed the lot may fall otherwise; that certificate fails under this seed."""
    exchanged = 0
    for seed in range(83_000, 83_400):
        pb = write_pabulib(toy(seed))
        ours, theirs = (
            json.loads(certificate(count(read_pabulib(pb), Rule(seed=s)))) for s in "ab"
        )
        if ours["winners"] != theirs["winners"]:
            exchanged += 1
            assert verdict(redigested({**theirs, "rule": ours["rule"]}), pb).startswith("Wrong: ")
    assert exchanged > 5


def test_a_certificate_of_one_rule_is_not_one_of_another() -> None:
    """Any rule's settings under any other's certificate: right only where they are the same."""
    wrong = 0
    for seed in range(84_000, 84_020):
        pb = write_pabulib(toy(seed))
        rules = rules_of(read_pabulib(pb))
        made = {rule: certified(pb, rule) for rule in rules}
        rng = random.Random(seed)
        for one, other in (rng.sample(rules, 2) for _ in range(40)):
            if made[one] is None:
                continue
            swapped = {**json.loads(made[one] or b""), "rule": other.as_dict()}
            assert verdict(swapped, pb).startswith("Wrong: ")
            forgery = redigested(swapped)
            assert verdict(forgery, pb).startswith("Right") == (forgery == made[other]), (
                one,
                other,
            )
            wrong += forgery != made[other]
    assert wrong > 300


def test_settings_that_mean_nothing_are_refused() -> None:
    pb = write_pabulib(toy(85_000, "approval"))
    claim = json.loads(certificate(count(read_pabulib(pb), Rule())))
    for setting, value in (
        ("increment", "1e999999999"), ("increment", "0"), ("increment", "1.0"),
        ("increment", "01"), ("increment", None), ("threshold", "-1"), ("name", "fairest"),
        ("utility", "score"), ("utility", "borda"), ("ties", "lot"), ("seed", 7),
        ("completion", "some"), ("integral_start", 1), ("stop_when_exhaustive", None),
    ):  # fmt: skip
        made = redigested({**claim, "rule": {**claim["rule"], setting: value}})
        assert verdict(made, pb).startswith("Wrong: "), (setting, value)
