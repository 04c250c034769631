"""From the published file alone, a stranger gets the published result, byte for byte."""

import hashlib
import json
import shlex

import pytest
from typer.testing import CliRunner

from doorstep.apps.record.actions import erase_words
from doorstep.apps.rounds.actions import close_round, count_round
from doorstep.apps.rounds.queries import named_projects
from doorstep.apps.rounds.verify import verify_rounds
from doorstep.cli import app
from doorstep.site.pages.round import count_command
from tests.millbrook import ACTOR, ballots, closed, frozen, place_with_money

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_():
    return count_round(closed(place_with_money()), actor=ACTOR)


def test_the_command_on_the_page_repeats_the_result(round_, page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "round-one.pb").write_bytes(page.client.get("/rounds/round-one/ballots.pb").content)
    command = shlex.split(count_command(round_))[1:]
    printed = CliRunner().invoke(app, [*command, "--json", "-"])
    assert printed.exit_code == 0, printed.output
    published = page.client.get("/rounds/round-one/result.json")
    assert printed.stdout_bytes == published.content
    assert published.json()["winners"] == ["kitchen", "bench"]


def test_the_leaves_hold_the_hashes_of_what_is_published(round_, page):
    closed_body = json.loads(bytes(round_.closed.body))
    counted_body = json.loads(bytes(round_.counted.body))
    frozen_body = json.loads(bytes(round_.frozen.body))
    for address, said in (
        ("ballots.pb", closed_body["ballots_sha256"]),
        ("result.json", counted_body["result_sha256"]),
        ("frozen.jsonl", frozen_body["fingerprint"]),
    ):
        content = page.client.get(f"/rounds/round-one/{address}").content
        assert hashlib.sha256(content).hexdigest() == said, address


def test_age_sex_and_names_of_ideas_never_reach_the_published_file():
    told = ballots().replace(b"voter_id;vote\n", b"voter_id;vote;age;sex\n")
    head, rows = told.split(b"VOTES\n")
    columns, *votes = rows.splitlines()
    file = head + b"VOTES\n" + columns + b"\n" + b"".join(row + b";34;F\n" for row in votes)
    round_ = close_round(frozen(place_with_money()), file, actor=ACTOR)
    published = round_.box.pabulib
    assert b"34" not in published
    assert b"sex" not in published
    assert b"A new kitchen" not in published


def test_verify_finds_nothing_wrong_in_a_sound_round(round_):
    assert list(verify_rounds()) == []


def test_erasing_the_name_of_an_idea_leaves_the_record_whole(round_, page):
    erase_words(named_projects(round_)["kitchen"].name, actor=ACTOR, reason="Asked for")
    assert list(verify_rounds()) == []
    assert "(name removed)" in page.get("/rounds/round-one/").text
