"""Ballots in; winners and plain reasons out. A library of its own: no Django, no I/O but the file.

>>> from doorstep.engine.count import count, read_pabulib
>>> outcome = count(read_pabulib("docs/examples/small-town.pb"))
>>> outcome.winners, outcome.spent
(('quay', 'swings'), Fraction(750, 1))
>>> print(outcome.verdict("bridge").reason.text)
6 people supported it. Together they had £596 of the pot left; it costs £600. What it would have \
needed: 1 more supporter.

docs/count.md has the rules, the reading of files, the JSON form and the reason codes.
"""

from .certificate import certificate
from .counting import Progress, count
from .election import WITHDRAWN, Election, Project, election_of
from .layers import LayerError
from .outcome import Outcome, Reason, Verdict, as_json, canonical
from .pabulib import Found, find_ballot, read_pabulib
from .profile import Ballot, Profile, profile_of
from .publish import write_pabulib
from .reader import PabulibError
from .report import text_report
from .rule import Rule, RuleError
from .spending import Spending, in_whole_parts, spending
from .unique import LikelyShare, expected_unique, likely_unique, unique_share
from .words import TEMPLATES, money, said

__all__ = [
    "TEMPLATES",
    "WITHDRAWN",
    "Ballot",
    "Election",
    "Found",
    "LayerError",
    "LikelyShare",
    "Outcome",
    "PabulibError",
    "Profile",
    "Progress",
    "Project",
    "Reason",
    "Rule",
    "RuleError",
    "Spending",
    "Verdict",
    "as_json",
    "canonical",
    "certificate",
    "count",
    "election_of",
    "expected_unique",
    "find_ballot",
    "in_whole_parts",
    "likely_unique",
    "money",
    "profile_of",
    "read_pabulib",
    "said",
    "spending",
    "text_report",
    "unique_share",
    "write_pabulib",
]
