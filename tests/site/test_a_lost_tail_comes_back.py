"""A restore that lost signed leaves signs nothing smaller; what was published comes back."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection
from typer.testing import CliRunner

from doorstep.apps.ledger.actions import Line, open_account, post, reverse
from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.queries import balances
from doorstep.apps.places.actions import open_place
from doorstep.apps.places.models import Place
from doorstep.apps.record.keys import make_keys
from doorstep.apps.record.models import Checkpoint, Leaf, Log
from doorstep.apps.record.publishing import folder_of, publish
from doorstep.apps.record.queries import size
from doorstep.apps.record.verify import body_of
from doorstep.apps.refused import Refused
from doorstep.cli import app
from doorstep.site.upkeep.checking import check_invariants
from doorstep.site.upkeep.recovery import recover
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
