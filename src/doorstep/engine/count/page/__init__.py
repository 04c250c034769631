"""The outcome of a count as one page that people would rather look at than read.

One file of HTML: no request to anywhere, no script, printable on A4, readable at 360 pixels.
"""

from .document import html_report
from .words import HOW, WORDS

__all__ = ["HOW", "WORDS", "html_report"]
