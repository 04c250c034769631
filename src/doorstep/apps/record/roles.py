"""PostgreSQL: the application connects with a role that may add to the sealed tables, no more.

Triggers stop every statement; rights stop whoever would take the triggers off. The owner's role
migrates (DOORSTEP_OWNER_DATABASE_URL) and is used for nothing else.
"""

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from . import seals

_READ_ONLY = {"django_migrations"}


def grant_application_role(role: str, alias: str = "default") -> None:
    """Give `role`, which must exist, what serving Doorstep needs. Run by the owner after migrating.

    Repeatable: rights that the role held before on these tables are taken away first.
    """
    connection = connections[alias]
    if connection.vendor != "postgresql":
        raise ValueError("only PostgreSQL has roles; an SQLite file is guarded by its owner")
    name = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for statement in (
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}",
            f"REVOKE CREATE ON SCHEMA public FROM {name}",
            f"GRANT USAGE ON SCHEMA public TO {name}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
            "REVOKE ALL ON FUNCTION doorstep_lock_head(text) FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION doorstep_lock_head(text) TO {name}",
            *(
                f"GRANT {_rights(table)} ON {_quoted(connection, table)} TO {name}"
                for table in tables
            ),
        ):
            cursor.execute(statement)


def _rights(table: str) -> str:
    if table in seals.tables_moved_by_triggers() | _READ_ONLY:
        return "SELECT"
    if table in seals.append_only_tables():
        return "SELECT, INSERT"
    if columns := seals.changing_columns().get(table):
        return f"SELECT, INSERT, UPDATE ({columns})"
    return "SELECT, INSERT, UPDATE, DELETE"


def _quoted(connection: BaseDatabaseWrapper, table: str) -> str:
    return connection.ops.quote_name(table)
