"""Pure questions about a partnership: its members on a day, and what a meeting of it may decide."""

from doorstep.apps.partnerships.rules.members import (
    Composition,
    Declared,
    Member,
    composition,
    counted,
    has_interest,
)

__all__ = ["Composition", "Declared", "Member", "composition", "counted", "has_interest"]
