"""Importing: what a file becomes, and what is refused in a sentence before anything is kept."""

from pathlib import Path

import pytest

from doorstep.apps.refused import Refused
from doorstep.apps.rounds.importing import example_slug, import_example
from doorstep.apps.rounds.models import Round
from doorstep.engine.count import PabulibError, Rule, RuleError
from tests.millbrook import ACTOR, DAY, ballots, give_example_budget, place_with_money

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    place = place_with_money()
    give_example_budget(place, 500_000)
    return place


def brought_in(folder: Path, place, content: bytes, name: str = "Somewhere_2024.pb", **rule: str):
    (folder / name).write_bytes(content)
    return import_example(folder / name, place, rule=Rule(**rule), on=DAY, actor=ACTOR)


def test_it_is_closed_marked_as_an_example_and_keeps_the_files_ballots(tmp_path, place):
    round_ = brought_in(tmp_path, place, ballots())
    assert (round_.slug, round_.state, round_.is_example) == (
        "example-somewhere-2024", "closed", True
    )  # fmt: skip
    assert round_.box.voters == 12
    assert round_.budget_pence == 300_000


@pytest.mark.parametrize(
    ("content", "refusal", "says"),
    [
        (ballots().replace(b"kitchen;1800", b"kitchen;0"), Refused, "kitchen costs nothing"),
        (ballots().replace(b"kitchen;1800", b"kitchen;1.005"), Refused, "whole number of pence"),
        (ballots(budget=900_000), Refused, "has £5,000 free"),
        (ballots().replace(b"PROJECTS", b"PROJECT"), PabulibError, "Somewhere_2024.pb"),
    ],
)
def test_what_cannot_become_a_round_is_refused_and_leaves_nothing(
    tmp_path, place, content, refusal, says
):
    with pytest.raises(refusal, match=says):
        brought_in(tmp_path, place, content)
    assert not Round.objects.exists()


def test_a_rule_that_does_not_fit_the_ballots_is_refused(tmp_path, place):
    with pytest.raises(RuleError, match="ordinal ballots"):
        brought_in(tmp_path, place, ballots(), utility="borda")


def test_the_same_file_twice_is_refused_and_says_where_it_stands(tmp_path, place):
    brought_in(tmp_path, place, ballots(budget=200_000))
    with pytest.raises(Refused, match="/rounds/example-somewhere-2024/"):
        brought_in(tmp_path, place, ballots(budget=200_000))


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Poland_Swiecie_2023.pb", "example-poland-swiecie-2023"),
        ("ñ.pb", "example-abcdef"),
        ("Poland_Warszawa_2026_Powazki_Nowolipki_Mlynow.pb",
         "example-poland-warszawa-2026-powa-abcdef"),
    ],
)  # fmt: skip
def test_ids_are_readable_and_never_too_long(name, slug):
    assert example_slug(name, "abcdef0123") == slug
    assert len(slug) <= 40
