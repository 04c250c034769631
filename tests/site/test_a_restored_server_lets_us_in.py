"""A cluster of our own has started when it answers, not when it has begun to replay its log."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from doorstep.site.upkeep.cluster import scratch_cluster


@pytest.fixture
def programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        pytest.skip("PostgreSQL's programs are not on this machine")
    return found[-1]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own, in which the user who runs the cluster cannot walk."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o711)
        yield Path(name)


def test_a_server_that_replays_its_log_slowly_is_waited_for(folder, programs):
    with scratch_cluster(folder / "cluster", programs) as cluster:
        cluster.create()
        cluster.configure(
            restore_command="sleep 1; false", hot_standby="off", recovery_target_timeline="current"
        )
        (cluster.data / "recovery.signal").touch()
        cluster.hand_over(cluster.data)
        cluster.start()
        with psycopg.connect(cluster.url("postgres", cluster.user)) as line:
            assert line.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
