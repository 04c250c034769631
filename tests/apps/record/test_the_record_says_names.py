"""A leaf holds permanent ids; the record tells it with the names that people use."""

import pytest

from doorstep.apps.ledger.telling import account_words, names_in
from doorstep.apps.record import sentences
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.sentences import with_names

pytestmark = pytest.mark.django_db

GARDENS = {"mill-garden": "The Mill Garden", "quay-tubs": "The Quay Tubs"}


@pytest.fixture
def asked(monkeypatch):
    """The questions put to the room that knows gardens; its leaves are told by name."""
    questions = []

    def name(ids):
        questions.append(ids)
        return {one: GARDENS[one] for one in ids if one in GARDENS}

    monkeypatch.setitem(sentences._namers, "garden", name)
    monkeypatch.setitem(
        sentences._tellings, "garden.opened", lambda body, words: f"{body['garden']} was opened."
    )
    return questions


def test_names_stand_where_ids_stood(page, asked):
    write_leaf("garden.opened", {"garden": "mill-garden"})
    write_leaf("garden.opened", {"garden": "lost-garden"})
    told = [row[1] for row in page.get("/record/").table()[1:]]
    assert told == ["lost-garden was opened.", "The Mill Garden was opened."]


def test_a_room_is_asked_once_for_a_whole_page(page, asked):
    for _time in range(20):
        for garden in GARDENS:
            write_leaf("garden.opened", {"garden": garden})
    page.get("/record/")
    assert asked == [set(GARDENS)]


def test_a_room_is_not_asked_for_nothing(asked):
    assert with_names([{"bench": 1}, {"garden": ""}, {"garden": None}]) == [
        {"bench": 1},
        {"garden": ""},
        {"garden": None},
    ]
    assert asked == []


def test_the_bytes_keep_the_id(page, asked):
    write_leaf("garden.opened", {"garden": "mill-garden"})
    read = page.get("/record/0/")
    assert "The Mill Garden was opened." in read.text
    assert '"garden":"mill-garden"' in read.text


def test_an_account_is_called_by_the_names_in_its_code(monkeypatch):
    for field, known in (
        ("place", "Millbrook East"),
        ("round", "“Round 1”"),
        ("award", "“Kitchen”"),
    ):
        monkeypatch.setitem(
            sentences._namers, field, lambda ids, known=known: dict.fromkeys(ids, known)
        )
    codes = ["place:east:round:east-1", "place:east:committed:east-1-1", "fund:pot"]
    found = names_in(codes)
    assert [account_words(code, found) for code in codes] == [
        "Millbrook East: set aside for the round “Round 1”",
        "Millbrook East: promised to “Kitchen”",
        "The fund’s pot",
    ]
    assert account_words(codes[1]) == "east: promised to east-1-1"
