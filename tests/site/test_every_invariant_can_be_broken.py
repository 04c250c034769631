"""Every invariant that is declared finds what breaks it: none is a sentence that cannot fail."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from doorstep.apps import invariants as registry
from doorstep.apps.record import seals
from doorstep.site.upkeep.checking import Outcome, check_invariants
from tests.apps.record.losing import take_protections_away
from tests.apps.record.publishing import signing
from tests.scratch import ScratchDatabase
from tests.site.breaking import BREAKS, furnish

pytestmark = pytest.mark.usefixtures(signing.__name__)


def outcome(name: str) -> Outcome:
    (one,) = check_invariants([name])
    return one


@contextmanager
def undone(*, protected: bool) -> Iterator[None]:
    """What happens inside is taken back, also the protections that are missing there."""
    if not protected and connection.vendor == "sqlite":
        take_protections_away()  # its settings hold only outside a transaction
        seals.install(connection)
    try:
        with transaction.atomic():
            if not protected:
                take_protections_away()
            yield
            transaction.set_rollback(True)
    finally:
        connection.close()  # and the settings of it


def after(name: str) -> Outcome:
    """How an invariant stands after its break."""
    change = BREAKS[name]
    with undone(protected=callable(change)):
        if callable(change):
            change()
        else:
            with connection.cursor() as cursor:
                cursor.execute(change)
                assert cursor.rowcount, f"{name}: nothing was changed"
        return outcome(name)


def test_an_invariant_is_declared_with_a_break() -> None:
    assert set(BREAKS) == {one.name for one in registry.invariants()}


def test_every_invariant_holds_on_a_sound_install_and_reports_its_break(
    committed_db: ScratchDatabase,
) -> None:
    furnish()
    sound = list(check_invariants())
    assert [(one.invariant.name, one.faults) for one in sound if one.faults] == []
    # Of the bank it looks at lines that nothing explains, and a sound install has none.
    empty = {one.invariant.name for one in sound if not one.rows}
    assert empty == {"ledger.bank_lines_explained"}
    with undone(protected=False):
        lost = {one.invariant.name for one in check_invariants() if one.faults}
    assert lost <= {"record.seals", "record.durable"}, "no break of a row, and a fault"
    unnoticed = {}
    for name in BREAKS:
        faults = after(name).faults
        if not faults or faults[0][0] == "This check":
            unnoticed[name] = faults
    assert unnoticed == {}
    assert not [one.faults for one in check_invariants() if one.faults], "a break was left"
