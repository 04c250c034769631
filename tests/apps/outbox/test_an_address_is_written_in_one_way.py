"""E-mail, UK mobile and postal addresses: tidied or refused, and shown masked only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.apps.outbox.models import Medium
from doorstep.apps.outbox.rules import address_or_refuse, masked, postal_address_or_refuse
from doorstep.apps.refused import Refused


@pytest.mark.parametrize(
    ("given_", "text"),
    [
        (" Ann@Millbrook.example ", "ann@millbrook.example"),
        ("07700 900123", "+447700900123"),
        ("+44 7700 900123", "+447700900123"),
        ("+44 (0)7700 900-123", "+447700900123"),
        ("0044 7700 900 123", "+447700900123"),
        ("07624 900123", "+447624900123"),
    ],
)
def test_one_person_has_one_address(given_, text):
    assert address_or_refuse(given_).text == text


@pytest.mark.parametrize(
    "wrong",
    [
        "", "ann", "ann@", "@example.org", "ann@example", "a b@example.org", "ann@exa\nmple.org",
        f"{'a' * 250}@example.org", "020 7946 0000", "07000 900123", "07612 900123", "0770090012",
        "077009001234", "+1 202 555 0100", "0７700900123", "ann@example.org, bob@example.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_words(wrong):
    with pytest.raises(Refused) as said:
        address_or_refuse(wrong)
    assert said.value.reason[-1] in ".!"


@given(st.text(max_size=300))
def test_any_text_is_an_address_or_refused(text):
    try:
        found = address_or_refuse(text)
    except Refused:
        return
    assert address_or_refuse(found.text) == found
    assert found.text not in masked(found)
    assert found.text.isprintable()  # so no line ends in it, and no other header begins
    assert not set(found.text) & set(" ,;<>")


@given(st.text(max_size=400))
def test_any_text_is_a_postal_address_or_refused(text):
    try:
        found = postal_address_or_refuse(text)
    except Refused:
        return
    assert found.medium == Medium.LETTER
    assert postal_address_or_refuse(found.text) == found
    assert masked(found) == "…"
