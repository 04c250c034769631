"""Takes away each trigger, constraint and unique index in turn, in every room.

Each loss is noticed twice: the check at every start names what is gone; and the tests of each room,
run here too, show that a forbidden statement gets through without it.
"""

from bench.torture import Figure, Options
from bench.torture.frame.databases import fresh
from bench.torture.frame.tests import matching, repeated

NUMBERS = ("T2",)
EACH_DATABASE = True

QUICK = 60


def main(options: Options) -> list[Figure]:
    with fresh(options):
        triggers, constraints, unnoticed = _named_at_start(options)
    tests = matching(
        "*/test_every_seal*.py",
        "apps/*/test_every_seal*.py",
        "apps/*/test_every_constraint*.py",
        "apps/*/test_*_cannot_change.py",
        "apps/*/test_a_file_is_kept_served_and_erased.py",
        "apps/*/test_the_log_of_a_passport_is_sealed.py",
        "apps/*/test_an_award_stays_what_it_was_made_as.py",
    )
    passed, failed = repeated(options, *tests) if options.full else (0, [])
    told = f"{triggers} triggers and {constraints} constraints and keys; unnoticed {len(unnoticed)}"
    figures = [Figure("T2", "named at start", _with(told, unnoticed), not unnoticed)]
    if options.full:
        told = f"{passed} tests of {len(tests)} files; failed {len(failed)}"
        figures += [Figure("T2", "a forgery gets through", _with(told, failed), not failed)]
    return figures


def _with(told: str, names: list[str]) -> str:
    return "; ".join([told, *names[:3]])


def _named_at_start(options: Options) -> tuple[int, int, list[str]]:
    from django.db import connection, transaction

    from doorstep.apps.record import seals
    from doorstep.apps.record.constraints import missing_constraints, promised
    from tests.apps.record.losing import without

    chance = options.chance()
    triggers, constraints = seals.triggers(connection.vendor), promised()
    if not options.full:
        triggers = chance.sample(triggers, QUICK)
        constraints = chance.sample(constraints, QUICK)
    unnoticed = []
    for seal in triggers:
        on = f" ON {seal.table}" if connection.vendor == "postgresql" else ""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TRIGGER {seal.name}{on}")
            if f"{seal.name} on {seal.table}" not in seals.missing_seals():
                unnoticed.append(seal.name)
            transaction.set_rollback(True)
    for done, (table, name) in enumerate(constraints):
        with without(table, name):
            if f"{name} on {table}" not in missing_constraints():
                unnoticed.append(f"{name} on {table}")
        options.say(f"{done} of {len(constraints)} constraints and keys")
    return len(triggers), len(constraints), unnoticed
