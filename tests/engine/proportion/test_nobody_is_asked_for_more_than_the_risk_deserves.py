"""Reference notes 8: amount sets the base, each risk adds its own safeguard, and minutes count."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstep.engine.proportion import (
    Extra,
    NotPublishedError,
    Project,
    ScheduleError,
    assess,
    publish,
    read_schedules,
    schedule,
    schedules,
)

TODAY = date(2026, 11, 28)
TABLE = schedule(TODAY)


def keys(project: Project) -> list[str]:
    return [one.key for one in assess(project, TABLE).asked]


@pytest.mark.parametrize(
    ("pence", "tier", "minutes", "decide"),
    [
        (1, "spark", 30, 5),
        (50_000, "spark", 30, 5),
        (50_001, "seed", 120, 10),
        (250_000, "seed", 120, 10),
        (250_001, "grow", 360, 20),
        (1_000_000, "grow", 360, 20),
        (1_000_001, "build", 1_200, 40),
        (5_000_000, "build", 1_200, 40),
        (5_000_001, "major", 3_600, 60),
        (10**12, "major", 3_600, 60),
    ],
)
def test_the_amount_sets_the_base_and_its_budget(pence, tier, minutes, decide) -> None:
    found = assess(Project(pence), TABLE)
    assert (found.tier.key, found.budget, found.tier.decide_within) == (tier, minutes, decide)
    assert found.minutes <= found.budget


def test_land_for_long_is_a_major_thing_whatever_its_price() -> None:
    assert assess(Project(1, long_lease=True), TABLE).tier.key == "major"


def test_a_childrens_trip_needs_a_safeguarding_lead_and_no_accounts() -> None:
    """£480 to the sea: 1 h 15, of which 45 minutes are for the children, and nothing else."""
    found = assess(Project(48_000, {"people_at_risk": 1}), TABLE)
    assert (found.minutes, found.minutes_of("people_at_risk"), found.budget) == (75, 45, 75)
    assert {one.key for one in found.asked if one.because != "amount"} == {
        "safeguarding_lead",
        "safeguarding_policy",
        "check_of_who_may_be_checked",
    }
    assert not any("accounts" in one.key for one in found.asked)
    assert publish(found).explanation == ""


@pytest.mark.parametrize(
    ("risk", "minutes"),
    [
        ("people_at_risk", 45), ("regulated_roles", 30), ("cash", 20), ("single_signatory", 15),
        ("related_payees", 20), ("building_works", 120), ("large_event_or_road", 60),
        ("regular_food", 30), ("vehicles", 30), ("private_facts", 40), ("new_group", 0),
        ("late_account", 20),
    ],
)  # fmt: skip
def test_a_risk_adds_its_own_minutes_to_list_and_budget_and_no_more(risk, minutes) -> None:
    for pence in (40_000, 200_000, 900_000, 4_000_000, 9_000_000):
        plain, risky = assess(Project(pence), TABLE), assess(Project(pence, {risk: 1}), TABLE)
        assert risky.minutes - plain.minutes == minutes == risky.budget - plain.budget
        assert risky.tier == plain.tier, "a risk never moves the whole tier up"


def test_every_role_that_is_regulated_adds_its_own_check() -> None:
    assert (
        assess(Project(40_000, {"regulated_roles": 3}), TABLE).minutes_of("regulated_roles") == 90
    )
    assert assess(Project(40_000, {"cash": 3}), TABLE).minutes_of("cash") == 20


def test_two_years_of_audited_accounts_for_900_pounds_are_refused_with_what_covers_the_fear() -> (
    None
):
    found = assess(Project(90_000), TABLE, [Extra("audited_accounts_two_years")])
    with pytest.raises(NotPublishedError, match=r"needs 4 h 20; budget 2 h") as refused:
        publish(found)
    assert "protects against misspending, already covered by two_unrelated_people" in str(
        refused.value
    )
    for officer, why in (("", "A reason"), ("Ms Patel", " "), (" ", " ")):
        with pytest.raises(NotPublishedError):
            publish(found, officer=officer, explanation=why)
    told = publish(found, officer=" Ms Patel, grants officer ", explanation="The insurer asks.")
    assert (told.officer, told.explanation) == ("Ms Patel, grants officer", "The insurer asks.")


def test_a_form_of_two_hours_and_one_minute_is_over_a_budget_of_two_hours() -> None:
    whole = assess(Project(90_000), TABLE)
    assert (whole.minutes, whole.over) == (120, 0)
    publish(whole)
    over = assess(Project(90_000), TABLE, [Extra("Your favourite colour", 1)])
    assert (over.minutes, over.budget, over.over) == (121, 120, 1)
    with pytest.raises(NotPublishedError, match=r"needs 2 h 01; budget 2 h\. Take something out"):
        publish(over)
    [out] = over.would_fit_without()
    assert out.key == "Your favourite colour"


def test_what_a_risk_adds_does_not_pay_for_what_a_funder_adds() -> None:
    found = assess(Project(90_000, {"building_works": 1}), TABLE, [Extra("A poem", 1)])
    assert (found.budget, found.over) == (240, 1)


def test_two_accounted_grants_lighten_monitoring_and_never_the_law() -> None:
    known, new = Project(4_000_000, accounted=2), Project(4_000_000, accounted=1)
    assert "six_monthly_report" in keys(new)
    assert "six_monthly_report" not in keys(known)
    assert {"one_page_report", "spend_list", "insurance"} <= set(keys(known))
    assert assess(known, TABLE).lightened_to.key == "grow"
    assert assess(known, TABLE).minutes < assess(new, TABLE).minutes
    assert "independent_scrutiny" in keys(Project(9_000_000, accounted=9)), "the law asks for it"
    assert "assurance_visit" not in keys(Project(9_000_000, accounted=9))
    assert keys(Project(40_000, accounted=9)) == keys(Project(40_000)), "nothing is below a spark"


def test_the_cost_of_assurance_is_a_share_of_the_grant_and_pointed_out_when_dear() -> None:
    """At £500 ten per cent is £50: two and a half hours at £20, both sides together."""
    found = assess(Project(50_000), TABLE)
    both = found.minutes + sum(one.officer for one in found.asked)
    assert both == 45
    assert (found.assurance_pence, found.assurance_permille, found.is_dear) == (1_500, 30, False)
    exact = assess(Project(50_000), TABLE, [Extra("A visit", 105)])
    assert (exact.assurance_pence, exact.is_dear) == (5_000, False)
    assert assess(Project(50_000), TABLE, [Extra("A visit", 106)]).is_dear
    assert assess(Project(5_000), TABLE).is_dear


def test_an_assessment_run_again_a_year_later_gives_the_identical_list() -> None:
    text = """
    [[schedule]]
    in_force_from = {begins}
    {ends}
    source_title = "A test"
    source = "a shelf"
    checked_on = 2026-01-01
    checked_by = "a test"
    pence_an_hour = 2000
    flag_percent = 10
    trust_grants = 2
    trust_months = 24
    requirement = [{{ key = "{asks}", minutes = 10, officer = 5, protects = "x" }}]
    tier = [{{ key = "all", minutes = 30, decide_within = 5, asks = ["{asks}"] }}]
    risk = [{{ key = "cash", asks = ["{asks}"] }}]
    """
    old = text.format(begins="2026-01-01", ends="", asks="a_form")
    both = text.format(
        begins="2026-01-01", ends="in_force_to = 2027-01-01", asks="a_form"
    ) + text.format(begins="2027-01-01", ends="", asks="a_video")
    [first] = read_schedules(old)
    then, now = read_schedules(both)
    assert assess(Project(1), then).asked == assess(Project(1), first).asked
    assert [one.key for one in assess(Project(1), now).asked] == ["a_video"]
    assert then.holds(date(2026, 12, 31))
    assert not then.holds(date(2027, 1, 1))


@pytest.mark.parametrize("pence", [0, -1, 10.0, True])
def test_a_sum_that_is_none_is_refused(pence) -> None:
    with pytest.raises(ScheduleError, match="whole number of pence"):
        assess(Project(pence), TABLE)


@pytest.mark.parametrize(
    ("project", "extras", "why"),
    [
        (Project(1, {"dragons": 1}), [], "no risk called 'dragons'"),
        (Project(1, {"cash": -1}), [], "how many"),
        (Project(1), [Extra("A poem")], "how many minutes"),
        (Project(1), [Extra(" ", 5)], "how many minutes"),
        (Project(1), [Extra("who_what_when")], "asked for already"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(project, extras, why) -> None:
    with pytest.raises(ScheduleError, match=why):
        assess(project, TABLE, extras)


def test_before_its_first_day_there_is_no_table() -> None:
    with pytest.raises(ScheduleError, match="first began on 2026-01-01"):
        schedule(date(2025, 12, 31))


def test_a_table_whose_tier_asks_for_more_than_its_budget_is_not_read() -> None:
    from importlib.resources import files

    text = files("doorstep.engine.proportion").joinpath("data", "schedule.toml").read_text()
    assert len(read_schedules(text)) == len(schedules())
    for wrong, right in (
        ("minutes = 29\ndecide_within = 5", "minutes = 30\ndecide_within = 5"),
        ("most = 40\n", "most = 250000\n"),
        ('"photo_or_no_lines"', '"photo_or_three_lines",\n]'),
        ("flag_percent = 1.5", "flag_percent = 10"),
        ("in_force_from = true", "in_force_from = 2026-01-01"),
        ("[[schedules]]", "[[schedule]]"),
    ):
        assert right in text
        with pytest.raises(ScheduleError):
            read_schedules(text.replace(right, wrong, 1))


@given(
    pence=st.integers(1, 10**9),
    risks=st.dictionaries(st.sampled_from(sorted(TABLE.risks)), st.integers(0, 4)),
    accounted=st.integers(0, 5),
    lease=st.booleans(),
)
def test_what_the_table_asks_is_always_within_its_budget(pence, risks, accounted, lease) -> None:
    found = assess(Project(pence, risks, lease, accounted), TABLE)
    assert found.over == 0
    assert found.minutes == sum(found.minutes_of(b) for b in ("amount", *risks))
    assert len({one.key for one in found.asked}) == len(found.asked), "nothing is asked twice"
    publish(found)
