"""The look-up answers whatever a person types, and never falls over."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from doorstep.apps.places.queries import StreetFound, find_street
from doorstep.apps.places.rules import postcode_key, read_street, street_key

YES, NO, SEVERAL, UNKNOWN = (
    StreetFound.YES,
    StreetFound.NO,
    StreetFound.SEVERAL,
    StreetFound.UNKNOWN,
)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Mill Lane", "mill lane"),
        ("  MILL   LN. ", "mill lane"),
        ("12 Mill Lane", "mill lane"),
        ("12a, Mill Lane", "mill lane"),
        ("Flat 3, 12-14 Mill La", "mill lane"),
        ("No. 7 Mill Lane", "mill lane"),
        ("St Anne's Ter", "saint annes terrace"),
        ("Saint Anne\u2019s Terrace", "saint annes terrace"),
        ("Cotton St", "cotton street"),
        ("Cotton St.", "cotton street"),
        ("2nd Avenue", "2nd avenue"),
        ("Heol y Bryn & Sons Rd", "heol y bryn and sons road"),
        ("Caf\u00e9 Row", "cafe row"),
        ("St", "st"),
        ("", ""),
        ("!!!", ""),
    ],
)
def test_a_street_is_compared_as_people_mean_it(typed: str, key: str) -> None:
    assert street_key(typed) == key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("za1 1aj", "ZA11AJ"),
        (" ZA11AJ ", "ZA11AJ"),
        ("SW1A 1AA", "SW1A1AA"),
        ("M1 1AE", "M11AE"),
        ("ZA1", ""),
        ("Mill Lane", ""),
        ("ZA1 1AJX", ""),
    ],
)
def test_a_postcode_is_read_with_or_without_its_space(typed: str, key: str) -> None:
    assert postcode_key(typed) == key


@pytest.mark.parametrize(
    ("typed", "found", "where"),
    [
        ("Mill Lane", YES, ["millbrook-east"]),
        ("14 mill ln", YES, ["millbrook-east"]),
        ("mill", YES, ["millbrook-east"]),
        ("ZA1 1AJ", YES, ["millbrook-east"]),
        ("za11aj", YES, ["millbrook-east"]),
        ("Mill Lane, ZA1 1AJ", YES, ["millbrook-east"]),
        ("Mispelt Lane ZA1 1AJ", YES, ["millbrook-east"]),
        ("Saint Annes Ter", YES, ["millbrook-east"]),
        ("Cotton St", YES, ["millbrook-east"]),
        ("Station Rd", YES, ["millbrook-east"]),
        ("Station Road West", YES, ["millbrook-west"]),
        ("Station", SEVERAL, ["millbrook-east", "millbrook-west"]),
        ("Long Row", SEVERAL, ["millbrook-east", "millbrook-west"]),
        ("Long Row ZA1 2AX", YES, ["millbrook-west"]),
        ("ZA1 2", YES, ["millbrook-west"]),
        ("ZA1", SEVERAL, ["millbrook-east", "millbrook-west"]),
        ("Park Road", NO, []),
        ("ZA1 4AD", NO, []),
        ("Nowhere Street", UNKNOWN, []),
        ("ZZ9 9ZZ", UNKNOWN, []),
        ("M", StreetFound.UNREADABLE, []),
        ("???", StreetFound.UNREADABLE, []),
        ("   ", StreetFound.NOTHING_ASKED, []),
    ],
)
def test_the_answer(borough, typed: str, found: StreetFound, where: list[str]) -> None:
    answer = find_street(typed)
    assert (answer.found, [place.slug for place in answer.places]) == (found, where)


def test_a_street_partly_outside_is_several_answers(borough) -> None:
    from doorstep.apps.places.actions import add_street
    from tests.apps.places.conftest import TEST

    add_street("Mill Lane", "ZA1 4AX", place=None, actor=TEST)
    assert find_street("Mill Lane").found is SEVERAL
    assert find_street("Mill Lane ZA1 4AX").found is NO


def test_the_number_of_statements_does_not_grow(borough, django_assert_max_num_queries) -> None:
    for typed in ("Station", "ZA1", "Nowhere", "Mill Lane ZA1 1AJ"):
        with django_assert_max_num_queries(2):
            find_street(typed)


@example("\x00")
@example("%_\\")
@example("a" * 5_000)
@example("' OR 1=1 --")
@example("\ud800")
@given(st.text())
def test_any_text_can_be_taken_apart(typed: str) -> None:
    asked = read_street(typed)
    assert set(asked.street) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


@pytest.mark.parametrize(
    "typed",
    ["", "\x00", "%", "_", "\\", "a" * 5_000, "' OR 1=1 --", "\U0001f3e0", "\u202e", "<b>x</b>"],
)
def test_the_page_answers_anything(borough, page, typed: str) -> None:
    read = page.get("/street/", {"q": typed})
    assert read.heading == "Is your street in?"


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=40))
def test_the_page_never_falls_over(borough, typed: str) -> None:
    answer = Client().get("/street/", {"q": typed.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Mill Lane", "Yes, it is in Millbrook East"),
        ("Park Road", "No, not this time"),
        ("Station", "There is more than one answer"),
        ("Nowhere Street", "We could not find it"),
        ("M", "That is too little to go on"),
    ],
)
def test_the_page_says_it_in_words(borough, page, typed: str, said: str) -> None:
    read = page.get("/street/", {"q": typed})
    assert said in read.text
    if said.startswith("Yes"):
        assert read.links["See Millbrook East"] == "/places/millbrook-east/"


def test_before_anything_is_asked_there_is_only_the_question(borough, page) -> None:
    read = page.get("/street/")
    assert "We do not keep what you type." in read.text
    assert "could not find" not in read.text
