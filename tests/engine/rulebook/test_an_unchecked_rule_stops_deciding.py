"""A rule that nobody compared with its source for a year says "ask the officer", and no more."""

import contextlib
from datetime import date

import pytest

from doorstep.engine.rulebook import (
    AskTheOfficerError,
    Rulebook,
    RulebookError,
    all_rules,
    deciding,
    read_local,
    read_rules,
    rule,
    rulebook_of,
    shipped,
    use,
)

ELECTORS = """
[[rule]]
key = "petition.electors"
value = {value}
unit = "electors"
in_force_from = {begins}
{ends}
source_title = "Local Government and Public Involvement in Health Act 2007, s.80"
source = "legislation.gov.uk"
source_kind = "{kind}"
checked_on = {checked}
{before}
checked_by = "a test"
review_due = 2029-11-03
overridable = true
"""


def written(
    value: int = 187,
    begins: str = "2015-05-26",
    ends: str = "",
    checked: str = "2026-11-03",
    before: str = "",
    kind: str = "statute",
) -> str:
    return ELECTORS.format(
        value=value, begins=begins, ends=ends, checked=checked, before=before, kind=kind
    )


def book(*texts: str) -> Rulebook:
    return Rulebook(entry for text in texts for entry in read_rules(text))


def test_for_a_year_after_its_check_it_decides_and_then_it_asks() -> None:
    law = book(written())
    assert law.deciding("petition.electors", date(2027, 11, 3)).value == 187
    with pytest.raises(AskTheOfficerError, match="ask the officer") as asked:
        law.deciding("petition.electors", date(2027, 11, 4))
    assert "2026-11-03" in str(asked.value)
    assert "2007, s.80" in str(asked.value)
    assert law.rule("petition.electors", date(2027, 11, 4)).value == 187, "shown, all the same"


def test_what_we_chose_ourselves_has_no_source_that_could_change_unseen() -> None:
    ours = book(written(kind="product choice"))
    assert ours.deciding("petition.electors", date(2035, 1, 1)).value == 187


def test_law_that_is_coming_decides_nothing_on_any_day() -> None:
    coming = [entry for entry in all_rules() if entry.in_force_from is None]
    assert {"asset.sale_waits", "venue.standard_tier_from"} <= {entry.key for entry in coming}
    assert not any(entry.decides(day) for entry in coming for day in (date(2026, 11, 28), date.max))
    assert rule("asset.sale_waits", date(2026, 11, 28)).value == 6, "not the twelve that are coming"


def test_last_years_decision_run_again_under_last_years_rules_gives_last_years_answer() -> None:
    """The law changed on 1 April 2027 and was checked then; the decision was made in 2026."""
    before = book(written(value=250))
    after = book(
        written(value=250, ends="in_force_to = 2027-04-01"),
        written(value=187, begins="2027-04-01", checked="2027-04-01"),
    )
    decided = date(2026, 12, 1)
    assert before.deciding("petition.electors", decided).value == 250
    assert after.deciding("petition.electors", decided).value == 250
    assert after.deciding("petition.electors", date(2027, 12, 1)).value == 187


def test_a_check_made_since_does_not_change_what_was_said_while_it_was_missing() -> None:
    late = book(written(checked="2028-02-01", before="checked_before = [2026-11-03]"))
    with pytest.raises(AskTheOfficerError):
        late.deciding("petition.electors", date(2027, 12, 1))
    assert late.deciding("petition.electors", date(2027, 6, 1)).value == 187
    assert late.deciding("petition.electors", date(2028, 2, 1)).value == 187


def test_a_place_sets_its_own_and_an_officer_checks_again_in_one_folder(tmp_path) -> None:
    (tmp_path / "east.toml").write_text(
        """
        [[rule]]
        key = "partnership.minimum_members"
        value = 10
        unit = "people"
        jurisdiction = "place:millbrook-east"
        in_force_from = 2026-05-03
        source_title = "Terms of reference"
        source = "minutes of 3 May 2026"
        source_kind = "council policy"
        checked_on = 2026-05-03
        checked_by = "the secretary"
        review_due = 2027-05-03

        [[check]]
        key = "fund.match_ratio"
        on = 2027-11-01
        by = "Alderdale Council, community team"
        """
    )
    local = rulebook_of(tmp_path)
    day = date(2026, 11, 28)
    assert local.rule("partnership.minimum_members", day, "millbrook-east").value == 10
    assert local.rule("partnership.minimum_members", day, "millbrook-west").value == 8
    assert local.rule("partnership.minimum_members", day).value == 8
    checked = local.deciding("fund.match_ratio", date(2028, 10, 31))
    assert (checked.checked_on, checked.checked_by) == (
        date(2027, 11, 1),
        "Alderdale Council, community team",
    )
    with pytest.raises(AskTheOfficerError):
        shipped().deciding("fund.match_ratio", date(2028, 10, 31))


def test_the_book_in_use_is_the_one_that_every_room_asks(tmp_path) -> None:
    (tmp_path / "checks.toml").write_text(
        '[[check]]\nkey = "fund.match_ratio"\non = 2027-11-01\nby = "an officer"\n'
    )
    use(rulebook_of(tmp_path))
    try:
        assert deciding("fund.match_ratio", date(2028, 10, 31)).checked_by == "an officer"
    finally:
        use(None)
    with pytest.raises(AskTheOfficerError):
        deciding("fund.match_ratio", date(2028, 10, 31))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (written(), "begins with place:"),
        (
            written().replace("overridable", 'jurisdiction = "place:east"\noverridable'),
            "no rule called",
        ),
        ('[[check]]\nkey = "fund.no_such"\non = 2027-01-01\nby = "me"', "no rule called"),
        ('[[check]]\nkey = "fund.match_ratio"\non = "soon"\nby = "me"', "a key, the day"),
        ('[[check]]\nkey = "fund.match_ratio"\non = 2027-01-01\nby = " "', "a key, the day"),
        ("check = 3", "under a line"),
        ("[[check", "bad.toml"),
    ],
)
def test_a_bad_folder_is_refused_whole_with_its_reason(tmp_path, text: str, why: str) -> None:
    (tmp_path / "bad.toml").write_text(text)
    with pytest.raises(RulebookError, match=why):
        rulebook_of(tmp_path)


def test_a_place_that_sets_what_is_the_same_everywhere_is_refused(tmp_path) -> None:
    text = """
        [[rule]]
        key = "fund.match_ratio"
        value = 200
        unit = "percent"
        jurisdiction = "place:east"
        in_force_from = 2026-05-03
        source_title = "Wish"
        source = "a wish"
        source_kind = "council policy"
        checked_on = 2026-05-03
        checked_by = "the secretary"
        review_due = 2027-05-03
    """
    (tmp_path / "wish.toml").write_text(text)
    with pytest.raises(RulebookError, match="the same everywhere"):
        rulebook_of(tmp_path)
    with pytest.raises(RulebookError, match="no folder"):
        rulebook_of(tmp_path / "nowhere")
    (tmp_path / "wish.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(RulebookError, match="UTF-8"):
        rulebook_of(tmp_path)


def test_no_text_breaks_the_reader() -> None:
    """Whatever is cut out of a good file is read whole or refused."""
    whole = written() + '[[check]]\nkey = "petition.electors"\non = 2027-01-01\nby = "me"\n'
    for cut in range(0, len(whole), 7):
        for text in (whole[:cut], whole[cut:]):
            with contextlib.suppress(RulebookError):
                read_local(text)


def test_checked_before_holds_earlier_days_only() -> None:
    for wrong in ("[2026-11-03]", '["soon"]', "[2027-01-01]", "3"):
        with pytest.raises(RulebookError):
            read_rules(written(before=f"checked_before = {wrong}"))
