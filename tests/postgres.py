"""PostgreSQL's own programs, for tests that make a cluster of theirs."""

import os
from pathlib import Path

import pytest

from doorstep.site.upkeep.cluster import programs_here


def programs_or_skip() -> Path:
    """The folder of initdb and the rest. Where CI runs they must be there."""
    found = programs_here()
    if found is None:
        why = "PostgreSQL's programs are not on this machine"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return found
