"""Where a place may set a rule of its own, what is owed and allowed there goes by it."""

import ast
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from doorstep.apps.awards.due import Standing, next_steps
from doorstep.apps.awards.rules import hold_until
from doorstep.engine.rulebook import Rule, all_rules, rule
from doorstep.engine.rulebook.rules import LocalRuleError, shipped, use

DAY = date(2026, 6, 1)
HOME = Path(__file__).parents[3] / "src" / "doorstep"
# Asked for a whole fund, for every place at once, or before anybody has said where.
NO_PLACE = {
    "fund.reserve_margin", "fund.match_cap", "fund.forecasts_in_a_minute", "turnout.least_shown",
    "grant.quick_minimum", "grant.quick_maximum",
}  # fmt: skip


def own(key: str, value: int, place: str = "millbrook-east") -> Rule:
    """A place's own value of a rule."""
    national = rule(key, DAY)
    return Rule(
        key=key, value=value, unit=national.unit, jurisdiction=f"place:{place}",
        in_force_from=date(2026, 1, 1), source_title="Terms of reference",
        source="minutes of 3 May 2026", source_kind="council policy",
        checked_on=date(2026, 5, 3), checked_by="secretary", review_due=date(2028, 1, 1),
    )  # fmt: skip


@pytest.fixture
def ours():
    """`ours(key, value)`: Millbrook East has these rules of its own."""

    def decide(**values: int) -> None:
        entries = [own(key.replace("__", "."), value) for key, value in values.items()]
        use(shipped().with_local(entries))

    yield decide
    use(None)


def paid(place: str) -> Standing:
    return Standing(
        place=place, kind="project", state="in_progress", pence=900_000, paid_on=[DAY],
        paid=900_000, on_its_way=[], asked_for=False, signed=True, handed_in=0, shown=0,
        waiting=0, told=False, told_waiting=False, years=0, instalment_due=None,
    )  # fmt: skip


def test_receipts_and_the_result_are_due_by_the_rule_of_the_place(ours) -> None:
    ours(report__receipts_within=5, report__result_within=9)
    there = {step.kind: step.due for step in next_steps(paid("millbrook-east"), DAY)}
    assert there == {
        "receipts": DAY + timedelta(days=5), "result": DAY + timedelta(days=9),
    }  # fmt: skip
    elsewhere = {step.kind: step.due for step in next_steps(paid("west"), DAY)}
    within = int(rule("report.receipts_within", DAY).value)
    assert within != 5
    assert elsewhere["receipts"] == DAY + timedelta(days=within)


def test_no_place_shortens_the_wait_of_new_bank_details(ours) -> None:
    """The payee is paid by more than one place, so the wait is the same for all of them."""
    assert hold_until(DAY).due > DAY
    with pytest.raises(LocalRuleError):
        rule("payment.new_payee_hold", DAY, "millbrook-east", [own("payment.new_payee_hold", 0)])


def asked_without_a_place(file: Path) -> Iterator[str]:
    """Keys of rules that places may set, asked for in a file without saying where."""
    theirs = {one.key for one in all_rules() if one.overridable} - NO_PLACE
    for call in ast.walk(ast.parse(file.read_text())):
        if not isinstance(call, ast.Call) or not call.args:
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        key = getattr(call.args[0], "value", None)
        if name in {"rule", "deciding", "due_after"} and key in theirs:
            where = len(call.args) > 2 or any(one.arg == "place" for one in call.keywords)
            if not where:
                yield f"{file.relative_to(HOME)}, line {call.lineno}: {key}"


def test_no_rule_that_a_place_may_set_is_asked_without_its_place() -> None:
    files = [*(HOME / "apps").rglob("*.py"), *(HOME / "site").rglob("*.py")]
    assert [one for file in sorted(files) for one in asked_without_a_place(file)] == []
