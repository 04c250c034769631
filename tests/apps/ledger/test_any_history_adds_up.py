"""Random histories against a model of twenty lines: same balances, same answers, nothing found."""

from datetime import date
from itertools import permutations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from doorstep.apps.ledger.actions import Line, open_account, post, reverse
from doorstep.apps.ledger.models import Journal
from doorstep.apps.ledger.queries import balances
from doorstep.apps.ledger.verify import verify_ledger
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.verify import verify_record
from doorstep.apps.refused import Refused

CLERK, DAY = Actor("system", "test"), date(2026, 11, 22)
FUND = {"world:f:match": None, "f:pot": 0, "place:a:available": 0, "place:b:available": 0}
OTHER = {"world:example": None, "example:a:available": 0}
LEAST = {"f:owed": 0}  # guarded the other way round
CODES = st.sampled_from([*FUND, *OTHER, *LEAST, "f:nowhere"])
PENCE = st.integers(-1, 40) | st.sampled_from([True, 1.0, 10**13, 10**13 + 1])
ODD = st.lists(st.builds(Line, CODES, CODES, PENCE), min_size=1, max_size=4)
# Written out, not filtered: a history in which the filter found nothing would be thrown away.
BETWEEN = st.sampled_from(list(permutations(FUND, 2)))
LIKELY = st.lists(
    st.builds(lambda pair, pence: Line(*pair, pence), BETWEEN, st.integers(1, 25)),
    min_size=1,
    max_size=4,
)


def open_accounts() -> None:
    """Once, before the first history: each is undone back to these."""
    for code in [*FUND, *OTHER, *LEAST]:
        guard = "none" if code.startswith("world:") else "credit_nonneg"
        open_account(
            code,
            fund="example" if code in OTHER else "f",
            guard="debit_nonneg" if code in LEAST else guard,
        )


class History(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.held = dict.fromkeys([*FUND, *OTHER, *LEAST], 0)
        self.posted: list[tuple[str, list[Line], Journal]] = []
        self.taken_back: set[int] = set()
        self.reversals: set[int] = set()

    def teardown(self) -> None:
        try:
            kept = list(Journal.objects.order_by("pk").values_list("idem_key", "pk"))
            assert kept == [(key, entry.seq) for key, _lines, entry in self.posted]
            assert [*verify_record(), *verify_ledger()] == []
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def after(self, lines: list[Line]) -> dict[str, int] | None:
        """What the accounts should hold afterwards; None where it should be refused."""
        held = dict(self.held)
        for debit, credit, pence in lines:
            funds = {code in OTHER for code in (debit, credit)}
            whole = type(pence) is int and 0 < pence <= 10**13
            if not whole or not {debit, credit} <= held.keys() or debit == credit or len(funds) > 1:
                return None
            held[debit] -= pence
            held[credit] += pence
            if (not debit.startswith("world:") and debit not in LEAST and held[debit] < 0) or (
                credit in LEAST and held[credit] > 0
            ):
                return None
        return held

    @rule(code=st.sampled_from(["f:pot", "place:a:available"]), pence=st.integers(1, 60))
    def money_comes_in(self, code, pence):
        self.entry([Line("world:f:match", code, pence)])

    @rule(lines=LIKELY)
    def likely_entry(self, lines):
        self.entry(lines)

    @rule(lines=ODD)
    def odd_entry(self, lines):
        self.entry(lines)

    def entry(self, lines):
        key, expected = f"key {len(self.posted)}", self.after(lines)
        if expected is None:
            with pytest.raises(Refused):
                post("f.moved", lines, idem_key=key, actor=CLERK, effective_on=DAY)
            return
        made = post("f.moved", lines, idem_key=key, actor=CLERK, effective_on=DAY)
        self.posted.append((key, lines, made))
        self.held = expected

    @precondition(lambda self: self.posted)
    @rule(data=st.data())
    def retry(self, data):
        key, lines, entry = data.draw(st.sampled_from(self.posted))
        if entry.seq not in self.reversals:
            again = post("f.moved", lines, idem_key=key, actor=CLERK, effective_on=DAY)
            assert again.seq == entry.seq
        with pytest.raises(Refused):
            post("f.moved", [*lines, lines[0]], idem_key=key, actor=CLERK, effective_on=DAY)

    @precondition(lambda self: self.posted)
    @rule(data=st.data())
    def take_back(self, data):
        _key, lines, entry = data.draw(st.sampled_from(self.posted))
        back = [Line(credit, debit, pence) for debit, credit, pence in reversed(lines)]
        expected = self.after(back)
        key = f"key {len(self.posted)}"
        if expected is None or entry.seq in self.taken_back | self.reversals:
            with pytest.raises(Refused):
                reverse(entry, idem_key=key, actor=CLERK, reason="Tried")
            return
        made = reverse(entry, idem_key=key, actor=CLERK, reason="Tried")
        self.taken_back.add(entry.seq)
        self.reversals.add(made.seq)
        self.posted.append((key, back, made))
        self.held = expected

    @invariant()
    def balances_are_the_models(self):
        assert balances(self.held) == self.held


@pytest.mark.django_db
def test_random_histories():
    open_accounts()
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
