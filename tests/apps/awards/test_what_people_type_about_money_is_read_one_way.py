"""Invoice numbers and sums as people type them: read one way, or refused in words."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from doorstep.apps.awards import rules
from doorstep.apps.awards.forms_hosting import BridgingForm, ReportForm
from doorstep.apps.ledger.rules import read_pounds
from doorstep.apps.refused import Refused
from doorstep.site.pages.step_forms import ReviewForm

DAY = date(2026, 11, 22)


@given(st.text(max_size=80))
def test_an_invoice_number_has_one_key_or_is_refused(text):
    try:
        key = rules.invoice_key(text)
    except Refused:
        return
    assert key.replace("-", "").isalnum()
    assert 0 < len(key) <= rules.LONGEST_INVOICE
    assert rules.invoice_key(key) == key
    if len(text) < rules.LONGEST_INVOICE:
        assert rules.invoice_key(f" {text}") == key


@pytest.mark.parametrize(
    ("one", "other"),
    [("INV-0042", "inv 42"), ("2026/007", "2026-7"), ("Tools4U 3 May", "tools4u 03 may")],
)
def test_the_same_bill_is_the_same_however_it_is_written(one, other):
    assert rules.invoice_key(one) == rules.invoice_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("101", "1001"), ("10", "1"), ("A1", "A2"), ("2026/7", "20/267")]
)
def test_other_bills_stay_other(one, other):
    assert rules.invoice_key(one) != rules.invoice_key(other)


@given(st.text(max_size=30))
def test_a_sum_is_whole_pence_or_refused(text):
    try:
        pence = read_pounds(text)
    except Refused:
        return
    assert type(pence) is int
    assert pence > 0


@given(st.integers(1, 10**11))
def test_a_sum_that_we_wrote_is_read_back(pence):
    pounds, odd = divmod(pence, 100)
    try:
        assert read_pounds(f"£{pounds:,}.{odd:02}") == pence
    except Refused:
        assert pounds >= 10**9


@pytest.mark.parametrize("text", ["", "0", "-5", "1.5", "1e3", "12.345", "٣", "£", "NaN"])
def test_what_is_no_sum_is_refused(text):
    with pytest.raises(Refused):
        read_pounds(text)
    if text != "0":
        with pytest.raises(Refused):
            read_pounds(text, or_nothing=True)


def test_nothing_is_a_sum_only_where_it_is_an_answer():
    """No reclaim is expected any more; nothing is left at the bank. But nobody is paid nothing."""
    assert [read_pounds(text, or_nothing=True) for text in ("0", "£0.00")] == [0, 0]
    report, review = ReportForm.base_fields["at_bank_pence"], ReviewForm.base_fields["pence"]
    assert (report.clean("0"), review.clean("0")) == (0, 0)
    with pytest.raises(ValidationError):
        BridgingForm.base_fields["pence"].clean("0")


@given(
    st.sampled_from(["project", "unrestricted", "quick"]),
    st.integers(1, 10**9),
    st.integers(0, 10**9),
)
def test_more_money_never_asks_for_less(kind, pence, more):
    fewer = {one.what for one in rules.asked_of(kind, pence, DAY)}
    assert fewer <= {one.what for one in rules.asked_of(kind, pence + more, DAY)}


def test_a_decision_of_one_is_none():
    with pytest.raises(Refused, match="Nobody decides alone"):
        rules.refuse_counts({"partnership_member": 1}, {})
    with pytest.raises(Refused, match="whole numbers"):
        rules.refuse_counts({"partnership_member": 2}, {"Ann Smith": 1})


def test_people_are_told_by_role():
    assert (
        rules.people_in_words(["partnership_member", "finance_officer"])
        == "2 people: a partnership member and a finance officer"
    )
    assert rules.took_part({"partnership_member": 9}, {"partnership_member": 1}) == (
        "9 people voted. 1 stayed out because of an interest."
    )
