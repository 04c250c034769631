"""What a message said, and where it went, stands in no page of the database once it was erased
(T26). More of it, with votes and proposals, in `./doorstep torture retention`."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from doorstep.apps.outbox.actions import tell
from doorstep.apps.outbox.models import Contact, Message
from doorstep.apps.outbox.sending import deliver_due, erase_old_words
from doorstep.site.nightly import leave_no_old_version_of_what_was_erased
from doorstep.site.traces import gather_no_statistics


def pages() -> bytes:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return Path(connection.settings_dict["NAME"]).read_bytes()
        kept = b""
        cursor.execute("CHECKPOINT")
        for table in ("outbox_message", "outbox_contact"):
            cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath(%s))", [table])
            kept += bytes(cursor.fetchone()[0])
        return kept


def test_neither_words_nor_address(committed_db):
    tell("ann@millbrook.example", subject="a", text="b", topic="t", key="k", at_once=True)
    sealed = [Message.objects.get().sealed.encode(), Contact.objects.get().sealed.encode()]
    assert all(each in pages() for each in sealed)
    deliver_due()
    with time_machine.travel(timezone.now() + timedelta(days=800), tick=True):
        erase_old_words()
    assert (Message.objects.get().sealed, Contact.objects.get().sealed) == ("", "")
    # Whoever writes elsewhere on the server for longer than the chore waits puts it off.
    for _night in range(20):
        leave_no_old_version_of_what_was_erased()
        if not any(each in pages() for each in sealed):
            return
    raise AssertionError("what was erased is still on its page")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite gathers no statistics")
def test_the_servers_statistics_copy_nothing_that_is_erased(committed_db):
    for number in range(20):
        address = f"{number}@millbrook.example"
        tell(address, subject="a", text="b", topic="t", key=f"k{number}", at_once=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE outbox_contact")
        assert {"id", "sealed", "lookup"} <= columns_in_statistics(cursor)
        cursor.execute("DELETE FROM pg_statistic WHERE starelid = 'outbox_contact'::regclass")
        gather_no_statistics("default")
        cursor.execute("ANALYZE outbox_contact")
        assert "id" in columns_in_statistics(cursor)
        assert not {"sealed", "lookup"} & columns_in_statistics(cursor)


def columns_in_statistics(cursor) -> set[str]:
    cursor.execute("SELECT attname FROM pg_stats WHERE tablename = 'outbox_contact'")
    return {name for (name,) in cursor.fetchall()}
