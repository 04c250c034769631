"""Proportion: what may be asked of whoever applies for money, by its amount and its risks.

The amount sets the base. Each risk adds only its own safeguard and never moves the whole tier up:
£400 for a children's trip needs a safeguarding lead, not audited accounts. Each thing asked costs
minutes, each tier has a budget of minutes, and a form over its budget is not published unless a
named officer says in public why.

    found = assess(Project(48_000, {"people_at_risk": 1}), schedule(date(2026, 11, 28)))
    found.minutes, found.budget   # 75, 75

`schedule` reads the dated table (data/schedule.toml), `assessing` applies it. docs/proportion.md.
"""

from doorstep.engine.proportion.assessing import (
    EXTRA,
    Asked,
    Assessment,
    Extra,
    NotPublishedError,
    Project,
    Publication,
    assess,
    publish,
)
from doorstep.engine.proportion.schedule import (
    Requirement,
    Risk,
    Schedule,
    ScheduleError,
    Tier,
    read_schedules,
    schedule,
    schedules,
)

__all__ = [
    "EXTRA",
    "Asked",
    "Assessment",
    "Extra",
    "NotPublishedError",
    "Project",
    "Publication",
    "Requirement",
    "Risk",
    "Schedule",
    "ScheduleError",
    "Tier",
    "assess",
    "publish",
    "read_schedules",
    "schedule",
    "schedules",
]
