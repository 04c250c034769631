"""Ballots in; winners and plain reasons out. A library of its own: no Django, no I/O but the file.

>>> from doorstep.engine.count import Rule, count, read_pabulib
>>> outcome = count(read_pabulib("Poland_Swiecie_2023.pb"), Rule(completion="add1"))
>>> outcome.winners                                                     # doctest: +SKIP

docs/count.md has the rules, the reading of files, the JSON form and the reason codes.
"""

from .counting import Progress, count
from .election import Ballot, Election, Project, election_of
from .outcome import Outcome, Reason, Verdict, as_json, canonical
from .pabulib import PabulibError, read_pabulib
from .publish import write_pabulib
from .report import text_report
from .rule import Rule, RuleError
from .words import TEMPLATES, money, said

__all__ = [
    "TEMPLATES",
    "Ballot",
    "Election",
    "Outcome",
    "PabulibError",
    "Progress",
    "Project",
    "Reason",
    "Rule",
    "RuleError",
    "Verdict",
    "as_json",
    "canonical",
    "count",
    "election_of",
    "money",
    "read_pabulib",
    "said",
    "text_report",
    "write_pabulib",
]
