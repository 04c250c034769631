"""Writes what the rules forbid straight into the database, with SQL and with the ORM."""

from collections.abc import Callable, Mapping

from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh

NUMBERS = ("T1",)
EACH_DATABASE = True


def main(options: Options) -> list[Figure]:
    with fresh(options):
        from django.db import connection

        from tests.apps.ledger import forger, test_forbidden_operations
        from tests.apps.ledger.operations import forbidden
        from tests.apps.voting import test_every_seal_and_constraint_of_voting_bites as ballots

        forger.furnish()
        hand = forger.Forger()
        raw = forbidden(connection.vendor)
        admitted = _admitted({name: lambda act=act: act(hand) for name, act in raw.items()})
        admitted += _admitted(test_forbidden_operations.ORM)
        ballots.furnish()
        cast = ballots.statements()
        admitted += _admitted({name: lambda sql=sql: hand.sql(sql) for name, sql in cast.items()})
    calls = len(test_forbidden_operations.ORM)
    figure = (
        f"{len(raw)} statements on ledger and record, {calls} calls of the ORM, "
        f"{len(cast)} statements on codes and ballots; admitted {len(admitted)}"
    )
    held = not admitted and len(raw) + calls + len(cast) >= 60
    return [Figure("T1", "forbidden operations", "; ".join([figure, *admitted]), held)]


def _admitted(operations: Mapping[str, Callable[[], object]]) -> list[str]:
    """Names of those that the database let through; an error other than its refusal is a crash."""
    from django.db import DatabaseError, transaction
    from django.db.models import ProtectedError

    admitted = []
    for name, operation in operations.items():
        try:
            with transaction.atomic():
                operation()
        except (DatabaseError, ProtectedError):
            continue
        admitted.append(name)
    return admitted
