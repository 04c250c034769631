"""What stands in the database is published whole, grows only, and is signed only when it fits."""

import os
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from typer.testing import CliRunner

from doorstep.apps.record import publishing as record_publishing
from doorstep.apps.record import seals
from doorstep.apps.record.folder import LogFolder
from doorstep.apps.record.keys import make_keys, signer
from doorstep.apps.record.models import Checkpoint, Leaf, LogHead
from doorstep.apps.record.publishing import publish
from doorstep.apps.record.queries import monthly_checkpoints
from doorstep.apps.refused import Refused
from doorstep.cli import app
from doorstep.engine.seal import checkpoint as seal
from doorstep.engine.seal.alone.run import check_everything
from doorstep.engine.seal.leaf import leaf_hash
from doorstep.engine.seal.note import LOG, SignerKey
from doorstep.engine.seal.tiles import bundles_for, entries_of, entries_path, tiles_for
from doorstep.engine.seal.tree import root
from tests.apps.record.publishing import grow, lift_seals, published, signing  # noqa: F401 - a fixture
from tests.engine.seal.logs import publish as publish_files

pytestmark = pytest.mark.django_db


def shown(folder: Path, log: str = "public") -> seal.Checkpoint:
    key = signer(log)
    assert key is not None
    return seal.opened((folder / log / "checkpoint").read_bytes(), key.verifier)[0]


def leaves_in(folder: Path, size: int) -> list[bytes]:
    return [
        leaf
        for number, width in bundles_for(size)
        for leaf in entries_of(
            (folder / "public" / entries_path(number, width)).read_bytes(), width
        )
    ]


@pytest.mark.parametrize("steps", [[1], [3, 5], [255, 1, 1], [256, 300], [600]])
def test_every_leaf_is_published_under_the_signed_root(signing, steps):  # noqa: F811
    for step in steps:
        grow(step)
        publish()
        bodies = [
            bytes(body) for body in Leaf.objects.order_by("idx").values_list("body", flat=True)
        ]
        now = shown(signing)
        assert now.size == len(bodies)
        assert leaves_in(signing, now.size) == bodies
        assert now.root == root(map(leaf_hash, bodies))
        assert Checkpoint.objects.filter(size=now.size, root=now.root).exists()
        files = published(signing / "public")
        assert all(tile.path in files for tile in tiles_for(now.size))


def test_what_is_whole_is_never_written_again(signing, monkeypatch):  # noqa: F811
    grow(300)
    publish()
    before = published(signing)
    written: list[str] = []
    replace = os.replace
    monkeypatch.setattr(
        os, "replace", lambda old, new: (written.append(str(new)), replace(old, new))
    )
    grow(2)
    publish()
    after = published(signing)
    assert {name.split("public/")[1] for name in written} == {
        "tile/entries/001.p/46", "tile/0/001.p/46", "checkpoint", "key",
    }  # fmt: skip
    assert all(after[name] == data for name, data in before.items() if "checkpoint" not in name)
    written.clear()
    assert [one.is_new for one in publish()] == [False]
    assert written == []


def test_a_partial_tile_goes_when_the_whole_one_stands(signing):  # noqa: F811
    grow(250)
    publish()
    grow(10)
    publish()
    names = published(signing / "public")
    assert "tile/0/000" in names
    assert not [name for name in names if ".p/250" in name]


def test_a_stranger_finds_it_right_at_every_step_over_a_tile(signing, monkeypatch):  # noqa: F811
    """A tile becomes whole: whoever looks between any two files still sees a record that fits, and
    so does everybody after a run that was cut off there."""
    grow(250)
    publish()
    seen = []

    def looked_at(do):
        def then(folder, *given):
            do(folder, *given)
            check_everything(str(signing / "public"), None)
            seen.append(do.__name__)

        return then

    for step in (LogFolder.replace, LogFolder.forget_partial):
        monkeypatch.setattr(LogFolder, step.__name__, looked_at(step))
    grow(10)
    publish()
    assert seen.count("replace") > 4
    assert seen[-1] == "forget_partial"


def test_what_a_cut_off_run_left_is_tidied_by_the_next(signing, monkeypatch):  # noqa: F811
    grow(250)
    publish()
    grow(10)
    with monkeypatch.context() as cut:
        cut.setattr(record_publishing, "_forget_partials", lambda folder, shown: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publish()
    assert shown(signing).size == 260
    assert (signing / "public/tile/0/000.p/250").exists()
    grow(300)
    publish()
    assert not (signing / "public/tile/0/000.p").exists()
    assert not (signing / "public/tile/entries/000.p").exists()


def test_nothing_is_signed_without_a_key_or_a_leaf(settings, tmp_path):
    settings.RECORD_KEYS, settings.RECORD_FOLDER = tmp_path / "none", tmp_path / "record"
    grow(1)
    assert publish() == []
    assert Checkpoint.objects.count() == 0


def test_keys_are_made_once_and_are_for_their_owner_alone(signing, settings):  # noqa: F811
    assert stat.S_IMODE(Path(settings.RECORD_KEYS).stat().st_mode) == 0o600
    assert signer("public").name == "fund.example.org/record/log/public"
    with pytest.raises(Refused, match="already"):
        make_keys("https://fund.example.org")
    Path(settings.RECORD_KEYS).write_text("PRIVATE+KEY+x")
    with pytest.raises(Refused, match="damaged"):
        signer("public")


def rewind(leaves: int) -> None:
    """What a restored backup looks like: the last leaves were never there."""
    lift_seals("record_leaf", "record_loghead", "record_checkpoint")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_checkpoint")
        size = LogHead.objects.get(log="public").size - leaves
        last = Leaf.objects.get(log="public", idx=size - 1)
        Leaf.objects.filter(log="public", idx__gte=size).delete()
        LogHead.objects.filter(log="public").update(size=size, chain=last.chain)
    seals.install(connection)


def test_a_restored_backup_signs_no_smaller_tree(signing):  # noqa: F811
    grow(20)
    publish()
    rewind(3)
    before = published(signing)
    with pytest.raises(Refused, match=r"Recovery mode.* 20 leaves, and this database has 17") as no:
        publish()
    assert no.value.code == "record-behind"
    assert (published(signing), Checkpoint.objects.count()) == (before, 0)


def test_a_restored_backup_that_went_on_signs_no_other_past(signing):  # noqa: F811
    grow(20)
    publish()
    rewind(3)
    grow(9)
    with pytest.raises(Refused, match="Recovery mode: the first 20 leaves") as no:
        publish()
    assert no.value.code == "record-forked"
    assert shown(signing).size == 20


def test_a_lost_folder_needs_what_a_witness_holds(signing):  # noqa: F811
    grow(20)
    publish()
    held = (signing / "public" / "checkpoint").read_bytes()
    grow(5)
    shutil.rmtree(signing / "public")
    with pytest.raises(Refused, match="Ask a witness"):
        publish()
    forged = held.replace(b"\n20\n", b"\n21\n")
    with pytest.raises(Refused, match="cannot be trusted"):
        publish(held_outside=[forged])
    publish(held_outside=[held])
    assert shown(signing).size == 25
    assert len(leaves_in(signing, 25)) == 25


def test_what_a_witness_holds_binds_even_a_database_that_forgot(signing):  # noqa: F811
    grow(20)
    publish()
    held = (signing / "public" / "checkpoint").read_bytes()
    (signing / "public" / "checkpoint").unlink()
    rewind(3)
    with pytest.raises(Refused, match="Recovery mode: checkpoint 1 that a witness holds"):
        publish(held_outside=[held])


def test_nobody_outside_holds_one_is_said_aloud(signing):  # noqa: F811
    grow(4)
    publish()
    shutil.rmtree(signing / "public")
    publish(held_outside=[record_publishing.NOBODY])
    assert shown(signing).size == 4


def test_a_changed_leaf_is_not_signed(signing):  # noqa: F811
    grow(3)
    publish()
    grow(1)
    lift_seals("record_leaf")
    Leaf.objects.filter(idx=3).update(body=b'{"kind":"garden.bench_placed"}')
    with pytest.raises(Refused, match="do not have its hash"):
        publish()
    assert shown(signing).size == 3


def test_a_changed_file_is_not_built_upon(signing):  # noqa: F811
    grow(260)
    publish()
    tile = signing / "public" / "tile" / "1" / "000.p" / "1"
    tile.write_bytes(bytes(32))
    (signing / "public" / "checkpoint").unlink()
    with pytest.raises(Refused, match="published with other bytes"):
        publish()


def test_a_run_that_was_cut_off_is_finished_by_the_next(signing, monkeypatch):  # noqa: F811
    """Killed after the signature was kept and before anybody saw it."""
    grow(5)
    with monkeypatch.context() as cut:
        cut.setattr(record_publishing, "_show", lambda folder, last: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publish()
    assert not (signing / "public" / "checkpoint").exists()
    publish()
    assert shown(signing).size == 5
    assert Checkpoint.objects.count() == 1


def test_the_page_that_checks_says_so_while_nothing_is_signed(signing, page):  # noqa: F811
    assert "Nothing is signed here yet" in page.get("/verify/").text
    grow(1)
    publish()
    assert "Nothing is signed here yet" not in page.get("/verify/").text


def test_both_logs_are_signed_and_only_one_is_shown_whole(signing, client):  # noqa: F811
    grow(4)
    grow(7, log="audit")
    publish()
    assert shown(signing, "audit").size == 7
    for path, status in {
        "public/checkpoint": 200, "audit/checkpoint": 200, "public/key": 200,
        "public/tile/0/000.p/4": 200, "public/tile/entries/000.p/4": 200,
        "audit/tile/0/000.p/7": 404, "audit/tile/entries/000.p/7": 404,
        "public/tile/0/000": 404, "public/tile/0/000.p/04": 404, "none/checkpoint": 404,
        "public/tile/..%2f..%2fkeys": 404, "public/.lock": 404,
    }.items():  # fmt: skip
        assert client.get(f"/record/log/{path}").status_code == status, path


def test_files_are_open_to_every_site_and_tiles_never_change(signing, client):  # noqa: F811
    grow(4)
    publish()
    tile = client.get("/record/log/public/tile/entries/000.p/4")
    assert tile["Cache-Control"] == "public, max-age=31536000, immutable"
    assert tile["Content-Type"] == "application/octet-stream"
    note = client.get("/record/log/public/checkpoint")
    assert "no-cache" in note["Cache-Control"]
    assert note["Content-Type"] == "text/plain; charset=utf-8"
    for answer in (tile, note, client.get("/record/1/proof.tlog-proof")):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_command_keeps_a_copy_for_another_web_server(signing, tmp_path):  # noqa: F811
    """It holds what anybody may read of the public log, and what a witness needs."""
    copy = tmp_path / "copy"
    for leaves, new in ((5, "2 files were new"), (300, "5 files were new"), (0, "0 files")):
        grow(leaves)
        run = CliRunner().invoke(app, ["publish-record", str(copy)])
        assert run.exit_code == 0, run.output
        assert f"{copy}: {new}" in run.output
        shown, kept = published(signing / "public"), published(copy)
        assert kept.items() >= shown.items()
        assert check_everything(str(copy), None)
    grow(2, "audit")
    CliRunner().invoke(app, ["publish-record", str(copy)])
    assert published(copy) == kept


@pytest.mark.parametrize("leaves", [3, 300, 600], ids="{} leaves".format)
@pytest.mark.parametrize("lost", ["nothing", "key", "checkpoint", "checkpoint and key"])
@pytest.mark.parametrize("by", ["another fund", "our key"])
def test_a_copy_never_lies_over_another_log(signing, tmp_path, by, lost, leaves):  # noqa: F811
    """Another fund's, or one that our own key signed and ours did not grow out of."""
    grow(300)
    copy, ours = tmp_path / "copy", signer("public")
    assert ours is not None
    key = ours if by == "our key" else SignerKey("other.example.org/log", LOG, bytes(32))
    publish_files(copy, [b'{"leaf":%d}' % number for number in range(leaves)], key)
    for name in lost.split(" and ") if lost != "nothing" else ():
        (copy / name).unlink()
    before = published(copy)
    run = CliRunner().invoke(app, ["publish-record", str(copy)])
    assert run.exit_code == 2, run.output
    assert f"{copy} holds another record than ours, and nothing there was touched" in run.output
    assert published(copy) == before
    assert shown(signing).size == 300


def test_a_copy_that_was_cut_off_is_finished(signing, tmp_path):  # noqa: F811
    """Tiles of ours without a key or a checkpoint are the beginning of a copy, and of no other."""
    copy = tmp_path / "copy"
    for leaves, gone in ((44, "checkpoint"), (300, "checkpoint"), (0, "key"), (0, "tile/0/000")):
        grow(leaves)
        CliRunner().invoke(app, ["publish-record", str(copy)])
        whole = published(copy)
        (copy / gone).unlink()
        run = CliRunner().invoke(app, ["publish-record", str(copy)])
        assert run.exit_code == 0, run.output
        assert published(copy) == whole


def test_the_words_on_the_noticeboards_are_of_the_first_checkpoint_of_each_month(
    signing,  # noqa: F811
    time_machine,
    page,
):
    """In London: half an hour before a September ends there, it has ended here."""
    moments = ["2025-08-01", "2025-09-01", "2025-09-30T22:30", "2025-09-30T23:30", "2025-10-02"]
    moments += [f"2026-{month:02}-03" for month in range(1, 13)]
    for moment in moments:
        time_machine.move_to(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False)
        grow(1)
        publish()
    assert [one.size for one in monthly_checkpoints(15)] == [*range(17, 5, -1), 4, 2, 1]
    assert [one.size for one in monthly_checkpoints()] == [*range(17, 5, -1)]
    grow(1, "audit")
    publish()
    told = page.get("/record/watch/").text
    for one in monthly_checkpoints():
        assert one.words in told
