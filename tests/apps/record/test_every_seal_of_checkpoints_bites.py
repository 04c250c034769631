"""Each constraint and trigger of checkpoints, witnesses and their lines is missed when gone."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from doorstep.apps.record import seals
from doorstep.apps.record.actions.checkpoints import add_cosignatures, add_witness
from doorstep.apps.record.models import Checkpoint, Cosignature, Timestamp, Witness
from doorstep.apps.record.publishing import publish
from doorstep.apps.record.verify import verify_checkpoints
from tests.apps.record.publishing import grow, lift_seals, signing  # noqa: F401 - a fixture
from tests.apps.record.test_witnesses_stand_under_the_record import CLERK, COUNCIL, cosigned

VENDOR = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2].removesuffix("3")
MODELS = (Checkpoint, Witness, Cosignature, Timestamp)
TABLES = {model._meta.db_table for model in MODELS}
AGAIN = {
    model._meta.db_table: ", ".join(
        field.column for field in model._meta.local_fields if not field.primary_key
    )
    for model in MODELS
}
BROKEN = {
    "record_checkpoint_once_a_size": "INSERT INTO record_checkpoint ({0}) SELECT {0}"
    " FROM record_checkpoint WHERE log = 'public' ORDER BY size DESC LIMIT 1".format(
        AGAIN["record_checkpoint"]
    ),
    "record_checkpoint_root_whole": "UPDATE record_checkpoint SET root = note"
    if VENDOR == "sqlite"
    else "UPDATE record_checkpoint SET root = '\\x00'",
    "record_cosignature_once": "INSERT INTO record_cosignature ({0}) SELECT {0}"
    " FROM record_cosignature".format(AGAIN["record_cosignature"]),
    "record_timestamp_once_each": "INSERT INTO record_timestamp ({0}) SELECT {0}"
    " FROM record_timestamp".format(AGAIN["record_timestamp"]),
}
SMALLER = (
    "INSERT INTO record_checkpoint (log, size, root, note, words, signed_at)"
    " SELECT log, {size}, root, note, words, signed_at FROM record_checkpoint LIMIT 1"
)
FORBIDDEN = {"record_checkpoint_grows": SMALLER.format(size=3)}
for _table in TABLES:
    FORBIDDEN |= {
        f"{_table}_no_update": f"UPDATE {_table} SET id = id + 1000",
        f"{_table}_no_delete": f"DELETE FROM {_table}",
        f"{_table}_no_truncate": f"TRUNCATE {_table} CASCADE",
        f"{_table}_no_replace": f"INSERT OR REPLACE INTO {_table} SELECT * FROM {_table}",
    }
# Who else refuses the same, on purpose, and is taken away first.
BESIDE = {"record_checkpoint_no_replace": ["record_checkpoint_grows"]}
STANDING = sorted(seal.name for seal in seals.triggers(VENDOR) if seal.table in TABLES)


@pytest.fixture
def furnished(committed_db, signing):  # noqa: F811
    grow(5)
    add_witness(str(COUNCIL.verifier), actor=CLERK)
    publish()
    add_cosignatures(cosigned(signing))
    Timestamp.objects.create(
        checkpoint=Checkpoint.objects.get(), authority="tsa.example.org", token=b"x",
        stamped_at=timezone.now(),
    )  # fmt: skip
    grow(1)
    with connection.cursor() as cursor:
        if VENDOR == "sqlite":
            cursor.execute("PRAGMA recursive_triggers = OFF")
            cursor.execute("PRAGMA foreign_keys = OFF")


def constraints() -> Iterator[tuple[type[models.Model], models.BaseConstraint]]:
    for model in MODELS:
        for constraint in model._meta.constraints:
            yield model, constraint


def admitted(sql: str, *without: str) -> bool:
    """Whether it gets in with these triggers taken off; undone either way."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if VENDOR == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for name in without:
                table = next(s.table for s in seals.triggers(VENDOR) if s.name == name)
                on = f" ON {table}" if VENDOR == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {name}{on}")
            cursor.execute(sql)
            assert "TRUNCATE" in sql or cursor.rowcount, sql
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def gone_with(name: str) -> list[str]:
    if name.endswith("_no_truncate"):  # cascades to every table that points here
        return [each.name for each in seals.triggers(VENDOR) if each.name.endswith("_no_truncate")]
    return [name, *BESIDE.get(name, [])]


def test_everything_has_a_statement_that_it_refuses():
    assert {constraint.name for _model, constraint in constraints()} == set(BROKEN)
    assert set(STANDING) <= set(FORBIDDEN)


def test_each_seal_is_missed_when_gone(furnished):
    for name in STANDING:
        assert not admitted(FORBIDDEN[name]), f"{name} let it in"
        assert not admitted(FORBIDDEN[name], *BESIDE.get(name, [])), f"{name} let it in"
        assert admitted(FORBIDDEN[name], *gone_with(name)), name


@pytest.mark.parametrize("size", [3, 6, 8, 99])
def test_a_checkpoint_grows_and_is_of_leaves_that_stand(furnished, size):
    assert not admitted(SMALLER.format(size=size))
    assert admitted(SMALLER.format(size=7))


def test_each_constraint_is_missed_when_gone(furnished, monkeypatch):
    if VENDOR == "sqlite":
        seals.remove(connection)
    else:
        with connection.cursor() as cursor:
            for seal in seals.triggers("postgresql"):
                cursor.execute(f"DROP TRIGGER {seal.name} ON {seal.table}")
    for model, constraint in constraints():
        assert not admitted(BROKEN[constraint.name]), constraint.name
        with monkeypatch.context() as without, connection.schema_editor() as editor:
            others = [other for other in model._meta.constraints if other is not constraint]
            without.setattr(model._meta, "constraints", others)
            editor.remove_constraint(model, constraint)
        assert admitted(BROKEN[constraint.name]), constraint.name
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"root": bytes(32)}, "do not have the root"),
        ({"size": 4}, "do not have the root"),
        ({"size": 90}, "leaves that were signed are missing"),
        ({"note": "x"}, "not sound"),
    ],
)
def test_verify_names_a_changed_checkpoint(furnished, changed, said):
    assert list(verify_checkpoints()) == []
    lift_seals("record_checkpoint")
    Checkpoint.objects.update(**changed)
    assert said in " ".join(found.sentence for found in verify_checkpoints())


def test_verify_names_a_changed_cosignature(furnished):
    lift_seals("record_cosignature")
    Cosignature.objects.update(signed_at=timezone.now())
    assert [found.sentence for found in verify_checkpoints()] == [
        "its row names another witness or time than the line does."
    ]
    line = Cosignature.objects.get().line
    Cosignature.objects.update(line=line[:-10] + "AAAAAAA==\n")
    assert "not sound" in next(iter(verify_checkpoints())).sentence
