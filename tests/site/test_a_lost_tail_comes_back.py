"""A restore that lost signed leaves signs nothing smaller; what was published comes back."""

import shutil
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from typer.testing import CliRunner

from doorstep.apps.ledger.actions import Line, open_account, post, reverse
from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.queries import balances
from doorstep.apps.places.actions import open_place
from doorstep.apps.places.models import Place
from doorstep.apps.record.keys import make_keys, signer
from doorstep.apps.record.models import Checkpoint, Leaf, Log
from doorstep.apps.record.publishing import folder_of, publish
from doorstep.apps.record.queries import size
from doorstep.apps.record.verify import body_of
from doorstep.apps.refused import Refused
from doorstep.cli import app
from doorstep.engine.seal.note import LOG, SignerKey
from doorstep.site.upkeep.checking import check_invariants
from doorstep.site.upkeep.copies import leaves_of
from doorstep.site.upkeep.recovery import recover
from tests.apps.record.publishing import published
from tests.engine.seal.logs import publish as publish_log
from tests.millbrook import ACTOR
from tests.scratch import scratch_database

DAY = date(2026, 11, 28)


@pytest.fixture
def restored(committed_db, settings, tmp_path):
    """The database as an older backup had it: four leaves, of ten that were published."""
    settings.RECORD_FOLDER, settings.RECORD_KEYS = tmp_path / "record", tmp_path / "keys"
    make_keys("https://fund.example.org")
    open_account("world:a", fund="a", guard="none")
    open_account("a:pot", fund="a", guard="credit_nonneg")
    paid_in("first", 100)
    publish()
    with tail():
        open_account("a:other", fund="a", guard="credit_nonneg")
        wrong = paid_in("second", 900)
        reverse(wrong, idem_key="undo", actor=ACTOR, reason="A slip")
        post(
            "a.moved", [Line("a:pot", "a:other", 40)], idem_key="third", actor=ACTOR,
            effective_on=DAY,
        )  # fmt: skip
        open_place(
            "millbrook-east", "Millbrook East", "Alderdale", population=7240,
            population_year=2024, population_source="Made up", boundary_year=2021, actor=ACTOR,
        )  # fmt: skip
        publish()
    return committed_db


@contextmanager
def tail():
    """What is done within is done to a copy that is lost afterwards."""
    with scratch_database():
        yield


def paid_in(key: str, pence: int) -> Journal:
    return post(
        "a.paid_in", [Line("world:a", "a:pot", pence)], idem_key=key, actor=ACTOR, effective_on=DAY
    )


def broken() -> set[str]:
    return {one.invariant.name for one in check_invariants() if one.faults}


def test_nothing_smaller_is_signed_and_the_command_says_what_to_do(restored):
    before = folder_of(Log.PUBLIC).read("checkpoint")
    run = CliRunner().invoke(app, ["publish-record"])
    assert run.exit_code == 2
    assert "Recovery mode" in run.output
    assert "doorstep recover-record" in run.output
    assert folder_of(Log.PUBLIC).read("checkpoint") == before
    assert broken() == {"record.published"}


def test_the_leaves_come_back_as_they_were_with_the_money_that_they_tell(restored):
    run = CliRunner().invoke(app, ["recover-record"])
    assert run.exit_code == 0, run.output
    assert "public: leaves 3 to 7 are back" in run.output
    assert balances(["a:pot", "a:other"]) == {"a:pot": 60, "a:other": 40}
    said = body_of(Leaf.objects.get(kind="record.tail_recovered"))
    assert (said["from"], said["to"], said["without_rows"]) == (3, 8, 1)
    assert publish()[0].checkpoint.size == 9
    assert not Place.objects.exists()
    # The place and the words of a memo were in no leaf: that is named until somebody sees to it.
    assert broken() == {"places.told", "record.leaves", "ledger.entries"}
    assert "record.published" not in broken()


def test_a_request_that_was_recovered_is_still_known(restored):
    """Whoever was told that it is done, and asks again, moves nothing a second time."""
    recover()
    before = size()
    again = post(
        "a.moved", [Line("a:pot", "a:other", 40)], idem_key="third", actor=ACTOR, effective_on=DAY
    )
    assert again.kind == "a.moved"
    assert size() == before


def test_where_nothing_is_missing_nothing_is_written(restored):
    recover()
    publish()
    assert recover() == []
    assert "Nothing is missing" in CliRunner().invoke(app, ["recover-record"]).output


def test_a_database_that_went_on_is_not_the_beginning_of_what_was_signed(restored):
    paid_in("another history", 5)
    with pytest.raises(Refused, match="are not what was signed"):
        recover()
    assert size() == 4


@pytest.mark.parametrize("harm", ["flipped", "gone"])
def test_a_bundle_that_was_changed_or_lost_brings_nothing_back(restored, harm):
    (bundle,) = (folder_of(Log.PUBLIC).path / "tile" / "entries").rglob("8")
    if harm == "gone":
        bundle.unlink()
    else:
        data = bytearray(bundle.read_bytes())
        data[len(data) // 2] ^= 1
        bundle.write_bytes(data)
    with pytest.raises(Refused, match=r"missing in|brought back"):
        recover()
    assert size() == 3


def test_a_copy_from_somebody_else_will_do(restored, tmp_path):
    ours = folder_of(Log.PUBLIC).path
    theirs = tmp_path / "bundle" / "record" / "log" / "public"
    theirs.parent.mkdir(parents=True)
    ours.rename(theirs)
    (done,) = recover(tmp_path / "bundle")
    assert (done.first, done.end) == (3, 8)
    assert publish()[0].checkpoint.size == 9
    assert Checkpoint.objects.count() == 2
    assert connection.vendor in restored.url


def ours() -> list[bytes]:
    """The eight leaves that we published."""
    return list(leaves_of(folder_of(Log.PUBLIC), 0, 8))


def no_folder(copy: Path) -> None:
    pass


def no_record(copy: Path) -> None:
    copy.mkdir()
    (copy / "letter.txt").write_text("Dear all")


def with_a_folder_for_a_checkpoint(copy: Path) -> None:
    (copy / "checkpoint").mkdir(parents=True)


def of_another_fund(copy: Path) -> None:
    publish_log(copy, [b"{}"] * 20)


def by_another_key(copy: Path) -> None:
    forged = SignerKey(signer("public").name, LOG, bytes(range(32)))
    publish_log(copy, [b"{}"] * 20, forged)


def an_older_one(copy: Path) -> None:
    publish_log(copy, ours()[:5], signer("public"))


def another_history(copy: Path) -> None:
    publish_log(copy, [*ours()[:5], *[b"{}"] * 20], signer("public"))


def another_beginning(copy: Path) -> None:
    """What our database signed stands against it too, if our folder is lost."""
    leaves = [b"{}"] * 20
    shutil.rmtree(folder_of(Log.PUBLIC).path)
    publish_log(copy, leaves, signer("public"))


def with_a_torn_bundle(copy: Path) -> None:
    publish_log(copy, [*ours(), b"{}"], signer("public"))
    (bundle,) = (copy / "tile" / "entries").rglob("9")
    bundle.write_bytes(bundle.read_bytes()[:-1])


def with_a_changed_leaf(copy: Path) -> None:
    publish_log(copy, [*ours(), b"{}"], signer("public"))
    (bundle,) = (copy / "tile" / "entries").rglob("9")
    bundle.write_bytes(bundle.read_bytes()[:-1] + b"]")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (no_folder, "There is no folder .*copy"),
        (no_record, "is no copy of a record"),
        (with_a_folder_for_a_checkpoint, "is no copy of a record"),
        (of_another_fund, "is not one of our record: this checkpoint is of example.org"),
        (by_another_key, "is not one of our record"),
        (an_older_one, "is older than what we have: it has 5 leaves, .* has 8"),
        (another_history, "contradicts what we have: its first 8 leaves"),
        (another_beginning, "contradicts what we have: its first 3 leaves"),
        (with_a_torn_bundle, "is damaged"),
        (with_a_changed_leaf, "is damaged: its leaves do not lead to the root"),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_a_copy_that_is_not_ours_or_not_newer_touches_nothing(
    restored, tmp_path, make: Callable[[Path], None], said
):
    make(tmp_path / "copy")
    folder = folder_of(Log.PUBLIC).path
    before = published(folder)
    with pytest.raises(Refused, match=f"{said}.* nothing of ours was touched"):
        recover(tmp_path / "copy")
    assert published(folder) == before
    assert size() == 3


def test_a_newer_copy_brings_our_folder_and_our_database_forward(restored, tmp_path):
    """It may hold anything beside its leaves: tiles and bundles are made of those anew."""
    copy, folder = tmp_path / "copy", folder_of(Log.PUBLIC).path
    shutil.copytree(folder, copy)
    leaves = ours()
    shutil.rmtree(folder)
    publish_log(folder, leaves[:5], signer("public"))
    (copy / "witnesses").write_text("a witness that our record never named\n")
    next((copy / "tile" / "0").rglob("8")).write_bytes(b"no hashes")
    (done,) = recover(copy)
    assert (done.first, done.end) == (3, 8)
    assert not (folder / "witnesses").exists()
    assert publish()[0].checkpoint.size == 9


def test_a_bundle_that_we_lost_comes_from_a_copy_and_our_checkpoint_stays(restored, tmp_path):
    copy, folder = tmp_path / "copy", folder_of(Log.PUBLIC)
    shutil.copytree(folder.path, copy)
    shown = folder.read("checkpoint") + "— a.witness AAAAAAAA\n".encode()
    folder.replace("checkpoint", shown)
    next((folder.path / "tile" / "entries").rglob("8")).unlink()
    assert len(recover(copy)) == 1
    assert folder.read("checkpoint") == shown


def test_a_fork_leaves_our_folder_as_it_was(restored, tmp_path):
    copy, folder = tmp_path / "copy", folder_of(Log.PUBLIC).path
    folder.rename(copy)
    paid_in("another history", 5)
    with pytest.raises(Refused, match="are not what was signed"):
        recover(copy)
    assert published(folder) == {}
    assert size() == 4


def test_a_longer_fork_is_not_called_whole(restored):
    for number in range(6):
        paid_in(f"another history {number}", 5)
    assert size() == 9
    with pytest.raises(Refused, match="are not what was signed"):
        recover()


def test_without_a_key_or_what_was_published_nothing_is_called_whole(restored, settings, tmp_path):
    folder = folder_of(Log.PUBLIC).path
    folder.rename(tmp_path / "lost")
    run = CliRunner().invoke(app, ["recover-record"])
    assert run.exit_code == 2
    assert "nobody can tell what is missing" in run.output
    settings.RECORD_KEYS.unlink()
    for given in ([], ["--copy", str(tmp_path / "lost")]):
        run = CliRunner().invoke(app, ["recover-record", *given])
        assert run.exit_code == 2
        assert "There is no key of the record" in run.output
    assert not folder.exists()
