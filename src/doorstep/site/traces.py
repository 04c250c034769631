"""Where PostgreSQL keeps what a table said before, and how none of it stays.

A changed or deleted row stands in its page until the table is written anew. And ANALYZE, which the
server runs by itself, copies values of columns into pg_statistic, where no rewriting of the table
reaches them: so of columns that will be erased no statistics are gathered at all. What is looked up
by such a column (an address, a token) is found by its index, for which none are needed.
"""

from typing import Any

from django.apps import apps
from django.db import connections, models

from doorstep.apps.record.models import Wording
from doorstep.apps.voting.actions.rewriting import REWRITTEN
from doorstep.site.personal import ERASED, HELD


def erasable() -> list[type[models.Model]]:
    """Tables of which rows or words are erased one by one, when somebody asks or a date comes."""
    labels = {name.rpartition(".")[0] for name, held in HELD.items() if held.fate == ERASED}
    found: list[type[models.Model]] = [apps.get_model(label) for label in sorted(labels)]
    return [*found, Wording]


def gather_no_statistics(alias: str) -> None:
    """Have PostgreSQL copy no value of a column that is erased, or destroyed with a vote. Harmless
    to repeat; nothing to do on SQLite, which is never asked for statistics."""
    database = connections[alias]
    if database.vendor != "postgresql":
        return
    with database.cursor() as cursor:
        tables: set[type[models.Model]] = {*erasable(), *REWRITTEN}
        for model in tables:
            columns = ", ".join(
                f'ALTER COLUMN "{field.column}" SET STATISTICS 0'
                for field in model._meta.concrete_fields
                if holds_words(field)
            )
            if columns:
                cursor.execute(f'ALTER TABLE "{model._meta.db_table}" {columns}')


def holds_words(field: models.Field[Any, Any]) -> bool:
    """Not a number, a day or a state: something that somebody gave, or its sealed form."""
    words = (models.CharField, models.TextField, models.BinaryField, models.JSONField)
    return isinstance(field, words) and not field.choices
