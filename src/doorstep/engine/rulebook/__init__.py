"""Dated, sourced rules (data) and the working-day clock.

Every threshold, clock and share in Doorstep is an entry here, never a literal in code:

    rule("partnership.minimum_members", on=date(2026, 11, 22)).value   # 8

`rules` holds the lookup, `clock` the working days, `data/*.toml` the entries themselves.
docs/rules.md says what each entry is for and how to change one.
"""

from doorstep.engine.rulebook.clock import (
    ClosedDay,
    Deadline,
    clear_working_days_before,
    working_days_after,
)
from doorstep.engine.rulebook.rules import (
    LocalRuleError,
    NoRuleInForceError,
    Rule,
    RulebookError,
    State,
    UnknownRuleError,
    Value,
    all_rules,
    read_rules,
    rule,
)

__all__ = [
    "ClosedDay",
    "Deadline",
    "LocalRuleError",
    "NoRuleInForceError",
    "Rule",
    "RulebookError",
    "State",
    "UnknownRuleError",
    "Value",
    "all_rules",
    "clear_working_days_before",
    "read_rules",
    "rule",
    "working_days_after",
]
