"""The outcome of a count as one page that people would rather look at than read.

One file of HTML: no request to anywhere, no script, printable on A4, readable at 360 pixels.
"""

from .carried import brought_over
from .document import html_report
from .sections import money_flow, rounds, says_what_was_missing, support_bars
from .words import HOW, WORDS
from .writing import Writer

__all__ = [
    "HOW",
    "WORDS",
    "Writer",
    "brought_over",
    "html_report",
    "money_flow",
    "rounds",
    "says_what_was_missing",
    "support_bars",
]
