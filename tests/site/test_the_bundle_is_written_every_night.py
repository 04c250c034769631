"""Everything public is written as one folder every night, from the first key on."""

import pytest

from doorstep.apps.chores import chores
from doorstep.apps.outbox.models import Message
from doorstep.apps.record.keys import make_keys
from doorstep.engine.seal import words
from tests.apps.record.publishing import grow, signing  # noqa: F401 - a fixture
from tests.site.test_a_bundle_is_checked_by_a_stranger import verdict

pytestmark = pytest.mark.django_db


def nightly() -> None:
    (found,) = [one for one in chores() if one.name.endswith("write_the_bundle")]
    found.work()


def test_every_night_the_bundle_is_written_anew(signing, settings, tmp_path):  # noqa: F811
    settings.BUNDLE_FOLDER = tmp_path / "bundle"
    for size in (2, 5):
        grow(size)
        nightly()
        assert verdict(tmp_path / "bundle") == ""
    checkpoint = tmp_path / "bundle" / "record/log/public/checkpoint"
    assert checkpoint.read_text().split("\n")[1] == "7"
    assert sorted(path.name for path in tmp_path.glob("*bundle*")) == ["bundle"]


def test_no_bundle_is_written_without_a_key_or_over_other_things(
    settings, tmp_path, monkeypatch, caplog
):
    settings.RECORD_KEYS, settings.RECORD_FOLDER = tmp_path / "keys", tmp_path / "record"
    settings.BUNDLE_FOLDER, settings.OPERATOR = tmp_path / "letters", "operator@example.org"
    grow(1)
    nightly()
    assert not settings.BUNDLE_FOLDER.exists()
    settings.BUNDLE_FOLDER.mkdir()
    (settings.BUNDLE_FOLDER / "dear.txt").write_text("x")
    monkeypatch.setattr(words, "ROUNDS", 1)
    make_keys("https://fund.example.org")
    nightly()
    assert [path.name for path in settings.BUNDLE_FOLDER.iterdir()] == ["dear.txt"]
    assert "The verification bundle is not written: " in caplog.text
    assert Message.objects.filter(topic="upkeep").count() == 1
