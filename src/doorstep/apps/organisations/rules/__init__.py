"""Pure questions about an organisation, by noun: its numbers, its people, its papers."""

from doorstep.apps.organisations.rules.numbers import (
    registers_of,
    written_bank_number,
    written_identifier,
)
from doorstep.apps.organisations.rules.papers import (
    Paper,
    Standing,
    refuse_bad_days,
    standing,
    stops,
)
from doorstep.apps.organisations.rules.people import Speaker, Tied, two_unrelated

__all__ = [
    "Paper",
    "Speaker",
    "Standing",
    "Tied",
    "refuse_bad_days",
    "registers_of",
    "standing",
    "stops",
    "two_unrelated",
    "written_bank_number",
    "written_identifier",
]
