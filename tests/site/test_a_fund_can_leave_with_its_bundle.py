"""`doorstep restore-public`: the public side of a fund, made again from its bundle alone."""

import json
import re
import shutil
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.db import transaction
from django.test import override_settings

from doorstep.apps.awards.models import Award
from doorstep.apps.ledger.queries import PlaceMoney, money_by_place
from doorstep.apps.places.models import Place
from doorstep.apps.record.keys import make_keys
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round
from doorstep.engine.seal import words
from doorstep.engine.seal.checkpoint import Checkpoint
from doorstep.engine.seal.note import Note
from doorstep.site.bundle import ABOUT, FORM, SUMS, WORDS
from doorstep.site.restored import figures
from doorstep.site.restored.reading import LOG, read_bundle
from doorstep.site.restored.restore import restore_public
from doorstep.site.words import money
from tests.engine.seal.many import resum
from tests.site.test_a_bundle_is_checked_by_a_stranger import verdict, written_bundle


@dataclass(frozen=True)
class Left:
    """A bundle, and what the database said when it was written."""

    bundle: Path
    money: dict[str, PlaceMoney]
    awards: dict[str, int]
    votes: dict[str, set[tuple[str, int, bool]]]
    places: dict[str, str]


@pytest.fixture(scope="module")
def left(tmp_path_factory, django_db_setup, django_db_blocker) -> Left:
    """Made once, because it takes seconds; the database is as empty afterwards as before."""
    folder = tmp_path_factory.mktemp("left")
    keys = {"RECORD_KEYS": folder / "keys", "RECORD_FOLDER": folder / "record"}
    with (
        django_db_blocker.unblock(),
        override_settings(**keys),
        pytest.MonkeyPatch.context() as to,
        transaction.atomic(),
    ):
        to.setattr(words, "ROUNDS", 1)
        make_keys("https://fund.example.org")
        found = _left(written_bundle(folder / "bundle", to))
        transaction.set_rollback(True)
    return found


def _left(bundle: Path) -> Left:
    counted = Round.objects.filter(result__isnull=False)
    return Left(
        bundle,
        money_by_place(),
        dict(Award.objects.values_list("slug", "pence")),
        {round_.slug: _told(round_) for round_ in counted},
        dict(Place.objects.values_list("slug", "name")),
    )


def _told(round_: Round) -> set[tuple[str, int, bool]]:
    names = {one.code: one.name.text for one in round_.projects.select_related("name")}
    said = round_.result.as_json["projects"]
    return {(names[one["id"]], one["votes"], one["won"]) for one in said}


@pytest.fixture
def bundle(left, tmp_path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(left.bundle, tmp_path / "bundle"))


@pytest.fixture(scope="module")
def copy(left, tmp_path_factory) -> Path:
    """Written where no test may ask the database: pytest-django stops whoever does."""
    target = tmp_path_factory.mktemp("restored") / "copy"
    restore_public(left.bundle, target)
    return target


def root_of(folder: Path) -> Checkpoint:
    return Checkpoint.parse(Note.parse((folder / LOG / "checkpoint").read_bytes()).text)


def test_every_public_figure_comes_back(left, copy):
    """What the database said of money, awards and votes is what the copy says, without it."""
    assert verdict(copy) == ""
    assert root_of(copy) == root_of(left.bundle)
    found = read_bundle(copy)
    assert figures.money_by_place(found) == left.money
    assert {one.slug: one.pence for one in figures.awards(found)} == left.awards
    paid = sum(one.paid for one in figures.awards(found))
    assert paid == sum(one.paid for one in left.money.values()) > 0
    votes = {one.slug: one for one in figures.votes(found)}
    assert votes.keys() >= left.votes.keys()
    for slug, told in left.votes.items():
        assert {(one.name, one.votes, one.won) for one in votes[slug].ideas} == told


def test_the_pages_say_it_in_both_languages(left, copy):
    for slug, name in left.places.items():
        for top, word in (("", "Left"), ("cy/", "Ar ôl")):
            page = (copy / f"{top}places/{slug}/index.html").read_text()
            assert name in page
            assert money(left.money[slug].left) in page
            assert word in page
    lines = (copy / "record/lines/0/index.html").read_text()
    assert name in lines
    assert "words:" not in lines


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [to for name, to in attrs if name in ("href", "src", "data-worker") and to]


def test_every_link_leads_to_a_file_of_the_copy(bundle, tmp_path):
    copy = tmp_path / "copy"
    restore_public(bundle, copy)
    for page in copy.rglob("*.html"):
        links = Links()
        links.feed(page.read_text())
        assert links.found
        for to in links.found:
            if not to.startswith("#"):
                assert (page.parent / unquote(to)).resolve().is_file(), f"{page}: {to}"


def test_a_folder_that_holds_something_is_left_alone(bundle, tmp_path):
    other = tmp_path / "letters"
    other.mkdir()
    (other / "dear.txt").write_text("x")
    with pytest.raises(Refused, match="is not empty, and nothing there was touched"):
        restore_public(bundle, other)
    assert [path.name for path in other.iterdir()] == ["dear.txt"]
    with pytest.raises(Refused, match="is not empty"):
        restore_public(bundle, other / "dear.txt")
    with pytest.raises(Refused, match="lies inside the bundle"):
        restore_public(bundle, bundle / "copy")
    (tmp_path / "empty").mkdir()
    restore_public(bundle, tmp_path / "empty")
    assert (tmp_path / "empty" / "index.html").exists()


def spoil_a_leaf(folder: Path) -> None:
    (path,) = (folder / LOG / "tile/entries").rglob("000*/*")
    path.write_bytes(path.read_bytes().replace(b'"pence":', b'"pence":1', 1))


def spoil_a_word(folder: Path) -> None:
    path = folder / WORDS
    path.write_text(path.read_text().replace('"text": "', '"text": "Not ', 1))


def make_newer(folder: Path) -> None:
    (folder / ABOUT).write_text(json.dumps({"form": FORM + 1}))


def take_the_form(folder: Path) -> None:
    (folder / ABOUT).unlink()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoil_a_leaf, "does not verify, so nothing was written. "),
        (spoil_a_word, "words are not those that the record commits to"),
        (make_newer, f"form {FORM + 1}, from a newer Doorstep; this one reads up to {FORM}"),
        (take_the_form, "is no verification bundle"),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_what_is_not_right_is_refused_and_leaves_nothing(bundle, tmp_path, spoil, said):
    spoiled = tmp_path / "spoiled"
    shutil.copytree(bundle, spoiled)
    spoil(spoiled)
    resum(spoiled)
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(Refused, match=re.escape(said)):
        restore_public(spoiled, tmp_path / "copy")
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_forged_file_is_named(bundle, tmp_path):
    path = bundle / "rounds/round-one/result.json"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(
        Refused, match=re.escape("The file rounds/round-one/result.json is not what")
    ):
        restore_public(bundle, tmp_path / "copy")
    assert (bundle / SUMS).exists()


def test_words_that_were_taken_out_are_said_to_be_erased(bundle, tmp_path):
    (bundle / WORDS).write_text("")
    resum(bundle)
    restore_public(bundle, tmp_path / "copy")
    page = (tmp_path / "copy" / "rounds/round-one/index.html").read_text()
    assert "(words erased)" in page
