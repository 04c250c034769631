"""Whatever reads files and typing refuses damaged bytes in its own way: the short form of T21."""

import random

import pytest

from bench.torture.frame.readers import readers
from bench.torture.parsers import damaged, tried

SEED = 20261129
EACH = 60


@pytest.mark.django_db
def test_each_reader_takes_what_is_good_and_refuses_the_rest_in_its_own_way(tmp_path) -> None:
    chance = random.Random(SEED)
    for reader in readers(tmp_path):
        for good in reader.good:
            reader.read(good)
        for _ in range(max(3, int(EACH * reader.share))):
            fault, _seconds = tried(reader, damaged(reader.good, chance))
            assert not fault, fault
