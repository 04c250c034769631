"""Rows of several tables in one statement. It stands beside the rooms, because all of them ask.

    for name, row in together({"paid": row(Payment.objects.…, slug="slug"), "due": row(…)}): …

The values of each row become one JSON column, and the queries are joined with UNION ALL. A query
that orders or cuts its rows does so in a subquery, because SQLite allows neither inside a UNION.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import JSONObject

Row = dict[str, Any]


def row(found: QuerySet[Any, Any], **values: Any) -> QuerySet[Any, Any]:
    """Rows with these values by name: fields and whole numbers, words, truths, and days (which
    arrive as ISO words)."""
    return found.annotate(row=JSONObject(**values))


def together(asked: Mapping[str, QuerySet[Any, Any]]) -> Iterator[tuple[str, Row]]:
    """(name, values) of every row that these queries find; one statement, or none for none."""
    parts = [
        found.order_by().values_list(Value(name, output_field=CharField()), "row")
        for name, found in asked.items()
    ]
    if parts:
        yield from parts[0].union(*parts[1:], all=True)
