"""A unique key that refuses a change is no finding: its owner can drop it, and verify must find the
change all the same. `./doorstep torture rows` does so for every column."""

import pytest
from django.db import IntegrityError, connection, transaction

from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.constraints import missing_constraints
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.verify import verify_record
from tests.apps.record.losing import take_protections_away, without_keys


def test_a_leaf_moved_to_the_place_of_another_is_found_when_the_key_is_gone(committed_db):
    write_leaf("place.noted", {})
    write_leaf("place.noted", {})
    before = missing_constraints()
    take_protections_away()
    lost = missing_constraints()
    first, second = Leaf.objects.order_by("pk")
    moved = Leaf.objects.filter(pk=second.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        moved.update(idx=first.idx)
    assert list(verify_record()) == []
    with without_keys("record_leaf"):
        assert len(missing_constraints()) > len(lost)
        moved.update(idx=first.idx)
        assert list(verify_record()) != []
    assert missing_constraints() == lost, "every key is back"
    assert list(verify_record()) == [], "and every row"
    assert before == []


def test_no_key_is_left_behind(committed_db):
    """Of conditional keys, and of keys that are the rows' own too."""
    take_protections_away()
    for table in ("awards_payment", "ledger_match", "voting_envelope"):
        with without_keys(table), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} SELECT * FROM {table}")
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT count(*) FROM pg_index WHERE indisunique AND indrelid = %s::regclass",
                    [table],
                )
            else:
                cursor.execute('SELECT count(*) FROM pragma_index_list(%s) WHERE "unique"', [table])
            assert cursor.fetchone()[0] == 0, table
