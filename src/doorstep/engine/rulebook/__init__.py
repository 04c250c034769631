"""Dated, sourced rules (data) and the working-day clock.

Every threshold, clock and share in Doorstep is an entry here, never a literal in code:

    rule("partnership.minimum_members", on=date(2026, 11, 22)).value   # 8

`rules` holds the lookup, `entries` what one rule is, `clock` the working days, `data/*.toml` the
entries themselves. docs/rules.md says what each entry is for and how to change one.
"""

from doorstep.engine.rulebook.clock import (
    NATIONS,
    AddedHoliday,
    ClosedDay,
    Deadline,
    bank_holidays,
    clear_working_days_before,
    days_after,
    due_by,
    working_days_after,
)
from doorstep.engine.rulebook.entries import (
    CHECK_HOLDS,
    OURS,
    Rule,
    RulebookError,
    State,
    Value,
    read_rules,
)
from doorstep.engine.rulebook.rules import (
    AskTheOfficerError,
    Check,
    LocalRuleError,
    NoRuleInForceError,
    Rulebook,
    UnknownRuleError,
    all_rules,
    deciding,
    read_local,
    rule,
    rulebook_of,
    shipped,
    use,
)

__all__ = [
    "CHECK_HOLDS",
    "NATIONS",
    "OURS",
    "AddedHoliday",
    "AskTheOfficerError",
    "Check",
    "ClosedDay",
    "Deadline",
    "LocalRuleError",
    "NoRuleInForceError",
    "Rule",
    "Rulebook",
    "RulebookError",
    "State",
    "UnknownRuleError",
    "Value",
    "all_rules",
    "bank_holidays",
    "clear_working_days_before",
    "days_after",
    "deciding",
    "due_by",
    "read_local",
    "read_rules",
    "rule",
    "rulebook_of",
    "shipped",
    "use",
    "working_days_after",
]
