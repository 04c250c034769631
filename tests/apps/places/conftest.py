"""A small borough to ask about."""

import pytest

from doorstep.apps.places.actions import add_street, open_place
from doorstep.apps.places.models import Place
from doorstep.apps.record.actors import Actor

TEST = Actor("system", "test")


def opened(slug: str, **changed: object) -> Place:
    said: dict = {
        "name": slug.replace("-", " ").title(),
        "council": "Alderdale Borough Council",
        "population": 7_240,
        "population_year": 2024,
        "population_source": "Office for National Statistics",
        "boundary_year": 2021,
        "actor": TEST,
    }
    return open_place(slug, **{**said, **changed})


@pytest.fixture
def borough(db) -> dict[str, Place]:
    """Two places and one street outside both."""
    east, west = opened("millbrook-east"), opened("millbrook-west")
    for name, postcode, place in [
        ("Mill Lane", "ZA1 1AJ", east),
        ("St Anne's Terrace", "ZA1 1AN", east),
        ("Station Road", "ZA1 1AP", east),
        ("Station Road West", "ZA1 2AH", west),
        ("Cotton Street", "ZA1 1AE", east),
        ("Long Row", "ZA1 1AX", east),
        ("Long Row", "ZA1 2AX", west),
        ("Park Road", "ZA1 4AD", None),
    ]:
        add_street(name, postcode, place=place, actor=TEST)
    return {"east": east, "west": west}
