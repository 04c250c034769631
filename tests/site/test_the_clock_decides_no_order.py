"""The server's clock is moved: the record keeps its order, votes open and end by the one clock."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
import time_machine

from bench.torture.clocks import Votes
from doorstep.apps.ledger.actions import Line, open_account, post
from doorstep.apps.ledger.models import Journal
from doorstep.apps.record.actions import write_leaf
from doorstep.apps.record.keys import make_keys
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.publishing import publish
from doorstep.apps.voting.actions.polls import end_poll
from doorstep.apps.voting.models import Claim, PollState
from doorstep.site.upkeep.checking import check_invariants
from tests.apps.voting.polling import AFTER, BEFORE, DURING, running
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 28, 15, tzinfo=UTC)
# Britain's clocks go back at 01:00 UTC on 25 October 2026: the hour from 1 to 2 comes twice.
TWICE = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
MOVED = (
    NOW, NOW - timedelta(days=1), NOW + timedelta(days=366), TWICE, TWICE + timedelta(hours=1),
    datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC), datetime(2027, 3, 28, 1, tzinfo=UTC), NOW,
)  # fmt: skip


def test_leaves_and_entries_keep_their_order_however_the_clock_moves(page, settings, tmp_path):
    settings.RECORD_FOLDER, settings.RECORD_KEYS = tmp_path / "record", tmp_path / "keys"
    make_keys("https://fund.example.org")
    open_account("world:a", fund="a", guard="none")
    open_account("a:pot", fund="a", guard="credit_nonneg")
    sizes = []
    for number, moment in enumerate(MOVED):
        with time_machine.travel(moment, tick=False):
            write_leaf("test.moved", {"number": number})
            post(
                "a.paid_in", [Line("world:a", "a:pot", 1)], idem_key=f"paid {number}",
                actor=ACTOR, effective_on=date(2026, 11, 28),
            )  # fmt: skip
            sizes.append(publish()[0].checkpoint.size)
            for address in ("/record/", "/record/watch/", "/record/invariants/"):
                page.get(address)
    leaves = list(Leaf.objects.filter(kind="test.moved").order_by("idx"))
    assert [leaf.recorded_at for leaf in leaves] == list(MOVED)
    assert [leaf.idx for leaf in leaves] == [2 + 2 * number for number in range(len(MOVED))]
    assert list(Journal.objects.order_by("pk").values_list("pk", flat=True)) == list(
        range(1, len(MOVED) + 1)
    )
    assert sizes == sorted(set(sizes))
    assert [one for one in check_invariants() if one.faults] == []


def test_a_vote_opens_and_ends_by_the_one_clock_and_never_opens_twice(client):
    polling = running()
    tries = iter(polling.codes)

    def enter(moment: datetime) -> str:
        with time_machine.travel(moment, tick=True):
            answer = client.post("/vote/", {"code": next(tries).printed}, follow=True)
            assert answer.status_code < 500
            return answer.content.decode()

    assert "Nothing is cast yet" in enter(DURING)
    # A day before it opens again: the code is not taken, and nothing that was cast is lost.
    assert "Nothing is cast yet" not in enter(BEFORE)
    assert "Nothing is cast yet" in enter(DURING)
    with time_machine.travel(AFTER, tick=True):
        end_poll(polling.poll)
    assert polling.poll.state == PollState.ENDED
    assert "Nothing is cast yet" not in enter(DURING)  # the clock goes back: the box stays shut
    assert polling.poll.state == PollState.ENDED
    assert not Claim.objects.exists()


def test_votes_count_once_and_in_order_however_the_clock_moves():
    """The short form of the votes in T11; whoever was told otherwise would be heard."""
    votes, chance = Votes(), Random(20261129)
    for moment in (*MOVED, *MOVED):
        with time_machine.travel(moment, tick=False):
            votes.cast_one(chance)
    assert votes.cast + votes.refused == 2 * len(MOVED)
    assert min(votes.cast, votes.refused) > 3
    votes.ended()
    assert votes.faults == []
    next(iter(votes.kept.values())).append("a vote that nobody kept")
    votes.ended()
    assert "a vote was lost, doubled, or changed its order" in votes.faults
    assert "what counts is not the last vote of each code, once" in votes.faults
