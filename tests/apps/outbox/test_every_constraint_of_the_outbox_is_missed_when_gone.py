"""Each constraint and unique key of the outbox: a statement breaks it, and gets in without it."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from doorstep.apps.outbox.actions import tell

BROKEN = {
    "contact_medium_known": "UPDATE outbox_contact SET medium = 'fax'",
    "contact_language_known": "UPDATE outbox_contact SET language = 'fr'",
    "message_state_has_its_time": "UPDATE outbox_message SET state = 'sent'",
    "message_that_failed_says_why": (
        "UPDATE outbox_message SET state = 'failed', ended_at = made_at"
    ),
    "message_claim_ends": "UPDATE outbox_message SET claim = 'mine'",
}
UNIQUE = {
    "lookup": "UPDATE outbox_contact SET lookup = 'same'",
    "token": "UPDATE outbox_contact SET token = 'same'",
    "key": "UPDATE outbox_message SET key = 'same'",
}


def constraints():
    for model in apps.get_app_config("outbox").get_models():
        for constraint in model._meta.constraints:
            yield model, constraint


def unique_fields():
    for model in apps.get_app_config("outbox").get_models():
        for field in model._meta.local_fields:
            if field.unique and not field.primary_key:
                yield model, field


def admitted(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            assert cursor.rowcount > 0, sql
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


@pytest.fixture
def two_messages(committed_db):
    for number in range(2):
        tell(f"p{number}@example.org", subject="S", text="T", topic="news", key=str(number))


def test_every_constraint_has_a_statement_that_breaks_it():
    assert {constraint.name for _model, constraint in constraints()} == set(BROKEN)
    assert {field.name for _model, field in unique_fields()} == set(UNIQUE)


def test_each_statement_is_refused_until_its_constraint_is_gone(two_messages, monkeypatch):
    for model, constraint in constraints():
        assert not admitted(BROKEN[constraint.name]), constraint.name
        with monkeypatch.context() as without, connection.schema_editor() as editor:
            others = [other for other in model._meta.constraints if other is not constraint]
            without.setattr(model._meta, "constraints", others)
            editor.remove_constraint(model, constraint)
        assert admitted(BROKEN[constraint.name]), constraint.name


def test_each_unique_key_is_missed_when_gone(two_messages):
    for model, field in unique_fields():
        assert not admitted(UNIQUE[field.name]), field.name
        plain = field.clone()
        plain._unique = False
        plain.set_attributes_from_name(field.name)
        plain.model = model
        with connection.schema_editor() as editor:
            editor.alter_field(model, field, plain)
        assert admitted(UNIQUE[field.name]), field.name
