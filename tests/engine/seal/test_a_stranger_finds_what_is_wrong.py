"""`verify.py` finds every fault of a record that was signed all the same, and names the first."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from doorstep.engine.seal.alone.run import check_everything, main
from doorstep.engine.seal.canonical import canonical
from doorstep.engine.seal.joined import verify_file
from doorstep.engine.seal.leaf import leaf_hash
from doorstep.engine.seal.note import LOG, WITNESS, Note, SignerKey, signature_of
from doorstep.engine.seal.recount import UnreadableError, WrongError
from tests.engine.seal.logs import KEY, leaves, publish
from tests.engine.seal.records import (
    HELD,
    MILL,
    PAID,
    POT,
    SENT,
    account,
    award,
    by,
    entry,
    good,
    said,
    written,
)
from tests.engine.seal.signed_faults import AT_A_MEETING, FAULTS, change


@pytest.fixture
def log(tmp_path) -> Path:
    return tmp_path / "log"


def verdict(folder: Path, seen: Path | None = None) -> str:
    """The first fault, or nothing."""
    try:
        check_everything(str(folder), seen)
    except (WrongError, UnreadableError) as fault:
        return str(fault)
    return ""


def test_a_good_record_is_right(log):
    assert verdict(written(log, good())) == ""


def test_money_may_follow_what_a_meeting_agreed_to(log):
    record = good()
    change("meeting.decided", **AT_A_MEETING, outcome="carried")(record)
    assert verdict(written(log, record)) == ""


def test_what_was_called_off_may_be_given_anew_and_what_came_back_sent_again(log):
    told = good()
    decided = len(told)
    told += [
        said("meeting.decided", place="mill", pence=5_000, **by(1)),
        award("a2", 5_000, decided),
        account("place:mill:committed:a2"),
        entry(8, "award.committed", [[MILL, "place:mill:committed:a2", 5_000]], 8),
        entry(9, "ledger.reversal", [["place:mill:committed:a2", MILL, 5_000]], 9, reverses=8),
        said("award.cancelled", award="a2", pence=5_000, entry=9, **by(1)),
        award("a3", 5_000, decided),
        account("place:mill:committed:a3"),
        entry(10, "award.committed", [[MILL, "place:mill:committed:a3", 5_000]], 10),
        said("bank.unmatched", line=7, entry=5, pence=-10_000, **by(3)),
        entry(11, "ledger.reversal", [[PAID, SENT, 10_000]], 11, reverses=5),
        said("payment.uncleared", payment="a1-p1", pence=10_000, entry=11, **by(3)),
        entry(12, "ledger.reversal", [[SENT, HELD, 10_000]], 12, reverses=4),
        said("payment.cancelled", payment="a1-p1", entry=12, **by(3)),
    ]
    assert verdict(written(log, told)) == ""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_signed_fault_is_found_and_named(log, fault):
    do, told = FAULTS[fault]
    record = good()
    do(record)
    said_of_it = verdict(written(log, record))
    assert told.replace("\\", "") in said_of_it, said_of_it
    assert said_of_it.startswith(("Leaf ", "Entry ", "Line ", "Award ", "Money "))


def test_only_the_first_fault_is_named(log):
    record = good()
    record[4]["lines"] = [[POT, MILL, 200_000]]
    record.append(account(POT))
    assert verdict(written(log, record)).startswith("Leaf 4: ")


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_logs_of_any_size_are_read(log, size):
    publish(log, [f'{{"kind":"x.y","n":{n},"time":"t","v":1}}'.encode() for n in range(size)])
    assert verdict(log) == ""


def test_every_flipped_bit_of_every_file_is_found(log):
    """T12: in a published log each byte counts. 400 of them here; 10,000 of a whole
    bundle in `./doorstep torture flips`."""
    publish(log, leaves_of(300))
    publish(log, leaves_of(420))  # with the partial tiles that the smaller one left
    add_witness(log)
    assert verdict(log) == ""
    files = sorted(path for path in log.rglob("*") if path.is_file())
    chance = random.Random(12)
    tried = [(path, at) for path in files for at in range(path.stat().st_size)]
    for path, at in [*chance.sample(tried, 400), *((path, -1) for path in files)]:
        whole = path.read_bytes()
        data = bytearray(whole)
        data[at] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(data))
        assert verdict(log), f"{path.relative_to(log)} byte {at}"
        path.write_bytes(whole)
    assert verdict(log) == ""


@pytest.mark.parametrize(("size", "grown"), [(1, 256), (250, 260), (255, 600), (300, 512)])
def test_a_log_that_grew_over_a_tile_is_still_read_as_it_was_signed(log, size, grown):
    """A log drops a partial tile once the whole one stands; whoever holds the checkpoint from
    before finds what it signed in the whole one."""
    publish(log, leaves_of(size))
    before = (log / "checkpoint").read_bytes()
    publish(log, leaves_of(grown))
    (log / "checkpoint").write_bytes(before)
    assert verdict(log) == ""  # both are there for a moment, and other partial tiles beside them
    for partial in sorted((log / "tile").rglob("*.p")):
        if partial.with_suffix("").exists():
            shutil.rmtree(partial)
    assert verdict(log) == ""
    whole = log / f"tile/0/{size // 256:03}"
    data = whole.read_bytes()
    whole.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    assert "are not those of the leaves" in verdict(log)


def test_a_wider_tile_that_another_log_grew_is_found(log):
    publish(log, leaves_of(40))
    (log / "tile/0/000.p/41").write_bytes(bytes(41 * 32))
    assert verdict(log) == "tile/0/000.p/41 is not the beginning of what grew out of it."


WATCHER = SignerKey("council.example.org/witness", WITNESS, bytes(range(32)))


def leaves_of(count: int) -> list[bytes]:
    named = said(
        "witness.added", witness=WATCHER.name, key=leaf_hash(WATCHER.verifier.public).hex()
    )
    return [canonical(named), *(canonical(said("x.y", n=n)) for n in range(count - 1))]


def add_witness(log: Path) -> None:
    note = Note.parse((log / "checkpoint").read_bytes())
    line = signature_of(WATCHER.sign(note.text, at=1_795_000_000).rstrip("\n"))
    (log / "checkpoint").write_text(str(Note(note.text, (*note.signatures, line))))
    (log / "witnesses").write_text(f"{WATCHER.verifier}\n")


@pytest.mark.parametrize("gone", ["checkpoint", "key", "tile/0/000", "tile/entries/001.p/44"])
def test_a_missing_file_is_named(log, gone):
    publish(log, leaves_of(300))
    (log / gone).unlink()
    assert gone.split("/")[-1] in verdict(log)


def test_a_witness_that_the_record_does_not_name_is_refused(log):
    publish(log, leaves_of(3)[1:])
    add_witness(log)
    assert "does not name the witness" in verdict(log)
    publish(log, leaves_of(3))
    add_witness(log)
    (log / "witnesses").unlink()
    assert "no witness that the record names" in verdict(log)


def test_what_was_seen_is_remembered(log, tmp_path):
    seen = tmp_path / "seen.json"
    publish(log, leaves_of(40))
    assert verdict(log, seen) == ""
    publish(log, leaves_of(300))
    assert verdict(log, seen) == ""
    before = seen.read_text()
    shutil.rmtree(log)
    publish(log, [*leaves_of(200), *leaves_of(200)])
    assert "SPLIT VIEW: the first 300 leaves" in verdict(log, seen)
    publish(log, leaves_of(299))
    assert "It went back" in verdict(log, seen)
    publish(log, leaves_of(300), SignerKey(KEY.name, LOG, bytes(32)))
    assert "shows another key" in verdict(log, seen)
    assert seen.read_text() == before
    for damaged in ("", "[]", '{"x":1}', '{"x":{"size":"a"}}'):
        seen.write_text(damaged)
        assert "does not hold what was seen" in verdict(log, seen)


def test_it_runs_alone_as_one_file(log, tmp_path):
    """-I: no site packages, no environment; -S: not even the library's own extras."""
    (tmp_path / "verify.py").write_bytes(verify_file())
    written(log, good())

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", "-S", "-W", "error", "verify.py", *more],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip

    right = run("log")
    assert (right.returncode, right.stderr) == (0, "")
    assert "\nEverything that was published fits together.\nIts key: " in right.stdout
    assert json.loads((tmp_path / "doorstep-seen.json").read_text())[KEY.name]["size"] == 32
    again = run("log", "--key", str(KEY.verifier))
    assert again.returncode == 0
    record = good()
    record[4]["lines"] = [[POT, MILL, 200_000]]
    written(tmp_path / "bad", record)
    wrong = run("bad", "--forget")
    assert wrong.returncode == 1
    assert "\nWRONG  Leaf 4: it takes more from fund:pot" in wrong.stdout
    nothing = run("nowhere", "--forget")
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "There is no folder nowhere. An address begins with https://" in nothing.stderr


def test_the_file_is_made_of_its_modules_and_imports_only_the_library():
    source = verify_file().decode()
    assert "from ." not in source
    imported = {
        line.split()[1].split(".")[0]
        for line in source.splitlines()
        if line.startswith(("import ", "from "))
    }
    assert imported <= sys.stdlib_module_names
    compile(source, "verify.py", "exec")


def test_another_way_to_start_it_says_the_same(log, capsys, tmp_path):
    written(log, good())
    assert main([str(log), "--seen", str(tmp_path / "seen.json")]) == 0
    shutil.rmtree(log)
    publish(log, leaves(2))
    assert main([str(log), "--forget"]) == 1
    assert "WRONG" in capsys.readouterr().out
