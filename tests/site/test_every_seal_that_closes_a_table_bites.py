"""Every seal that closes a table, in every room: it alone refuses a change, and the change gets in
once it is gone. And no seal of any room is left that no test lifts.

Seals of the common kinds need no story: one made-up row in each table, with every other protection
taken away, shows what each of them does by itself. What a seal of another kind forbids is told in
the room's own test, which is named here.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from doorstep.apps.record import seals
from tests.apps.awards import test_every_seal_of_bank_and_receipts_bites as bank
from tests.apps.awards import test_every_seal_of_payments_bites as payments
from tests.apps.files import test_a_file_is_kept_served_and_erased as files
from tests.apps.fund import test_every_seal_of_the_fund_bites as fund
from tests.apps.ideas import test_every_seal_of_ideas_bites as ideas
from tests.apps.ledger import mutants
from tests.apps.partnerships import test_every_seal_of_learning_bites as learning
from tests.apps.partnerships import test_every_seal_of_meetings_bites as meetings
from tests.apps.partnerships import test_every_seal_of_what_was_agreed_bites as agreed
from tests.apps.promises import test_every_seal_of_promises_bites as promises
from tests.apps.record import test_every_seal_of_checkpoints_bites as checkpoints
from tests.apps.record.losing import put_back, take_protections_away
from tests.apps.rounds import test_a_frozen_round_cannot_change as rounds
from tests.apps.voting import test_every_seal_and_constraint_of_the_box_bites as box
from tests.apps.voting import test_every_seal_and_constraint_of_voting_bites as voting

# What a change of each common kind is; SQLite knows no TRUNCATE, and PostgreSQL no REPLACE.
COMMON = {
    "no_update": "UPDATE {table} SET {key} = {key}",
    "no_delete": "DELETE FROM {table}",
    "no_truncate": "TRUNCATE {table} CASCADE",
    "no_replace": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    "stays": "UPDATE {table} SET {key} = {key} + 1000",
}
# Closed by seals of their own folder, and by no others.
CLOSED = {"partnerships_councilagreement", "partnerships_meeting", "partnerships_plan"}
DAY = date(2026, 6, 1)
MADE_UP = {
    models.BooleanField: True, models.DateTimeField: datetime(2026, 6, 1, tzinfo=UTC),
    models.DateField: DAY, models.BinaryField: b"x", models.JSONField: {},
    models.CharField: "x", models.TextField: "x",
}  # fmt: skip


def tables() -> dict[str, type[models.Model]]:
    """{table: its model} of all that a seal of a common kind stands on."""
    known = {model._meta.db_table: model for model in apps.get_models()}
    return {seal.table: known[seal.table] for seal in common()}


def common() -> list[seals.Seal]:
    return [seal for seal in seals.triggers(connection.vendor) if kind_of(seal)]


def kind_of(seal: seals.Seal) -> str:
    """The common kind of a seal; none of what a room wrote under such a name for a rule of its
    own: ballots are forgotten by a leaf, and a payment may change in steps."""
    kind = next((kind for kind in COMMON if seal.name.endswith(f"_{kind}")), "")
    of_all = seal.table in seals.append_only_tables() | set(seals._changing)
    return kind if of_all or seal.table in CLOSED else ""


def made_up(field: models.Field) -> object:
    """Something that the column holds; any, for nothing is asked of it here."""
    return next((value for kind, value in MADE_UP.items() if isinstance(field, kind)), 1)


@pytest.fixture
def rows(committed_db) -> None:
    """One row in each of the tables, and nothing that protects it."""
    take_protections_away()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = OFF")
    for model in tables().values():
        row = {field.attname: made_up(field) for field in model._meta.concrete_fields}
        model._base_manager.bulk_create([model(**row)])


def admitted(seal: seals.Seal, *, standing: bool) -> bool:
    """Whether a change gets in with only this seal standing, or none; undone either way."""
    (key, *_) = (field.column for field in tables()[seal.table]._meta.pk_fields)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if standing:
                put_back(seal)
            cursor.execute(COMMON[kind_of(seal)].format(table=seal.table, key=key))
            assert kind_of(seal) == "no_truncate" or cursor.rowcount, seal.name
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def test_each_seal_that_closes_a_table_refuses_and_is_missed_when_gone(rows) -> None:
    let_in = [seal.name for seal in common() if admitted(seal, standing=True)]
    assert let_in == []
    refused = [seal.name for seal in common() if not admitted(seal, standing=False)]
    assert refused == [], "these never came as far as a seal"


def lifted() -> Iterator[str]:
    """Names of the seals that the room's own tests lift."""
    vendor = connection.vendor
    yield from bank.STANDING
    yield from payments.STANDING
    yield from payments.ELSEWHERE
    yield from checkpoints.STANDING
    yield from files.CHANGES
    yield from fund.FORBIDDEN
    yield from promises.FORBIDDEN
    for room in (ideas, learning, meetings, rounds):
        yield from (seal.name for seal in room.ours())
    yield from mutants.protections(vendor)
    yield from agreed.alone()
    yield from voting.statements()
    yield from box.statements()


def test_every_seal_of_every_room_is_lifted_by_a_test() -> None:
    tried = {seal.name for seal in common()} | set(lifted())
    left = [seal.name for seal in seals.triggers(connection.vendor) if seal.name not in tried]
    assert left == []
