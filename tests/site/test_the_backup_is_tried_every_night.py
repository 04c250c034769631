"""The backup is brought back on trial, and how that went is public: good, bad, or nothing."""

import errno
import shutil

import pytest
from django.core import mail
from django.db import connection

from doorstep.apps.chores import chores
from doorstep.apps.outbox.sending import deliver_due
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.publishing import publish as publish_record
from doorstep.apps.record.verify import body_of
from doorstep.apps.refused import Refused
from doorstep.site.upkeep import drill
from doorstep.site.upkeep.drill import Drilled, lines_of, publish
from tests.site.test_only_what_is_kept_elsewhere_is_signed import (
    caught_up,
    install,
    running,
    write,
)

__all__ = ["install"]  # a fixture
GOOD = Drilled("sqlite", 2_500_000, 363, 1, 362, 220, 140, 7640, [])


@pytest.fixture(autouse=True)
def configured(settings, tmp_path):
    settings.BACKUP = str(tmp_path / "backup")
    settings.OPERATOR = "operator@example.org"


def nightly() -> None:
    (found,) = [one for one in chores() if one.name.endswith("try_the_backup")]
    found.work()


@pytest.mark.django_db
def test_a_good_trial_is_told_with_its_figures(page):
    assert "The copy was not tried yet" in page.get("/record/backups/").text
    publish(GOOD)
    text = page.get("/record/backups/").text
    assert "Everything came back" in text
    assert "0.2 seconds" in text
    assert "363; 362 were signed" in text
    assert "everything came back" in page.get("/record/").text
    assert "The backup is good." in list(lines_of(GOOD))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"broken": ["ledger.sums"]},
        {"leaves": 361},  # fewer than were signed
        {"lost_ms": 3_600_000},  # it fell silent an hour ago
    ],
)
def test_a_trial_that_went_wrong_is_public_and_the_operator_is_told(page, wrong):
    bad = Drilled(**vars(GOOD) | wrong)
    assert not bad.is_good
    publish(bad)
    assert "Not everything came back as it should" in page.get("/record/backups/").text
    deliver_due(10)
    assert "What came back is not what it should be" in mail.outbox[0].subject


@pytest.mark.django_db
def test_where_nothing_comes_back_that_is_public_and_why_is_the_operators(page, monkeypatch):
    def fails() -> Drilled:
        raise Refused("The disk /mnt/backup of ann is gone.", code="backup-restore")

    monkeypatch.setattr(drill, "drill", fails)
    monkeypatch.setattr("doorstep.site.upkeep.chores.SETTLE", 0)
    nightly()
    text = page.get("/record/backups/").text
    assert "Nothing came back" in text
    assert "/mnt/backup" not in text
    said = body_of(Leaf.objects.get(kind="upkeep.restore_drilled"))
    assert (said["good"], said["why"]) == (0, "backup-restore")
    deliver_due(10)
    assert "/mnt/backup" in mail.outbox[0].body


FULL = OSError(errno.ENOSPC, "No space left on device", "/mnt/scratch/drill-1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("problem", "name"),
    [
        (FULL, "ENOSPC"),
        (shutil.Error([("/mnt/base/1", "/mnt/scratch/drill-1", str(FULL))]), "ENOSPC"),
        (FileNotFoundError(errno.ENOENT, "No such file", "/usr/bin/pg_ctl"), "ENOENT"),
        (ValueError("/mnt/scratch gave nothing that can be read"), "ValueError"),
    ],
    ids=str,
)
def test_a_trial_that_could_not_even_begin_is_public_too(page, monkeypatch, problem, name):
    """Else nothing would show before two nights had passed in silence."""

    def fails(*_given, **_named):
        raise problem

    monkeypatch.setattr(drill.tempfile, "mkdtemp", fails)
    monkeypatch.setattr("doorstep.site.upkeep.chores.SETTLE", 0)
    nightly()
    assert "Nothing came back" in page.get("/record/backups/").text
    leaf = Leaf.objects.get(kind="upkeep.restore_drilled")
    assert (body_of(leaf)["good"], body_of(leaf)["why"]) == (0, name)
    assert b"/mnt" not in bytes(leaf.body)
    deliver_due(10)
    assert "/mnt" in mail.outbox[0].body or "/usr" in mail.outbox[0].body


@pytest.mark.django_db
def test_a_base_that_cannot_be_made_does_not_keep_the_trial_from_running(monkeypatch):
    def fails() -> None:
        raise FULL

    monkeypatch.setattr("doorstep.site.upkeep.replica.prune", fails)
    monkeypatch.setattr("doorstep.site.upkeep.archive.is_base_due", fails)
    monkeypatch.setattr("doorstep.site.upkeep.backup.wait_until_whole", lambda _patience: None)
    monkeypatch.setattr(drill, "drill", lambda: GOOD)
    nightly()
    assert body_of(Leaf.objects.get(kind="upkeep.restore_drilled"))["good"] == 1


@pytest.mark.django_db
def test_without_a_backup_the_page_says_so_and_nothing_is_tried(page, settings):
    settings.BACKUP = ""
    nightly()
    assert not Leaf.objects.exists()
    assert "No copy of this site’s data is kept elsewhere" in page.get("/record/backups/").text


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL: from its archive")
def test_what_litestream_copied_is_restored_checked_and_measured(install, settings):
    assert connection.vendor == "sqlite"
    settings.BACKUP = str(install / "backup")
    with running():
        caught_up()
        publish_record()
        write(3)
        drilled = drill.drill()
    assert drilled.broken == []
    assert (drilled.signed, drilled.leaves) == (5, 8)
    assert drilled.is_good
