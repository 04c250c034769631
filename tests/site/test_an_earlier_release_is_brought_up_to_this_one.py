"""What an earlier release wrote keeps its record and holds everything that must hold today.

The houses that are kept are of the last releases, made by their own programs (see
bench/torture/frame/houses.py). `./doorstep torture upgrades` makes older ones anew, from git.
"""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from bench.torture.frame.houses import SECRETS, House, brought_up, environment, kept_houses
from bench.torture.upgrades import RELEASES
from tests.scratch import ScratchDatabase

HOUSES = kept_houses(connection.vendor)


@pytest.mark.parametrize("house", HOUSES, ids=lambda house: house.commit)
def test_a_house_keeps_its_roots_and_everything_holds(
    house: House, empty_db: ScratchDatabase, tmp_path
):
    house.put_into(empty_db.url)
    program = environment(empty_db.url, tmp_path / "data") | SECRETS
    logs, wrong = brought_up(program, house.made)
    assert logs == house.logs
    assert wrong == []


def test_the_last_release_is_kept_and_one_from_before_the_newest_migration():
    """Else the test above would leave out the newest rooms, or migrate nothing."""
    *_, last = RELEASES.values()
    assert last in {house.commit for house in HOUSES}
    assert min(house.migrations for house in HOUSES) < len(MigrationLoader(None).disk_migrations)
