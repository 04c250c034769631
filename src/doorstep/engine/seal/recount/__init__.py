"""A second count that trusts nobody: it re-proves a certificate from the published ballots.

Standard library only, and nothing of engine/count: an engine that is wrong cannot be wrong here in
the same way. docs/count.md lists what a certificate holds; the decision record of 2026-11-28 says
why it holds no more.
"""

from .ballots import Ballots, UnreadableError, read_ballots
from .certificate import WrongError, compare, digest, found, verify
from .command import verify_files

__all__ = [
    "Ballots",
    "UnreadableError",
    "WrongError",
    "compare",
    "digest",
    "found",
    "read_ballots",
    "verify",
    "verify_files",
]
