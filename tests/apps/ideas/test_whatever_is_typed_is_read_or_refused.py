"""Any text gives words, a sum or a sentence that teaches: never a fault."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doorstep.apps.ideas.rules import LARGEST_SUM, LONGEST, plain_text, read_sum, written_tags
from doorstep.apps.refused import Refused


@given(st.text(max_size=300), st.sampled_from(sorted(LONGEST)))
@example("a\x00b\u202ec\r\n\r\n\r\n\r\nd", "what")
@example("\ud800x", "title")
def test_words_come_out_printable_short_enough_and_stay_as_they_are(text, name):
    try:
        words = plain_text(text, name)
    except Refused:
        return
    assert 0 < len(words) <= LONGEST[name]
    assert all(c.isprintable() or c == "\n" for c in words)
    assert words == words.strip()
    assert plain_text(words, name) == words
    assert "\n" not in words or LONGEST[name] > 100
    words.encode()


@given(st.text(max_size=40))
@example("9" * 30)
@example("٣")
@example("1e9")
@example("-5")
@example("£")
def test_a_sum_is_pence_or_a_sentence(text):
    try:
        pence = read_sum(text)
    except Refused:
        return
    assert pence is None or 0 < pence <= LARGEST_SUM


@given(st.integers(1, LARGEST_SUM))
def test_a_sum_as_we_write_it_is_read_back(pence):
    pounds, odd = divmod(pence, 100)
    assert read_sum(f"£{pounds:,}.{odd:02}") == pence
    assert read_sum(f" {pounds}.{odd:02} ") == pence


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("", None), ("  ", None), ("1800", 180_000), ("£1,800", 180_000), ("1,800.5", 180_050),
        ("about 2k", 200_000), ("2.5k", 250_000), ("£ 40", 4_000),
    ],
)  # fmt: skip
def test_sums_as_people_write_them(text, pence):
    assert read_sum(text) == pence


@pytest.mark.parametrize(
    "text", ["0", "0.00", "1,80", "1.805", "lots", "£", "1 to 2", "-5", "1e9", "10000000001", "5p"]
)
def test_what_is_no_sum_is_never_guessed(text):
    with pytest.raises(Refused):
        read_sum(text)


@given(st.lists(st.text(max_size=10), max_size=5))
def test_themes_are_from_the_list_or_refused(tags):
    try:
        assert written_tags(tags) == ","
    except Refused:
        assert tags
