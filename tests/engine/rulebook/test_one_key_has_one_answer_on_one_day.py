import pytest

from doorstep.engine.rulebook import RulebookError, read_rules

WHOLE = {
    "key": '"a.b"',
    "value": "8",
    "unit": '"people"',
    "in_force_from": "2026-01-01",
    "source_title": '"A paper"',
    "source": '"a shelf"',
    "source_kind": '"guidance"',
    "checked_on": "2026-02-01",
    "checked_by": '"a test"',
    "review_due": "2027-02-01",
}


def entry(**changed: str | None) -> str:
    lines = {**WHOLE, **changed}
    return "[[rule]]\n" + "".join(f"{k} = {v}\n" for k, v in lines.items() if v is not None)


def test_a_whole_entry_is_read_as_it_is_written() -> None:
    (read,) = read_rules(entry())
    assert (read.key, read.value, read.unit, read.jurisdiction) == ("a.b", 8, "people", "national")
    assert read.overridable is False


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"in_force_from": "2026-06-01"}),
        ({"in_force_to": "2026-06-02"}, {"in_force_from": "2026-06-01"}),
        ({}, {}),
    ],
)
def test_two_answers_on_one_day_are_refused(first: dict[str, str], second: dict[str, str]) -> None:
    with pytest.raises(RulebookError, match="two answers"):
        read_rules(entry(**first) + entry(**second))
    with pytest.raises(RulebookError, match="two answers"):
        read_rules(entry(**second) + entry(**first))


def test_one_may_begin_on_the_day_the_other_ends() -> None:
    both = entry(in_force_to="2026-06-01") + entry(in_force_from="2026-06-01", value="9")
    assert [read.value for read in read_rules(both)] == [8, 9]


def test_the_same_day_in_two_places_is_no_overlap() -> None:
    east = entry(jurisdiction='"place:east"', value="9")
    west = entry(jurisdiction='"place:west"', value="10")
    assert len(read_rules(entry() + east + west)) == 3


@pytest.mark.parametrize("missing", sorted(set(WHOLE) - {"in_force_from"}))
def test_an_entry_that_leaves_something_out_is_refused(missing: str) -> None:
    with pytest.raises(RulebookError, match=missing):
        read_rules(entry(**{missing: None}))


@pytest.mark.parametrize(
    "changed",
    [
        {"value": "8.5"},
        {"unit": '""'},
        {"source": '""'},
        {"in_force_from": '"2026-01-01"'},
        {"in_force_from": "2026-01-01T00:00:00"},
        {"in_force_to": "2025-01-01"},
        {"in_force_from": None, "in_force_to": "2027-01-01"},
        {"review_due": "2026-02-01"},
        {"source_kind": '"hearsay"'},
        {"jurisdiction": '"the moon"'},
        {"overridable": "1"},
        {"colour": '"red"'},
    ],
)
def test_an_entry_that_makes_no_sense_is_refused(changed: dict[str, str | None]) -> None:
    with pytest.raises(RulebookError):
        read_rules(entry(**changed))


def test_a_key_cannot_change_its_unit_half_way() -> None:
    with pytest.raises(RulebookError, match="new key"):
        read_rules(entry(in_force_to="2026-06-01") + entry(in_force_from="2026-06-01", unit='"%"'))


def test_text_that_is_not_toml_is_refused_with_its_name() -> None:
    with pytest.raises(RulebookError, match="ours"):
        read_rules("[[rule", "ours")
