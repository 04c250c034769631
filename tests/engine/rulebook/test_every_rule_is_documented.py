"""docs/rules.md and the data say the same, so that neither can drift."""

import re
from datetime import date
from pathlib import Path

from doorstep.engine.rulebook import State, all_rules

DOCUMENT = Path(__file__).parents[3] / "docs" / "rules.md"
TODAY = date(2026, 11, 22)


def test_the_table_of_the_document_is_the_data() -> None:
    rows = re.findall(
        r"^\| `([a-z_.]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", DOCUMENT.read_text(), re.M
    )
    written = {
        (key, value, unit, where.split(":")[0].split(",")[0]) for key, value, unit, where in rows
    }
    held = {
        (
            entry.key,
            str(entry.value).lower() if isinstance(entry.value, bool) else str(entry.value),
            entry.unit,
            entry.source_kind,
        )
        for entry in all_rules()
        if entry.state(TODAY) is State.IN_FORCE
    }
    assert written == held
