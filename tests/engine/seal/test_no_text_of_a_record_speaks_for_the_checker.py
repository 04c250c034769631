"""A record is written by whoever is to be checked. Nothing in it may pass for what the checker
says, and however that is printed, the exit code tells the truth."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from doorstep.engine.seal.alone import run
from doorstep.engine.seal.alone.printing import plainly
from doorstep.engine.seal.joined import verify_file
from tests.engine.seal.logs import write
from tests.engine.seal.many import LOG, resum
from tests.engine.seal.records import FROZEN, account, good, written
from tests.engine.seal.two_checkers import MODULES

RIGHT = "Everything that was published fits together."
FALSE = f"\x1b[2K\x1b[1A\r{RIGHT}\n{RIGHT}\u202e\u2028\x9b2K\x07"
ODD = [
    *map(chr, range(0x250)),
    *"\u2028\u202e\u2066\u200b\u00ad\ufeff\ud800\U000e0041\U0001f600ŷ—’",
]


@pytest.fixture
def script(tmp_path) -> Path:
    (tmp_path / "verify.py").write_bytes(verify_file())
    return tmp_path / "verify.py"


@pytest.fixture
def log(tmp_path) -> Path:
    return written(tmp_path / "log", good())


def checked(script: Path, where: object, *, out: object = subprocess.PIPE, **environment: str):
    return subprocess.run(
        [sys.executable, "-S", "-W", "error", script, where, "--forget"], cwd=script.parent,
        env=os.environ | environment, stdout=out, stderr=subprocess.PIPE, check=False, timeout=60,
    )  # fmt: skip


def test_a_leaf_cannot_print_a_verdict(script, tmp_path):
    done = checked(script, written(tmp_path / "log", [*good(), account(FALSE), account(FALSE)]))
    told = done.stdout.decode()
    verdicts = [line for line in told.splitlines() if RIGHT in line]
    assert (done.returncode, done.stderr) == (1, b"")
    assert [line.partition(" Leaf ")[0] for line in verdicts] == ["WRONG "]
    assert rf"\x1b[2K\x1b[1A\r{RIGHT}\n{RIGHT}\u202e\u2028\x9b2K\x07" in verdicts[0]
    assert all(one.isprintable() for one in told.replace("\n", ""))


def test_a_name_that_is_no_text_is_told(script, tmp_path):
    bundle = tmp_path / "bundle"
    written(bundle / LOG, good())
    write(bundle, "rounds/r1/frozen.jsonl", FROZEN)
    resum(bundle)
    (bundle / os.fsdecode(b"\xff\x1b.txt")).write_text("x")
    done = checked(script, bundle)
    assert (done.returncode, done.stderr) == (1, b"")
    assert rb"WRONG  The file \udcff\x1b.txt is not in the list" in done.stdout
    nowhere = checked(script, os.fsdecode(b"\xfe\x1b"))
    assert nowhere.returncode == 2
    assert rb"There is no folder \udcfe\x1b" in nowhere.stderr


def test_what_the_terminal_cannot_spell_is_spelled_out(script, tmp_path):
    record = [*good(), account("y tŷ"), account("y tŷ")]
    done = checked(script, written(tmp_path / "log", record), PYTHONIOENCODING="ascii:strict")
    assert (done.returncode, done.stderr) == (1, b"")
    assert rb"y t\u0177" in done.stdout


def test_nobody_reading_on_changes_no_exit_code(script, log, tmp_path):
    wrong = written(tmp_path / "wrong", [*good(), account(FALSE), account(FALSE)])
    for where, code in ((log, 0), (wrong, 1)):
        reads, writes = os.pipe()
        os.close(reads)
        done = checked(script, where, out=writes)
        os.close(writes)
        assert (done.returncode, done.stderr) == (code, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_what_cannot_be_written_is_not_told(script, log):
    with open("/dev/full", "wb") as full:
        done = checked(script, log, out=full)
    assert done.returncode == 2
    assert done.stderr.startswith(b"doorstep: What was found cannot be written (")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (KeyboardInterrupt(), "Stopped before the end"),
        (RecursionError("too deep\x1b"), r"a fault of its own: RecursionError('too deep\x1b')"),
    ],
)
def test_a_checker_that_ends_early_finds_nobody_guilty(log, capsys, monkeypatch, fault, told):
    def ends(*_) -> None:
        raise fault

    monkeypatch.setattr(run, "check_everything", ends)
    assert run.main([str(log), "--forget"]) == 2
    assert told in capsys.readouterr().err


def test_the_page_spells_them_alike(tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node here")
    shutil.copy(MODULES / "said.js", tmp_path / "said.mjs")
    asks = (
        "import { plainly } from './said.mjs';"
        "process.stdout.write(JSON.stringify(JSON.parse(process.argv[2]).map(plainly)))"
    )
    (tmp_path / "asks.mjs").write_text(asks)
    done = subprocess.run(
        [node, "asks.mjs", json.dumps(ODD)], cwd=tmp_path, capture_output=True, check=True
    )
    assert json.loads(done.stdout) == [plainly(one) for one in ODD]
    assert plainly("a\tb’") == r"a\tb’"


def test_the_name_of_a_file_that_nothing_reads_is_only_a_name(script, tmp_path):
    bundle = tmp_path / "bundle"
    written(bundle / LOG, good())
    (bundle / "rounds/r1").mkdir(parents=True)
    (bundle / "rounds/r1/frozen.jsonl").write_bytes(FROZEN)
    odd = Path(os.fsdecode(os.fsencode(bundle / "x\nok     \x1b[2K") + b"\xff"))
    odd.mkdir()
    (odd / "file").touch()
    told = checked(script, bundle)
    assert (told.returncode, told.stderr) == (0, b"")
    assert rb"Not checked against the record: x\nok     \x1b[2K\udcff/file" in told.stdout
