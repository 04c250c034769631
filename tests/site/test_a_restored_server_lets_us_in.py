"""A cluster of our own has started when it answers, not when it has begun to replay its log."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from doorstep.apps.refused import Refused
from doorstep.site.upkeep import cluster as made
from doorstep.site.upkeep.cluster import scratch_cluster
from tests.postgres import programs_or_skip


@pytest.fixture
def programs() -> Path:
    return programs_or_skip()


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own, in which the user who runs the cluster cannot walk."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o711)
        yield Path(name)


# The second segment that it asks for never comes: by then pg_ctl is content.
ENDS_LATER = "sleep 1; test -e asked && kill -9 $(head -1 postmaster.pid); touch asked; false"


def replaying(cluster: made.Cluster, restore_command: str) -> None:
    """Lay out a cluster that asks for one segment after another before it lets anybody in."""
    cluster.create()
    cluster.configure(
        restore_command=restore_command, hot_standby="off", recovery_target_timeline="current"
    )
    (cluster.data / "recovery.signal").touch()
    cluster.hand_over(cluster.data)


def test_a_server_that_replays_its_log_slowly_is_waited_for(folder, programs):
    with scratch_cluster(folder / "cluster", programs) as cluster:
        replaying(cluster, "sleep 1; false")
        cluster.start()
        with psycopg.connect(cluster.url("postgres", cluster.user)) as line:
            assert line.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)


def test_a_server_that_ends_while_it_replays_is_not_waited_for(folder, programs):
    with scratch_cluster(folder / "cluster", programs) as cluster:
        replaying(cluster, ENDS_LATER)
        with pytest.raises(Refused, match="pg_isready failed"):
            cluster.start()
        (cluster.data / "postmaster.pid").unlink(missing_ok=True)  # nobody is left to be stopped


def test_a_long_replay_says_that_it_goes_on(folder, programs, monkeypatch, caplog):
    monkeypatch.setattr(made, "TELLS_EVERY", 0.2)
    with scratch_cluster(folder / "cluster", programs) as cluster:
        replaying(cluster, "sleep 1; false")
        cluster.start()
    assert "still replays its log" in caplog.text
