"""What a round says of itself in public is held against its ballots, its codes and its awards."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from doorstep.engine.seal.alone.polls import Polls
from doorstep.engine.seal.alone.run import check_everything
from doorstep.engine.seal.recount import WrongError
from tests.engine.seal.many import Story, hexed, resum
from tests.engine.seal.records import bytes_of
from tests.engine.seal.records import said as said_of

ROUND = "vote-0"
HELD_AGAINST = ("ballots_sha256", "result_sha256")


def story(publication: str) -> Story:
    """The first story in which one round is voted on by code, and something wins."""
    for number in range(1000):
        told = Story(random.Random(number))
        frozen = json.loads(told.files.get(f"rounds/{ROUND}/frozen.jsonl", b"{}").split(b"\n")[0])
        is_so = (frozen.get("terms") or {}).get("publication") == publication
        is_open = f"rounds/{ROUND}/ballots.pb" in told.files
        if (
            is_so
            and is_open
            and not told.is_split
            and any(one.get("project") for one in told.leaves)
        ):
            return told
    raise AssertionError("no such story")


def leaf(told: Story, kind: str) -> dict[str, Any]:
    return next(one for one in told.leaves if one["kind"] == kind and one.get("round") == ROUND)


def checked(told: Story, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    told.write(folder, is_bundle=True)
    resum(folder)
    try:
        check_everything(str(folder), None)
    except WrongError as fault:
        return str(fault)
    return capsys.readouterr().out


def tell_other_votes(told: Story) -> None:
    name = f"rounds/{ROUND}/result.json"
    result = json.loads(told.files[name])
    result["projects"][0]["votes"] += 1
    told.files[name] = bytes_of(result)
    leaf(told, "round.counted")["result_sha256"] = hexed(told.files[name])


def use_fewer_codes(told: Story) -> None:
    leaf(told, "voting.ended").update(used_online=0, used_paper=1)


def count_one_more(told: Story) -> None:
    leaf(told, "round.closed")["voters"] += 1


def keep_the_ballots(told: Story) -> None:
    del told.files[f"rounds/{ROUND}/ballots.pb"]


def award_something_else_before_it_settles(told: Story) -> None:
    leaf(told, "round.settled")["kind"] = "x.y"
    decision = told.leaves.index(leaf(told, "round.counted"))
    award = next(one for one in told.leaves if one.get("decision") == decision)
    award["project"] = "another"


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        (tell_other_votes, "Its result tells other votes, or another sum"),
        (use_fewer_codes, "ballots, and 1 codes were used"),
        (count_one_more, "another number of ballots than are published"),
        (keep_the_ballots, "is public, and its file ballots.pb is missing"),
        (award_something_else_before_it_settles, "Its awards are not its winners"),
    ],
)
def test_a_lie_about_a_round_is_found(tmp_path, capsys, lie: Callable[[Story], None], said: str):
    told = story("whole")
    lie(told)
    fault = checked(told, tmp_path, capsys)
    assert fault.startswith(f"Round {ROUND}: ")
    assert said in fault


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (["one", "two"], "the recount was signed by two; its ballots are not public"),
        (["one"], "its ballots are not public, and no two people have signed a recount"),
    ],
)
def test_a_round_that_was_to_keep_its_ballots_has_a_verdict_of_its_own(tmp_path, capsys, by, said):
    told = story("aggregate")
    keep_the_ballots(told)
    counted = leaf(told, "round.counted")
    signed = said_of("round.recount_signed", round=ROUND, by=by)
    told.leaves.append(signed | {name: counted[name] for name in HELD_AGAINST})
    assert f"Round {ROUND}: {said}" in checked(told, tmp_path, capsys)


def test_a_paper_taken_in_after_the_end_is_a_code_that_was_used():
    polls = Polls()
    for kind, body in (
        ("round.frozen", {}),
        ("voting.batch_printed", {"count": 5}),
        ("voting.opened", {"codes": 5}),
        ("voting.ended", {"used_online": 3, "used_paper": 0}),
        ("voting.paper_taken_in", {"used_online": 2, "used_paper": 2}),
    ):
        assert list(polls.read(0, said_of(kind, round=ROUND, **body), "")) == []
    assert polls.rounds[ROUND].used == 4
