"""`doorstep restore-public` takes a bundle from anybody: what a stranger signed is refused in a
sentence or makes a plain page, and nothing is ever written or read outside the copy."""

import copy
import errno
import json
import os
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from doorstep.apps.refused import Refused
from doorstep.cli import app
from doorstep.cli_doors import refusals_in_one_line
from doorstep.engine.seal.alone.files import SEEN
from doorstep.engine.seal.joined import verify_file
from doorstep.site.bundle import WORDS
from doorstep.site.restored import restore
from doorstep.site.restored.pages import pages
from doorstep.site.restored.reading import LOG, read_bundle
from doorstep.site.restored.restore import restore_public
from doorstep.site.restored.shapes import LONGEST_SLUG
from tests.engine.seal.many import resum
from tests.engine.seal.records import account, said, written
from tests.site.strangers import RESULT, bundle_of, record
from tests.site.test_a_bundle_is_checked_by_a_stranger import verdict

OUTSIDE = "../../../../outside"
NO_SLUGS = (
    OUTSIDE, "..", "", "/outside", "mill/../../..", "mill\n", "Mill", "mill_lane", "mill--lane",
    "javascript:alert(1)", "x" * (LONGEST_SLUG + 1), None, 7, ["mill"],
)  # fmt: skip
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def everything_in(folder: Path) -> dict[str, bytes | None]:
    """{path: bytes} of all that stands there; None for a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def test_a_bundle_that_nobody_changed_makes_pages(tmp_path):
    """Or what follows would be refused for something else."""
    restore_public(bundle_of(tmp_path / "bundle", record()), tmp_path / "copy")
    assert "Mill Lane" in (tmp_path / "copy/places/mill/index.html").read_text()
    assert "funded" in (tmp_path / "copy/rounds/r1/index.html").read_text()
    assert verdict(tmp_path / "copy") == ""


@pytest.mark.parametrize(
    ("what", "slug"),
    [
        *(("place", slug) for slug in NO_SLUGS),
        # A list of checksums cannot name a file with a new line in its name.
        *(("round_", slug) for slug in NO_SLUGS if slug != "mill\n"),
    ],
    ids=repr,
)
def test_a_name_that_leads_elsewhere_is_refused_and_nothing_is_written(tmp_path, what, slug):
    """The round's own files stand where such a name leads, so everything verifies."""
    deep = tmp_path / "a/b/c/d/e"
    deep.mkdir(parents=True)
    there = slug if what == "round_" and isinstance(slug, str) else "r1"
    bundle = bundle_of(deep / "bundle", record(**{what: slug}), round_=there)
    assert verdict(bundle) == ""
    before = everything_in(tmp_path)
    with pytest.raises(Refused, match=f"under “{what.strip('_')}”, and no page can be made"):
        restore_public(bundle, deep / "copy")
    assert everything_in(tmp_path) == before


def test_what_would_lie_outside_is_not_written_even_if_a_page_is_named_so(tmp_path, monkeypatch):
    bundle = bundle_of(tmp_path / "bundle", record())
    monkeypatch.setattr(restore, "pages", lambda _found: iter([("../outside.html", b"x")]))
    before = everything_in(tmp_path)
    with pytest.raises(Refused, match="would lie outside"):
        restore_public(bundle, tmp_path / "copy")
    assert everything_in(tmp_path) == before


@pytest.mark.parametrize("kind", ["link to a file", "link to a folder", "pipe"])
def test_no_file_of_this_machine_comes_into_the_copy(tmp_path, kind):
    secret = tmp_path / "home" / "secret"
    secret.parent.mkdir()
    secret.write_text("mine")
    bundle = bundle_of(tmp_path / "bundle", record())
    (bundle / "ledger").mkdir()
    if kind == "pipe":
        os.mkfifo(bundle / "ledger/fund.csv")
    else:
        to = secret if kind == "link to a file" else secret.parent
        (bundle / "ledger/fund.csv").symlink_to(to)
    with pytest.raises(Refused, match=re.escape("ledger/fund.csv in the bundle is a link")):
        restore_public(bundle, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_log_at_the_top_is_not_checked_in_place_of_the_one_that_is_shown(tmp_path):
    bundle = bundle_of(tmp_path / "bundle", record())
    forged = bundle / LOG / "checkpoint"
    forged.write_text(forged.read_text().replace("—", "–"))
    written(bundle, record())
    resum(bundle)
    assert verdict(bundle) == ""
    with pytest.raises(Refused, match="has a file checkpoint at its top"):
        restore_public(bundle, tmp_path / "copy")


@pytest.mark.parametrize("is_listed", [False, True])
def test_what_nobody_checked_is_left_out_and_counted(tmp_path, is_listed):
    """A web server would obey .htaccess, and serve what a stranger hid beside the record; a check
    passes over such names."""
    bundle = bundle_of(tmp_path / "bundle", record())
    extra = (".htaccess", ".well-known/security.txt", "ledger/Thumbs.db", "rounds/r1/.git/config")
    for name in extra:
        path = bundle / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a stranger's")
    if is_listed:
        resum(bundle)
    (bundle / SEEN).write_text("{}")
    assert verdict(bundle) == ""
    copy = tmp_path / "copy"
    run = CliRunner().invoke(app, ["restore-public", str(bundle), str(copy)])
    assert run.exit_code == 0, run.output
    assert "4 files were left out, because" in run.output
    assert ": .htaccess …" in run.output
    assert not any((copy / name.split("/")[0]).exists() for name in extra[:2])
    assert not [name for name in everything_in(copy) if "Thumbs" in name or ".git" in name]
    assert verdict(copy) == ""
    again = restore_public(copy, tmp_path / "again")
    assert "left out" not in again


def test_what_the_reader_is_told_to_run_is_ours(tmp_path):
    restore_public(bundle_of(tmp_path / "bundle", record()), tmp_path / "copy")
    assert (tmp_path / "copy/verify.py").read_bytes() == verify_file()


def test_words_of_a_stranger_stay_words(tmp_path):
    """In names and in whatever else a leaf says, on every page."""
    leaves = record(name=SCRIPT)
    for says in leaves:
        says |= {
            name: SCRIPT
            for name, value in says.items()
            if isinstance(value, str) and says["kind"] in ("organisation.opened", "fund.opened")
            and name not in ("kind", "time", "name")
        }  # fmt: skip
    leaves += [said(f"x.{SCRIPT}", place=SCRIPT), said("witness.added", witness=SCRIPT, key="k")]
    leaves += [account(f"place:{SCRIPT}:available")]
    bundle = bundle_of(tmp_path / "bundle", leaves, name=SCRIPT)
    (bundle / "grants").mkdir()
    (bundle / "grants" / '"><img src=x>.csv').write_text("x")
    resum(bundle)
    restore_public(bundle, tmp_path / "copy")
    found = 0
    for page in (tmp_path / "copy").rglob("*.html"):
        text = page.read_text()
        found += "&lt;script&gt;" in text
        assert "<script>" not in text, page
        assert "<img" not in text, page
    assert found > 3


def changed(kind: str, field: str, value: object):
    leaves = record()
    (says,) = [one for one in leaves if one["kind"] == kind]
    if value is MISSING:
        says.pop(field, None)
    else:
        says[field] = value
    return leaves


MISSING = object()
READ = [
    ("place.opened", ("place", "name", "council", "population", "time")),
    ("fund.opened", ("fund", "name")),
    ("organisation.opened", ("organisation", "name")),
    ("award.made", ("award", "place", "pence", "title")),
    ("payment.raised", ("payment", "award")),
    ("round.frozen", ("round", "place", "title")),
    ("round.decided", ("round",)),
]


def refused_or_shown(folder: Path, bundle: Path) -> str:
    """Why it was refused, or nothing where it made pages; any other exception goes on."""
    target = folder / "copy"
    shutil.rmtree(target, ignore_errors=True)
    try:
        restore_public(bundle, target)
    except Refused as refusal:
        assert not target.exists()
        return refusal.reason
    return ""


@pytest.mark.parametrize("field", [(kind, name) for kind, names in READ for name in names], ids=str)
def test_a_leaf_without_what_pages_need_is_refused_in_a_sentence(tmp_path, field):
    for number, value in enumerate((MISSING, None, -1, 7, "", "yesterday", [["x"]], {"x": []})):
        bundle = bundle_of(tmp_path / str(number), changed(*field, value))
        told = refused_or_shown(tmp_path, bundle)
        if value is MISSING and field[1] != "title":
            assert told.endswith(".")


@pytest.mark.parametrize(
    "time",
    ["yesterday", "2026-11-28", "2026-11-28T12:00:00", "0001-01-01T00:00:00Z", "2026-13-01T00:00Z"],
)
def test_a_moment_that_is_none_is_refused(tmp_path, time):
    bundle = bundle_of(tmp_path / "bundle", changed("place.opened", "time", time))
    with pytest.raises(Refused, match=f"says “{time}” under “time”"):
        restore_public(bundle, tmp_path / "copy")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside),
    max_leaves=5,
)


@given(data=st.data(), value=ANYTHING)
@hypothesis_settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_a_leaf_says_no_other_exception_comes_of_it(tmp_path, data, value):
    leaves = copy.deepcopy(record())
    says = data.draw(st.sampled_from(leaves))
    says[data.draw(st.sampled_from(sorted(says)))] = value
    bundle = tmp_path / "bundle"
    shutil.rmtree(bundle, ignore_errors=True)
    refused_or_shown(tmp_path, bundle_of(bundle, leaves))


@pytest.mark.parametrize(
    "projects",
    [None, 7, ["p1"], [{}], [{"id": "p1"}], [{"id": [], "votes": 1}], [{"id": "p1", "votes": "9"}]],
    ids=repr,
)
def test_a_result_that_says_no_votes_is_refused(tmp_path, projects):
    result = RESULT | {"projects": projects}
    bundle = bundle_of(tmp_path / "bundle", record(result=result), result=result)
    assert verdict(bundle) == ""
    with pytest.raises(Refused, match="The result of the round r1 does not say which ideas"):
        restore_public(bundle, tmp_path / "copy")


def test_a_result_that_no_leaf_names_is_not_shown(tmp_path):
    leaves = [says for says in record() if says["kind"] != "round.decided"]
    restore_public(bundle_of(tmp_path / "bundle", leaves), tmp_path / "copy")
    page = (tmp_path / "copy/rounds/r1/index.html").read_text()
    assert "What was asked" in page
    assert "funded" not in page


def test_a_record_without_a_leaf_and_words_that_are_none_are_refused(tmp_path):
    empty = bundle_of(tmp_path / "empty", [])
    (empty / WORDS).unlink()
    resum(empty)
    assert "has no leaf yet" in refused_or_shown(tmp_path, empty)
    for number, line in enumerate((b"\xff\xfe", b"[" * 100_000, b"7", b'{"text": "\\ud800"}')):
        bundle = bundle_of(tmp_path / str(number), record())
        (bundle / WORDS).write_bytes(line)
        resum(bundle)
        assert WORDS in refused_or_shown(tmp_path, bundle)


def test_an_account_of_an_unknown_form_is_left_out(tmp_path):
    leaves = [*record(), account("place"), account("place:mill"), account(":::::")]
    found = read_bundle(bundle_of(tmp_path / "bundle", leaves))
    assert dict(pages(found))["places/mill/index.html"]


def test_the_command_takes_the_folder_where_it_stands(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    bundle = bundle_of(tmp_path / "bundle", record())
    run = CliRunner().invoke(app, ["restore-public", str(bundle), "."])
    assert run.exit_code == 0, run.output
    assert (tmp_path / "here/index.html").exists()
    assert json.loads((tmp_path / "here/bundle.json").read_text())


def test_a_copy_that_fails_says_why(tmp_path, monkeypatch, capsys):
    """A full disk comes as an error, or out of shutil as a list, which has no path and no reason of
    its own."""
    bundle, full = bundle_of(tmp_path / "bundle", record()), "No space left on device"

    def fails(source, target):
        raise OSError(errno.ENOSPC, full, str(target))

    monkeypatch.setattr(shutil, "copy2", fails)
    run = CliRunner().invoke(app, ["restore-public", str(bundle), str(tmp_path / "copy")])
    assert (run.exit_code, run.output.count("\n")) == (2, 1)
    assert run.output.endswith(f"bundle.json: {full}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]
    with pytest.raises(SystemExit), refusals_in_one_line():
        raise shutil.Error([("here", "there", f"[Errno 28] {full}")])
    said = capsys.readouterr().err
    assert said == f"doorstep: 1 could not be copied, the first because: [Errno 28] {full}\n"
