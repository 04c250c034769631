"""A forged record with a key of its own fits together. Both checkers show the key at the end, and
hold it against the one that a reader was given."""

import shutil
from pathlib import Path

import pytest

from doorstep.engine.seal.alone.run import main
from doorstep.engine.seal.note import LOG, SignerKey
from tests.engine.seal.logs import KEY, publish
from tests.engine.seal.records import POT, account, bytes_of, good
from tests.engine.seal.two_checkers import scripts, verdict_of_python_on

FORGER = SignerKey(KEY.name, LOG, bytes(reversed(range(32))))
MINE, THEIRS = str(KEY.verifier), str(FORGER.verifier)


@pytest.fixture
def log(tmp_path) -> Path:
    publish(tmp_path / "log", [bytes_of(says) for says in good()])
    return tmp_path / "log"


@pytest.fixture
def forged(tmp_path) -> Path:
    publish(tmp_path / "forged", [bytes_of(says) for says in good()[:4]], FORGER)
    return tmp_path / "forged"


def test_the_key_stands_at_the_end_of_either_verdict(log, tmp_path, capsys):
    publish(tmp_path / "wrong", [bytes_of(says) for says in [*good(), account(POT)]])
    for folder, code in ((log, 0), (tmp_path / "wrong", 1)):
        assert main([str(folder), "--forget"]) == code
        *_, key, advice = capsys.readouterr().out.splitlines()
        assert key == f"Its key: {MINE}"
        assert advice.startswith("Hold it against the key on the fund's noticeboard")
    assert main([str(log), "--forget", "--key", f" {MINE}\n"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"Its key is the one that you gave: {MINE}"


def test_a_record_of_another_key_fits_together_until_it_is_held_against_the_one_given(
    forged, capsys
):
    assert main([str(forged), "--forget"]) == 0
    assert f"Its key: {THEIRS}" in capsys.readouterr().out
    assert main([str(forged), "--forget", "--key", MINE]) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"WRONG  Its key is {THEIRS}, and not the one that you gave."


@pytest.mark.parametrize("given", ["", "x", MINE[:-1], MINE.replace("+", "-"), f"x{MINE}"])
def test_what_is_no_key_is_said_to_be_none(log, given, capsys):
    assert main([str(log), "--forget", "--key", given]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(("doorstep: The key is not one", "doorstep: The id of the key of x"))


def test_a_log_that_lost_its_key_is_held_against_the_one_given(log):
    (log / "key").unlink()
    assert verdict_of_python_on(str(log))["kind"] == "unreadable"
    assert verdict_of_python_on(str(log), key=MINE)["kind"] == "right"
    assert verdict_of_python_on(str(log), key=THEIRS)["kind"] == "wrong"


def test_the_page_holds_it_against_the_same_key(log, forged, tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node here")
    kinds = set()
    with scripts(node, tmp_path) as page:
        for folder in (log, forged):
            for key in (MINE, THEIRS, f"{MINE} ", "x"):
                of_python = verdict_of_python_on(str(folder), key=key)
                assert page.verdict_with_key(folder, key) == of_python
                kinds.add(of_python["kind"])
        (log / "key").unlink()
        for key in (MINE, THEIRS):
            of_python = verdict_of_python_on(str(log), key=key)
            assert page.verdict_with_key(log, key) == of_python
    assert kinds == {"right", "wrong", "unreadable"}
