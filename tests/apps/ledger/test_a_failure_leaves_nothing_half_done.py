"""Whichever statement fails, on whichever try: all of an entry is there, or nothing of it."""

from datetime import date

import pytest
from django.db import OperationalError, connection

from doorstep.apps.ledger.actions import Line, open_account, post, reverse
from doorstep.apps.ledger.models import Account, Journal
from doorstep.apps.ledger.queries import balances
from doorstep.apps.ledger.verify import verify_ledger
from doorstep.apps.record.actions import erase_words
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, Wording
from doorstep.apps.record.verify import verify_record

CLERK, DAY = Actor("system", "test"), date(2026, 11, 22)
WORLD, POT = "world:f:match", "f:pot"


class FailAt:
    """Lets a number of statements through, and then the connection is as if lost."""

    def __init__(self, statements: int) -> None:
        self.left = statements

    def __call__(self, run, sql, *rest):
        self.left -= 1
        if self.left < 0:
            raise OperationalError("the disk is full")
        return run(sql, *rest)


def state():
    return (
        Leaf.objects.count(), Journal.objects.count(), Account.objects.count(),
        Wording.objects.count(), Wording.objects.filter(text="").count(), balances([WORLD, POT]),
    )  # fmt: skip


def spend(key):
    return lambda: post(
        "f.moved", [Line(WORLD, POT, 5)] * 3, idem_key=key, actor=CLERK, effective_on=DAY, memo="x"
    )


@pytest.mark.parametrize(
    "act",
    [
        spend("second"),
        lambda: reverse(Journal.objects.get(), idem_key="back", actor=CLERK, reason="Wrong"),
        lambda: open_account("f:new", fund="f", guard="credit_nonneg"),
        lambda: erase_words(Wording.objects.get(), actor=CLERK, reason="Asked for"),
    ],
    ids=["post", "reverse", "open", "erase"],
)
@pytest.mark.usefixtures("committed_db")
def test_all_or_nothing(act):
    for code in (WORLD, POT):
        open_account(code, fund="f", guard="none" if code == WORLD else "credit_nonneg")
    spend("first")()
    before, failures = state(), 0
    while True:
        try:
            with connection.execute_wrapper(FailAt(failures)):
                act()
            break
        except OperationalError:
            failures += 1
            assert state() == before
    assert failures >= 5
    assert state() != before
    assert [*verify_record(), *verify_ledger()] == []
