"""Who is first in line follows from dated rules, and everybody else hears why and by how much."""

from dataclasses import replace
from datetime import date

import pytest

from doorstep.engine.need import (
    Criterion,
    Figure,
    Geography,
    LookUp,
    NeedError,
    Programme,
    Selection,
    programme,
    programmes,
    read_programmes,
    said,
    select,
)

UNIT = Geography("MSOA", 2021)
CODES = [f"m{number:02}" for number in range(1, 21)]
RULES = Programme(
    id="made-up", name="Made up", in_force_from=date(2026, 1, 1), areas=UNIT,
    criteria=(Criterion("IMD", 30), Criterion("CNI", 30)), population_least=5_000,
    population_most=15_000, source_title="A test", source="nowhere", checked_on=date(2026, 1, 1),
)  # fmt: skip
# m01 to m06 are the worst six (30 percent of 20) on IMD; on CNI it is m03 to m08.
IMD = Figure.of("IMD rank", UNIT, CODES, list(range(1, 21)))
CNI = Figure.of("CNI rank", UNIT, CODES, [19, 20, *range(1, 19)])
PEOPLE = Figure.of("residents", UNIT, CODES, [8_000] * 20)
COUNCILS = LookUp.of(
    UNIT,
    Geography("council", 2024),
    [(code, "C1" if number < 5 else "C2") for number, code in enumerate(CODES)],
)


def chosen(
    rules: Programme = RULES,
    people: Figure = PEOPLE,
    councils: LookUp | None = None,
    excluded: tuple[str, ...] = (),
) -> Selection:
    return select(rules, {"IMD": IMD, "CNI": CNI}, people, councils, excluded)


def why(outcome: Selection, code: str) -> str:
    return " ".join(said(reason) for reason in outcome.verdict(code).reasons)


def test_the_limit_of_the_fund_moved_three_times() -> None:
    for day, most, excluded, least in (
        (date(2023, 10, 1), 20_000, True, 0),
        (date(2024, 6, 1), 10_000, True, 0),
        (date(2026, 11, 28), 15_000, False, 5_000),
    ):
        rules = programme("cwf", day)
        assert (rules.population_most, rules.most_excluded) == (most, excluded)
        assert rules.population_least == least
        assert rules.source_title
        assert rules.source
    assert programme("cwf", date(2025, 9, 24)).population_most == 10_000
    today = programme("cwf", date(2025, 9, 25))
    assert (today.award_least, today.award_most) == (100_000_000, 250_000_000)
    assert today.years == 10
    with pytest.raises(NeedError, match="No rules of cwf held on 2022-01-01"):
        programme("cwf", date(2022, 1, 1))
    with pytest.raises(NeedError, match="There are: cwf, left-behind"):
        programme("cfw", date(2026, 1, 1))
    assert {one.id for one in programmes(date(2026, 1, 1))} == {"cwf", "left-behind"}


def test_the_neediest_stand_first_and_each_place_hears_why() -> None:
    outcome = chosen()
    assert outcome.codes == ["m03", "m04", "m05", "m06"]
    assert why(outcome, "m03") == "It meets every rule: number 1 of the 4 places that do."
    assert why(outcome, "m07") == (
        "It is 1 place below the line on IMD: number 7 of 20, and the line is drawn after number 6."
    )
    both = outcome.verdict("m20")
    assert [reason.params["index"] for reason in both.reasons] == ["IMD", "CNI"]
    assert [one.code for one in outcome.near_misses(3)] == ["m07", "m08", "m01"]


def test_too_few_and_too_many_people() -> None:
    people = Figure.of(
        "residents", UNIT, CODES, [8_000] * 2 + [4_999, 5_000, 15_000, 15_001] + [9_000] * 14
    )
    outcome = chosen(people=people)
    assert outcome.codes == ["m04", "m05"]
    assert "4,999 people live there, and a place needs at least 5,000" in why(outcome, "m03")
    assert "15,001 people live there, and a place may have at most 15,000" in why(outcome, "m06")
    under = chosen(replace(RULES, most_excluded=True), people)
    assert under.codes == ["m04"]
    assert "must have under 15,000" in why(under, "m05")


def test_a_council_that_has_its_number_lets_the_next_place_pass() -> None:
    # m03, m04 and m05 lie in C1, m06 in C2.
    outcome = chosen(replace(RULES, per_council=2), councils=COUNCILS)
    assert outcome.codes == ["m03", "m04", "m06"]
    assert "number 3 in its council (C1), of which at most 2" in why(outcome, "m05")
    full = chosen(replace(RULES, places=1), councils=COUNCILS)
    assert full.codes == ["m03"]
    assert "is number 2 in line; there is room for 1" in why(full, "m04")
    with pytest.raises(NeedError, match="caps councils: give their look-up"):
        chosen(replace(RULES, per_council=2))


def test_a_place_served_elsewhere_is_left_out_and_told() -> None:
    outcome = chosen(excluded=("m03",))
    assert outcome.codes == ["m04", "m05", "m06"]
    assert why(outcome, "m03") == "Another programme serves it already."
    with pytest.raises(NeedError, match=r"list of areas has nothing for 1 .* nowhere"):
        chosen(excluded=("nowhere",))


def test_what_is_missing_or_mixed_is_refused() -> None:
    with pytest.raises(NeedError, match="needs the ranks of CNI"):
        select(RULES, {"IMD": IMD}, PEOPLE)
    whole = list(range(1, 21))
    for unit, codes, ranked, why in (
        (UNIT, CODES[1:], whole[1:], "CNI rank has nothing for 1 of 20"),
        (Geography("MSOA", 2011), CODES, whole, "MSOA 2011 areas, and the others are on MSOA 2021"),
        (UNIT, CODES, [1, 2, *range(4, 22)], "rank 4 stands where rank 3 should"),
    ):
        cni = Figure.of("CNI rank", unit, codes, ranked)
        with pytest.raises(NeedError, match=why):
            select(RULES, {"IMD": IMD, "CNI": cni}, PEOPLE)
    empty = Figure.of("residents", UNIT, CODES, [0] + [8_000] * 19)
    with pytest.raises(NeedError, match="is zero or less for m01"):
        chosen(people=empty)


GOOD = """
[[programme]]
id = "ours"
name = "Our fund"
in_force_from = 2026-01-01
areas = "MSOA 2021"
criteria = [{ index = "IMD 2025", percent = 20 }]
source_title = "Board paper"
source = "our website"
checked_on = 2026-01-01
"""


def test_a_fund_s_own_rules_are_read_from_a_file() -> None:
    (ours,) = read_programmes(GOOD, "ours.toml", date(2026, 6, 1))
    assert ours.criteria == (Criterion("IMD 2025", 20),)
    assert ours.holds(date(2026, 6, 1))
    assert not ours.holds(date(2025, 12, 31))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("name =", "nmae ="), "nobody knows what nmae means"),
        (('source = "our website"', ""), "source is missing"),
        (("percent = 20", "percent = 0"), "is no criterion"),
        (("percent = 20", "percent = true"), "is no criterion"),
        (("{ index", "{ idnex"), "has an index and a percent"),
        (('"MSOA 2021"', '"MSOA"'), "write it like LSOA 2021"),
        (('"MSOA 2021"', "2021"), "areas cannot be 2021"),
        (("2026-01-01\nareas", "2026-01-01\nplaces = -1\nareas"), "places cannot be -1"),
        (("areas", "in_force_to = 2026-01-01\nareas"), "end before it began"),
        (("2026-01-01\nareas", "2026-01-01T00:00:00\nareas"), "in_force_from cannot be"),
        (("areas", "population_least=9\npopulation_most=8\nareas"), "is under 9"),
        (("areas", "places = { rule = 'no.such' }\nareas"), "no rule called"),
        (("[[programme]]", "[[program]]"), r"no \[\[programme\]\]"),
        (("[[programme]]", "[[programme"), "ours.toml"),
        (("percent = 20", "percent = " + "9" * 5_000), "ours.toml: Exceeds the limit"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_trusted_are_refused(change: tuple[str, str], why: str) -> None:
    assert change[0] in GOOD
    with pytest.raises(NeedError, match=why):
        read_programmes(GOOD.replace(*change), "ours.toml", date(2026, 6, 1))


def test_two_versions_never_hold_on_one_day() -> None:
    again = GOOD.replace("2026-01-01\nareas", "2026-05-01\nareas")
    with pytest.raises(NeedError, match="ours has two versions on 2026-05-01"):
        read_programmes(GOOD + again, "ours.toml", date(2026, 6, 1))


def test_rules_that_nobody_checked_for_a_year_are_named():
    assert RULES.unchecked(date(2027, 1, 1)) is None
    assert RULES.unchecked(date(2027, 1, 2)) == "made-up"
    shipped = next(one for one in programmes(date(2026, 11, 28)) if one.from_rules)
    assert shipped.unchecked(date(2026, 11, 28)) is None
    assert shipped.unchecked(date(2028, 1, 1)) in shipped.from_rules
    with pytest.raises(NeedError, match="from_rules"):
        read_programmes('[[programme]]\nid = "a"\nfrom_rules = ["x"]', "a.toml", date(2026, 1, 1))
