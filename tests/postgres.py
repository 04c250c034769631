"""PostgreSQL's own programs, for tests that make a cluster of theirs."""

import os
from pathlib import Path

import pytest


def programs_or_skip() -> Path:
    """The folder of initdb and the rest. Where CI runs they must be there."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        why = "PostgreSQL's programs are not on this machine"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return found[-1]
