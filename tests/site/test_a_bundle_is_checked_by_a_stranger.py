"""`doorstep bundle` writes everything public; a stranger's Python finds what is not right."""

import csv
import fcntl
import hashlib
import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from doorstep.apps.ledger.actions.posting import reverse
from doorstep.apps.ledger.models import Journal
from doorstep.apps.record.actions.checkpoints import (
    add_cosignatures,
    add_witness,
    keep_timestamp,
    remove_witness,
)
from doorstep.apps.record.folder import LogFolder
from doorstep.apps.record.models import Checkpoint
from doorstep.apps.record.publishing import publish
from doorstep.apps.record.queries import latest_checkpoint, size
from doorstep.apps.record.timestamps import stamped_text
from doorstep.apps.refused import Refused
from doorstep.apps.rounds import freezing
from doorstep.apps.rounds.models import Round
from doorstep.cli import app
from doorstep.engine.seal.alone.files import SEEN
from doorstep.engine.seal.alone.run import check_everything
from doorstep.engine.seal.note import WITNESS, Note, SignerKey
from doorstep.engine.seal.recount import UnreadableError, WrongError
from doorstep.site import checked_apart
from doorstep.site.bundle import SUMS, write_bundle
from doorstep.site.kept_checkpoints import without_late_lines
from doorstep.site.operations import close_and_settle
from doorstep.site.restored.restore import restore_public
from tests.apps.awards.scene import scene
from tests.apps.awards.test_what_became_of_the_money_is_told import paid
from tests.apps.record.publishing import signing  # noqa: F401 - a fixture
from tests.apps.record.test_witnesses_stand_under_the_record import AT, CLERK, COUNCIL
from tests.apps.rounds.live import everything
from tests.engine.seal.many import resum
from tests.millbrook import ACTOR, closed, frozen, place_with_money

pytestmark = pytest.mark.django_db


@pytest.fixture
def bundle(signing, tmp_path, monkeypatch) -> Path:  # noqa: F811
    return written_bundle(tmp_path / "bundle", monkeypatch)


def written_bundle(target: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place that pays, a round that is settled, and a round in each other way of standing."""
    for name in ("_checks", "_cancel_checks", "_parts", "_fills"):
        monkeypatch.setattr(freezing, name, type(getattr(freezing, name))())
    told = scene()
    paid(told)
    close_and_settle(closed(told.place), actor=ACTOR)
    everything(place_with_money(10_000_000, slug="wharf"))
    close_and_settle(Round.objects.get(slug="room-done"), actor=ACTOR)
    write_bundle(target)
    return target


def verdict(folder: Path) -> str:
    try:
        check_everything(str(folder), None)
    except (WrongError, UnreadableError) as fault:
        return str(fault)
    return ""


def test_a_stranger_finds_it_right(bundle):
    done = subprocess.run(
        [sys.executable, "-I", "-S", bundle / "verify.py", bundle, "--forget"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "Round round-one: counted again from 12 ballots: the same winners." in done.stdout
    assert "Round room-done: counted again from the totals that two people counted" in done.stdout
    assert "Round all: no vote was needed" in done.stdout
    assert "1 asked" in done.stdout


def test_what_the_readme_says_to_run_is_right_twice(bundle, tmp_path):
    """Run in the bundle, as it says; the note that this leaves there is the reader's own."""
    told = (bundle / "README.txt").read_text()
    (command,) = re.findall("^    python3 (.*)$", told, re.M)
    for _run in range(2):
        done = subprocess.run(
            [sys.executable, *command.split()], cwd=bundle,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
    note = (bundle / SEEN).read_bytes()
    resum(bundle)  # as a copy made by an older restore-public listed it
    assert verdict(bundle) == ""
    assert "./doorstep restore-public BUNDLE FOLDER" in told
    restore_public(bundle, tmp_path / "copy")
    assert not (tmp_path / "copy" / SEEN).exists()
    write_bundle(bundle)
    assert (bundle / SEEN).read_bytes() == note
    assert verdict(bundle) == ""


def test_every_flipped_bit_of_every_file_is_found(bundle):
    chance = random.Random(1212)
    files = sorted(path for path in bundle.rglob("*") if path.is_file())
    for path in (path for path in files if path.stat().st_size):
        whole = path.read_bytes()
        for at in {0, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(3))}:
            data = bytearray(whole)
            data[at] ^= 1 << chance.randrange(8)
            path.write_bytes(bytes(data))
            assert verdict(bundle), f"{path.relative_to(bundle)} byte {at}"
        path.write_bytes(whole)
    assert verdict(bundle) == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rounds/round-one/result.json", "Round round-one: Its result: the file is not"),
        ("rounds/round-one/ballots.pb", "Round round-one: Its ballots: the file is not"),
        ("rounds/round-one/frozen.jsonl", "Round round-one: What it asks: the file is not"),
        ("rounds/room-done/totals.json", "Round room-done: Its ballots: the file is not"),
    ],
)
def test_a_forged_file_with_the_right_checksum_is_found(bundle, name, said):
    path = bundle / name
    path.write_bytes(path.read_bytes() + b"\n")
    resum(bundle)
    assert verdict(bundle).startswith(said)


@pytest.mark.parametrize("name", ["result.json", "frozen.jsonl", "ballots.pb"])
def test_a_file_of_a_round_that_is_gone_is_named(bundle, name):
    (bundle / "rounds/round-one" / name).unlink()
    resum(bundle)
    assert f"its file {name} is missing" in verdict(bundle)


def test_a_file_too_many_and_a_file_too_few_are_named(bundle):
    (bundle / "more.txt").write_text("x")
    assert verdict(bundle) == "The file more.txt is not in the list of checksums."
    (bundle / "more.txt").unlink()
    (bundle / "README.txt").unlink()
    assert verdict(bundle) == "The file README.txt is in the list of checksums, and missing."


def test_the_ledger_adds_up_in_both_forms(bundle):
    funds = {path.stem for path in (bundle / "ledger").glob("*.csv")}
    assert funds == {path.stem for path in (bundle / "ledger").glob("*.journal")}
    for fund in funds:
        with (bundle / "ledger" / f"{fund}.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        held: dict[str, int] = {}
        for row in rows:
            held[row["from"]] = held.get(row["from"], 0) - int(row["pence"])
            held[row["to"]] = held.get(row["to"], 0) + int(row["pence"])
        text = (bundle / "ledger" / f"{fund}.journal").read_text()
        asserted = {
            line.split()[0]: round(float(line.split("= £")[1]) * 100)
            for line in text.splitlines()
            if "= £" in line
        }
        assert asserted == held
        moved = sum(
            round(float(line.split("£")[1]) * 100)
            for line in text.splitlines()
            if line.startswith("    ") and "=" not in line
        )
        assert moved == 0


def test_it_takes_the_place_of_an_older_one_and_of_nothing_else(bundle, tmp_path):
    before = json.loads((bundle / "rounds/round-one/result.json").read_text())
    write_bundle(bundle)
    assert json.loads((bundle / "rounds/round-one/result.json").read_text()) == before
    assert {path.name for path in tmp_path.iterdir()} >= {"bundle", "record", "keys"}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".bundle")]
    other = tmp_path / "letters"
    other.mkdir()
    (other / "dear.txt").write_text("x")
    for sums in (None, "of what was fetched from elsewhere"):
        if sums:
            (other / SUMS).write_text(sums)
        with pytest.raises(Refused, match="holds other things"):
            write_bundle(other)
        assert (other / "dear.txt").read_text() == "x"


def test_the_folder_that_somebody_stands_in_is_not_taken_away(bundle, tmp_path, monkeypatch):
    """Whether it holds a bundle or nothing: a shell would be left in a folder that is gone."""
    (tmp_path / "empty/below").mkdir(parents=True)
    for here, name in (
        ("bundle", "."), ("bundle", "../bundle"), ("bundle/record", ".."), ("empty/below", "."),
    ):  # fmt: skip
        monkeypatch.chdir(tmp_path / here)
        run = CliRunner().invoke(app, ["bundle", name])
        assert run.exit_code == 2, run.output
        assert run.output.startswith(f"doorstep: You stand in {Path(name).resolve()}, and a bundle")
        assert run.output.count("\n") == 1
    assert (tmp_path / "empty/below").is_dir()
    assert verdict(bundle) == ""


def test_a_bundle_is_told_by_its_place_however_it_was_named(bundle, monkeypatch):
    """By “..”, and by a link to a folder that stands elsewhere, which stays a link."""
    here = bundle.parent / "here"
    here.symlink_to(bundle)
    (bundle.parent / "file").write_text("x")
    monkeypatch.chdir(bundle.parent)
    for name in ("here", "bundle/../bundle"):
        run = CliRunner().invoke(app, ["bundle", name])
        assert run.exit_code == 0, run.output
        assert f"python3 {name}/verify.py {name}" in run.output
        assert here.is_symlink()
        assert verdict(bundle) == ""
    run = CliRunner().invoke(app, ["bundle", "file"])
    assert run.output == f"doorstep: {bundle.parent / 'file'} is a file. Name a folder.\n"
    assert run.exit_code == 2


@pytest.mark.parametrize("name", ["checkpoint", "tile/0/000.p/*", "tile/entries/000.p/*"])
def test_what_is_missing_is_refused_and_the_older_bundle_stays(bundle, tmp_path, monkeypatch, name):
    (gone,) = (tmp_path / "record/public").glob(name)
    monkeypatch.setattr("doorstep.site.bundle.publish", lambda: [True])
    before = (bundle / SUMS).read_bytes()
    gone.unlink()
    with pytest.raises(Refused, match=f"{gone.name} is missing"):
        write_bundle(bundle)
    assert (bundle / SUMS).read_bytes() == before
    assert verdict(bundle) == ""
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".bundle")]


def test_what_would_not_verify_is_refused_and_the_older_bundle_stays(bundle, tmp_path):
    (tile,) = (tmp_path / "record/public/tile/0/000.p").iterdir()
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    before = (bundle / SUMS).read_bytes()
    with pytest.raises(Refused, match=r"does not verify.* are not those of the leaves"):
        write_bundle(bundle)
    assert (bundle / SUMS).read_bytes() == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".bundle")]


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "signal SIGKILL"),
        ("raise SystemExit(1)", "exit code 1"),
        ("raise SystemExit(2)", "exit code 2"),
    ],
)
def test_a_check_that_dies_says_so_and_the_older_bundle_stays(bundle, monkeypatch, ends, said):
    """It runs in a process of its own, which the machine may end; that finds nothing right."""
    monkeypatch.setattr(checked_apart, "verify_file", ends.encode)
    before = (bundle / SUMS).read_bytes()
    with pytest.raises(Refused, match=f"before it could tell .{said}.. The machine may be short"):
        write_bundle(bundle)
    assert (bundle / SUMS).read_bytes() == before
    assert not [path for path in bundle.parent.iterdir() if path.name.startswith(".bundle")]


def test_nobody_publishes_while_what_grows_is_read(bundle, monkeypatch):
    read, asked = LogFolder.read, []

    def read_and_ask(folder, name):
        if folder.path.name == "public" and ("checkpoint" in name or ".p/" in name):
            with (folder.path / ".lock").open("w") as handle, pytest.raises(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            asked.append(name)
        return read(folder, name)

    monkeypatch.setattr(LogFolder, "read", read_and_ask)
    monkeypatch.setattr("doorstep.site.bundle.publish", lambda: [True])
    write_bundle(bundle)
    assert asked.count("checkpoint") == 1
    assert len(asked) > 2


def test_what_happened_since_the_checkpoint_is_left_out_of_every_file(bundle, monkeypatch):
    """A reversal, a round and a fund that nobody signed yet would say what no leaf can confirm."""
    monkeypatch.setattr("doorstep.site.bundle.publish", lambda: [True])
    read = Path.read_bytes
    before = {path.name: read(path) for path in (bundle / "ledger").iterdir()}
    cleared = Journal.objects.get(kind="payment.cleared")
    reverse(cleared, idem_key="since", actor=ACTOR, reason="The bank took it back")
    frozen(place_with_money(slug="since"), "round-since")
    write_bundle(bundle)
    assert verdict(bundle) == ""
    after = {path.name: read(path) for path in (bundle / "ledger").iterdir()}
    assert {name: after[name] for name in before} == before
    assert len(after["fund-of-since.csv"].splitlines()) == 1
    assert not (bundle / "rounds/round-since").exists()


def test_a_forged_sum_of_the_ledger_with_the_right_checksum_is_found(bundle):
    path = bundle / "ledger/fund-of-millbrook-east.csv"
    head, row, rest = path.read_bytes().split(b"\r\n", 2)
    cells = row.split(b",")
    cells[-4] += b"0"
    path.write_bytes(b"\r\n".join([head, b",".join(cells), rest]))
    resum(bundle)
    name = path.relative_to(bundle)
    assert verdict(bundle) == f"{name}: line 2 is not what the leaves say."


def test_it_says_what_nobody_can_check_against_the_record(bundle, capsys):
    assert verdict(bundle) == ""
    note = capsys.readouterr().out.splitlines()[-1]
    assert note.startswith("note   Not checked against the record: README.txt, bundle.json, ")
    assert "grants/360giving.json" in note
    assert ".journal" in note or "ledger/… (" in note
    assert ".csv" not in note.replace("checkpoints/words.csv", "")
    assert "words.jsonl" not in note
    assert "rounds" not in note


def test_nothing_signed_is_no_bundle(settings, tmp_path):
    settings.RECORD_KEYS, settings.RECORD_FOLDER = tmp_path / "none", tmp_path / "record"
    with pytest.raises(Refused, match="nothing signed"):
        write_bundle(tmp_path / "bundle")


def test_the_site_is_laid_out_like_a_bundle(bundle, client):
    """So `verify.py https://…` reads the site itself."""
    names = [
        str(path.relative_to(bundle))
        for path in bundle.rglob("*")
        if path.is_file() and path.parts[len(bundle.parts)] in {"record", "rounds"}
    ]
    for name in names:
        answer = client.get(f"/{name}")
        assert answer.status_code == 200, name
        assert answer.content == (bundle / name).read_bytes(), name
    assert client.get("/record/verify.py").content == (bundle / "verify.py").read_bytes()


def test_every_earlier_checkpoint_leaves_with_what_others_signed(bundle):
    """Notes, the lines of a witness that was removed since, tokens, and the words of a month."""
    add_witness(str(COUNCIL.verifier), actor=CLERK)
    publish()
    last = latest_checkpoint()
    for at in (AT, AT + 5, AT + 9):
        line = COUNCIL.sign(Note.parse(last.note.encode()).text, at=at)
        add_cosignatures(f"{last.note}{line}".encode())
    token = b"0\x82" + hashlib.sha256(stamped_text(last)).digest()
    for authority in ("one.example.org", "two.example.org"):
        keep_timestamp(last, authority, token, timezone.now())
    remove_witness(COUNCIL.name, actor=CLERK)
    late = SignerKey("late.example.org/witness", WITNESS, bytes(31) + b"\1")
    write_bundle(bundle)
    kept = bundle / "checkpoints"
    sizes = Checkpoint.objects.filter(log="public").values_list("size", flat=True)
    notes = {path.name for path in (kept / "public").iterdir()}
    assert notes == {*map(str, sizes), f"{last.size}.tsr", f"{last.size}.2.tsr"}
    note = Note.parse((kept / "public" / str(last.size)).read_bytes())
    assert note.text == Note.parse(last.note.encode()).text
    lines = [Note(note.text, (one,)).signed_at(COUNCIL.verifier) for one in note.signatures[1:]]
    assert lines == [AT, AT + 9]  # the first and the last of each witness
    assert (kept / "public" / f"{last.size}.tsr").read_bytes() == token
    assert (kept / "witnesses").read_text() == f"{COUNCIL.verifier}\n"
    first = Checkpoint.objects.filter(log="public").earliest("size")
    month = timezone.localtime(first.signed_at).strftime("%Y-%m")
    told = f"month,leaves,words\n{month},{first.size},{first.words}\n"
    assert (kept / "words.csv").read_text() == told
    assert {path.name for path in (kept / "audit").iterdir()} == set(
        map(str, Checkpoint.objects.filter(log="audit").values_list("size", flat=True))
    )
    assert verdict(bundle) == ""
    forged = kept / "public" / str(first.size)
    forged.write_bytes((kept / "public" / str(last.size)).read_bytes())
    resum(bundle)
    assert verdict(bundle) == (
        f"checkpoints/public/{first.size} is of another size than its name says."
    )
    add_witness(str(late.verifier), actor=CLERK)  # its leaf is not signed yet
    audit = b"a\n1\nAA\n\n" + late.sign("a\n1\nAA\n", at=AT).encode()
    assert without_late_lines(audit, size()) == audit
    assert without_late_lines(audit, last.size) == b"a\n1\nAA\n\n"
