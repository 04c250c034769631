"""The bank's file: plain text that no spreadsheet runs, every pence in it, one line a payment."""

import csv
import io
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from doorstep.apps.awards.bankfile import ALLOWED, BankLine, plain, reference_of, written

TEXT = st.text(max_size=30)
LINES = st.lists(
    st.builds(
        BankLine,
        reference=TEXT,
        name=TEXT,
        account_number=st.integers(0, 10**8 - 1).map("{:08}".format),
        sort_code=st.integers(0, 10**6 - 1).map("{:06}".format),
        pay_on=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
        pence=st.integers(1, 10**9),
    ),
    max_size=6,
)


@given(TEXT)
def test_text_is_what_bacs_carries_and_no_formula(text):
    told = plain(text)
    assert len(told) <= 18
    assert set(told) <= ALLOWED
    assert told == "" or told[0].isalnum()
    assert plain(told) == told


@given(LINES)
def test_every_line_is_there_with_its_pence(lines):
    text = written(lines)
    assert text.isascii()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) == len(lines) == text.count("\r\n")
    for row, line in zip(rows, lines, strict=True):
        assert (row[2], row[3], row[5]) == (line.account_number, line.sort_code, "99")
        pounds, pence = row[6].split(".")
        assert int(pounds) * 100 + int(pence) == line.pence


def test_a_name_that_would_be_a_formula_is_words():
    line = BankLine('=HYPERLINK("http://x")', "+44 @Ann", "00000001", "000001", date(2026, 1, 2), 5)
    assert written([line]) == "HYPERLINK HTTP //X,44 ANN,00000001,000001,26002,99,0.05\r\n"
    assert "00000001" not in repr(line)


def test_accents_are_folded_and_the_reference_is_short():
    assert plain("Neuadd Sant Ffraid – Llŷr") == "NEUADD SANT FFRAID"
    assert len(reference_of(10**8)) <= 18
