"""PostgreSQL itself is killed, every process of it at once (T5): what was acknowledged stands when
it is back. Here once, with three entries, on a cluster of the test's own; in `./doorstep torture
server_kills` fifty times and under load.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from doorstep.site.upkeep.cluster import programs_here

pytestmark = [
    pytest.mark.skipif(
        programs_here() is None and not os.environ.get("CI"),
        reason="PostgreSQL’s programs are not on this machine",
    ),
    pytest.mark.skipif(
        "postgresql" not in settings.DATABASES["default"]["ENGINE"],
        reason="SQLite has no server; its writer is killed in test_at_the_same_moment",
    ),
]

KILLED = """
import sys
from pathlib import Path
from bench.torture import Options
from bench.torture.frame.clusters import in_a_cluster_of_its_own
from bench.torture.frame.databases import fresh
with in_a_cluster_of_its_own() as cluster:
    with fresh(Options(1, "postgresql", False, Path(sys.argv[1]), cluster.url)):
        from django.db import connection
        from doorstep.apps.ledger.actions import open_account
        from doorstep.apps.ledger.models import Journal
        from doorstep.apps.ledger.queries import balances
        from doorstep.apps.ledger.verify import verify_ledger
        from doorstep.apps.record.verify import verify_record
        from tests.apps.ledger.test_at_the_same_moment import POT, WORLD, move
        open_account(WORLD, fund="f", guard="none")
        open_account(POT, fund="f", guard="credit_nonneg")
        for number in range(3):
            move(WORLD, POT, 1, f"k{number}")
        cluster.kill()
        assert not cluster.answers()
        cluster.start()
        connection.close()
        assert Journal.objects.count() == 3, "nothing that was told is lost"
        assert move(WORLD, POT, 1, "k2").seq == 3, "asked for again, it is the same"
        assert balances([POT]) == {POT: 3}
        assert [*verify_record(), *verify_ledger()] == []
"""


def test_three_entries_stand_after_the_server_was_killed(tmp_path):
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=root, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
