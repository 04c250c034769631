"""A statement or a commit of an act with money or ballots fails, or its answer is lost: nothing of
it stands, or all; and the same act asked again is done once (T6). Here one in five of the acts,
chosen by the seed of the test run, one or two statements of each, and the answer of each commit;
every statement of every act in `./doorstep torture failures`.
"""

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from doorstep.apps.fund.actions import open_fund
from doorstep.apps.fund.models import Fund
from doorstep.site.verify import verify_everything
from tests.millbrook import ACTOR
from tests.site.acts import every_act
from tests.site.failing import FailAt, LostError, failed_everywhere, under
from tests.site.watching import Watch, every_action

ROOMS = ("ledger.", "fund.", "awards.", "rounds.", "voting.", "organisations.bank.")
# Public functions of their actions that are no act, and why.
NO_ACTS = {
    "ledger.recovering.recover_account": "part of `recover-record`, while nobody else is let in",
    "ledger.recovering.recover_entry": "part of `recover-record`, while nobody else is let in",
    "fund.giving.decided_places": "reads",
    "voting.casting.locked": "words",
    "voting.casting.version_that_counts": "reads",
    "voting.recounting.recounted": "reads",
    "voting.printing.tidy_line": "tidies a line that was typed",
    "voting.rewriting.compact": "rewrites the file in no transaction, until it is done",
    "voting.rewriting.rewrite": "rewrites the file in no transaction, until it is done",
    "voting.rewriting.rewrite_what_is_owed": "rewrites the file, until it is done",
    "awards.applying.forget_applications": "a part of erasing a person, in that transaction",
    "awards.reports.ask_for_receipts": "a letter, which the outbox sends once",
}


def test_nothing_or_all(committed_db):
    done = []

    def failed(name: str, act: Callable[[], Any]) -> Any:
        if random.random() > 0.2:
            return act()
        done.append(failed_everywhere(name, act, step=40, first=random.randrange(3)))
        return done[-1].result

    do_all(failed)
    assert [each for act in done for each in act.half_done] == []
    assert sum(act.failures for act in done) > 2
    assert sum(act.answers_lost for act in done) > 2
    assert [line.text for line in verify_everything() if not line.sound] == []


def test_every_action_with_money_or_ballots_is_an_act(committed_db):
    """Or stands above, with a reason: a new one is not forgotten."""
    watch = Watch()

    def watched(_name: str, act: Callable[[], Any]) -> Any:
        with watch.on():
            return act()

    do_all(watched)
    actions = {name for name in every_action().values() if name.startswith(ROOMS)}
    assert len(actions) > 150
    assert sorted(actions - watch.reached - NO_ACTS.keys()) == []
    assert sorted(NO_ACTS.keys() & watch.reached | NO_ACTS.keys() - actions) == [], (
        "not an exception"
    )


@pytest.mark.parametrize("lost", [False, True])
def test_a_commit_fails_before_it_reaches_the_database_or_its_answer_is_lost(committed_db, lost):
    """What the acts are failed with really fails a commit, and loses the answer of one."""
    statements = FailAt(1_000, lose=-1, drop=False)
    with under(statements):
        open_fund("first", "First", actor=ACTOR)
    before_the_commit = 1_000 - statements.left - 1
    failing = FailAt(1_000 if lost else before_the_commit, lose=0 if lost else -1, drop=False)
    with pytest.raises(LostError), under(failing):
        open_fund("other", "Other", actor=ACTOR)
    assert failing.lost is lost
    assert Fund.objects.filter(slug="other").exists() is lost
    with transaction.atomic():
        assert connection.in_atomic_block, "the connection works again"


def do_all(do: Callable[[str, Callable[[], Any]], Any]) -> None:
    acts, result = every_act(), None
    while True:
        try:
            name, act = acts.send(result)
        except StopIteration:
            return
        result = do(name, act)
