"""A PostgreSQL server is archived by our own words, tried, lost, and brought back with all it held:
what was signed, and where its log is received as it is written, all that anybody was told.

`./doorstep torture restore` does the same for hours, with the machine dying at random moments.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bench.torture.restore import LOOK, Install, write_and_lose
from tests.postgres import programs_or_skip

WRITE = """
from datetime import date
from doorstep.apps.ledger.actions import Line, open_account, post
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.publishing import publish
open_account("world:a", fund="a", guard="none")
open_account("a:pot", fund="a", guard="credit_nonneg")
for number in range(3):
    post("a.paid_in", [Line("world:a", "a:pot", 100)], idem_key=str(number),
        actor=Actor("system", "test"), effective_on=date(2026, 11, 28))
(told,) = publish()
print(told.checkpoint.size, told.waiting)
"""


@contextmanager
def installed(*, receives: bool = False) -> Iterator[Install]:
    """Archived by segment or received, with a base backup. Not in pytest's own folder, in which the
    user postgres cannot walk."""
    programs_or_skip()
    with TemporaryDirectory(prefix="ds-", ignore_cleanup_errors=True) as name:
        made = Install(Path(name), "postgresql", receives=receives)
        try:
            made.begin()
            yield made
        finally:
            made.end()


@pytest.fixture
def install() -> Iterator[Install]:
    with installed() as made:
        yield made


@pytest.fixture
def received() -> Iterator[Install]:
    with installed(receives=True) as made:
        yield made


def test_what_was_signed_comes_back_after_the_server_is_lost(install):
    assert install.ask(WRITE).split() == ["5", "0"]  # signed: the archive holds all of it
    assert list((install.backup / "base").glob("*Z/backup_label"))
    assert list((install.backup / "wal").iterdir())
    tried = install.doorstep("restore-drill")
    assert tried.endswith("The backup is good.\n"), tried
    install.lose()
    install.restore()
    assert install.ask(LOOK).split() == ["3", "5"]


def test_nothing_that_was_told_is_lost_where_the_log_is_received(received):
    lost = write_and_lose(received, seconds=1)
    assert lost.kept
    assert (lost.entries, lost.signed_lost) == (0, 0)
