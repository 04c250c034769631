"""The same value always gives the same bytes, and only those bytes give it back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.engine.seal.canonical import MAX_BYTES, CanonicalError, canonical, parse

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_bytes_lead_back_to_the_value(value):
    assert parse(canonical(value)) == value
    assert json.loads(canonical(value)) == value


@given(values)
def test_other_bytes_of_the_same_value_are_refused(value):
    loose = json.dumps(value, indent=1).encode()
    if loose != canonical(value):
        with pytest.raises(CanonicalError):
            parse(loose)


def test_names_are_ordered_by_utf16_units():
    # RFC 8785 3.2.3: its own example, in which code points would give another order.
    names = {"€": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "ö": 7}
    ordered = list(json.loads(canonical(names)))
    assert ordered == ["\r", "1", "\u0080", "ö", "€", "\U0001f600", "\ufb33"]


def test_text_is_escaped_as_the_rfc_says():
    # RFC 8785 3.2.2.2: short escapes, lower-case hex, nothing else escaped.
    assert canonical('€$\x0f\nA\'B"\\\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()
    assert canonical({"b": [True, None, -5], "a": "é"}) == '{"a":"é","b":[true,null,-5]}'.encode()


def nested(depth):
    return [nested(depth - 1)] if depth else []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.0, "float"),
        (2**53, "as a string"),
        (-(2**53), "as a string"),
        (float("nan"), "float"),
        ((1, 2), "tuple"),
        (b"x", "bytes"),
        ({1: "x"}, "text"),
        ("\ud800", "surrogate"),
        ({"\udfff": 1}, "surrogate"),
        ("x" * (MAX_BYTES - 1), "65,535"),
        (nested(33), "deeper"),
        (type("Whole", (int,), {})(1), "Whole"),
        (type("Text", (str,), {})("x"), "Text"),
    ],
)
def test_what_other_readers_would_read_otherwise_is_refused(value, said):
    with pytest.raises(CanonicalError, match=said):
        canonical(value)


def test_the_largest_that_fits_is_kept():
    assert len(canonical("x" * (MAX_BYTES - 2))) == MAX_BYTES
    assert canonical(2**53 - 1) == b"9007199254740991"


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":2}', b'{"b":1,"a":2}', b"[1, 2]", b"1.0", b"1e2", b"-0", b"NaN", b"Infinity",
        b"\xff", b'"\\u00e9"', b"9007199254740992", b"[" * 5000, b"9" * 5000, b"",
        b"[1]\n", b'"\\ud800"',
    ],
)  # fmt: skip
def test_bytes_that_are_no_leaf_are_refused(data):
    with pytest.raises(CanonicalError):
        parse(data)
