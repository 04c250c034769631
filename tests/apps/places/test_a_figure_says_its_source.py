"""Places, streets and figures are refused without what makes them trustworthy."""

import json

import pytest
from django.db import IntegrityError, transaction

from doorstep.apps.places.actions import add_street, record_need
from doorstep.apps.places.models import NeedFigure, Place, Street
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.sentences import sentence
from doorstep.apps.refused import Refused
from tests.apps.places.conftest import TEST, opened

pytestmark = pytest.mark.django_db
NEED: dict = {
    "measure": "community_need",
    "value": 25_121,
    "year": 2024,
    "boundary_year": 2021,
    "source": "OCSI",
    "licence": "OGL 3.0",
}


def body_of(kind: str) -> dict:
    return json.loads(bytes(Leaf.objects.get(kind=kind).body))


@pytest.mark.parametrize(
    "changed",
    [
        {"population_source": " "},
        {"population_source": "two\nlines"},
        {"population": 0},
        {"population": 7.5},
        {"population": True},
        {"population": 2**31},
        {"population_year": 20244},
        {"boundary_year": 21},
        {"name": ""},
        {"name": "x" * 121},
        {"council": "\x00"},
    ],
)
def test_a_place_without_a_true_population_is_refused(changed: dict) -> None:
    with pytest.raises(Refused):
        opened("millbrook-east", **changed)
    assert not Place.objects.exists()
    assert not Leaf.objects.exists()


@pytest.mark.parametrize("slug", ["", "Millbrook", "mill brook", "-mill", "mill--brook", "a" * 61])
def test_an_address_that_could_not_last_is_refused(slug: str) -> None:
    with pytest.raises(Refused, match="cannot be an address"):
        opened(slug, name="Millbrook")


def test_a_slug_is_given_once() -> None:
    opened("millbrook-east")
    with pytest.raises(Refused, match="already"):
        opened("millbrook-east")


@pytest.mark.parametrize(
    "changed",
    [
        {"measure": "happiness"},
        {"value": 251.21},
        {"value": True},
        {"source": ""},
        {"licence": ""},
        {"year": 24},
        {"boundary_year": 0},
    ],
)
def test_a_figure_without_its_origin_is_refused(changed: dict) -> None:
    place = opened("millbrook-east")
    with pytest.raises(Refused):
        record_need(place, **{**NEED, **changed}, actor=TEST)
    assert not NeedFigure.objects.exists()


def test_a_figure_is_never_overwritten() -> None:
    place = opened("millbrook-east")
    figure = record_need(place, **NEED, actor=TEST)
    assert figure.shown == "251.21"
    with pytest.raises(Refused, match="never overwritten"):
        record_need(place, **{**NEED, "value": 1}, actor=TEST)
    record_need(place, **{**NEED, "year": 2025}, actor=TEST)


@pytest.mark.parametrize(
    "changed", [{"source": ""}, {"licence": ""}, {"year": 3}, {"measure": "x"}]
)
def test_the_database_itself_refuses_a_figure_without_its_origin(changed: dict) -> None:
    place = opened("millbrook-east")
    with pytest.raises(IntegrityError), transaction.atomic():
        NeedFigure.objects.create(place=place, **{**NEED, **changed})


@pytest.mark.parametrize(
    "changed", [{"population": 0}, {"population_source": ""}, {"boundary_year": 1}, {"name": ""}]
)
def test_the_database_itself_refuses_a_place_without_its_figure(changed: dict) -> None:
    place = opened("millbrook-east")
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.filter(pk=place.pk).update(**changed)


def test_a_street_under_one_postcode_lies_in_one_place() -> None:
    east, west = opened("millbrook-east"), opened("millbrook-west")
    street = add_street("Mill Lane", "za11aj", place=east, actor=TEST)
    assert street.postcode == "ZA1 1AJ"
    with pytest.raises(Refused, match="on the list already"):
        add_street("MILL LN.", "ZA1 1AJ", place=west, actor=TEST)
    with pytest.raises(IntegrityError), transaction.atomic():
        Street.objects.create(
            place=west, name="x", postcode="x", name_key="mill lane", postcode_key="ZA11AJ"
        )


@pytest.mark.parametrize(
    ("name", "postcode"), [("Mill Lane", "ZA1"), ("!!!", "ZA1 1AJ"), ("", "ZA1 1AJ")]
)
def test_a_street_that_could_not_be_found_is_refused(name: str, postcode: str) -> None:
    with pytest.raises(Refused):
        add_street(name, postcode, place=None, actor=TEST)


def test_the_record_holds_numbers_and_commits_to_words() -> None:
    place = opened("millbrook-east")
    record_need(place, **NEED, actor=TEST)
    add_street("Mill Lane", "ZA1 1AJ", place=place, actor=TEST)
    need = body_of("place.need_recorded")
    assert (need["hundredths"], need["year"], need["boundary_year"]) == (25_121, 2024, 2021)
    for leaf in Leaf.objects.all():
        assert not any(word in bytes(leaf.body) for word in (b"Millbrook", b"OCSI", b"Mill Lane"))


def test_every_leaf_is_told_in_a_sentence() -> None:
    place = opened("millbrook-east")
    record_need(place, **NEED, actor=TEST)
    add_street("Park Road", "ZA1 4AD", place=None, actor=TEST)
    told = {
        leaf.kind: sentence(leaf.kind, json.loads(bytes(leaf.body)), lambda c: f"[{c[:0]}words]")
        for leaf in Leaf.objects.all()
    }
    assert told == {
        "place.opened": "[words] in [words] joined: 7,240 people in 2024.",
        "place.need_recorded": (
            "Community need score of millbrook-east in 2024: 251.21, on the boundaries of 2021. "
            "Source: [words]."
        ),
        "place.street_added": "[words] was put on the list as lying in no place here.",
    }
