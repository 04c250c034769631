"""What tests of the read API share."""

import pytest

from doorstep.apps.opendata import limiting


@pytest.fixture
def uncounted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no question be the one in twenty that is counted, which costs a statement more."""
    monkeypatch.setattr(limiting, "falls_due", lambda: False)
