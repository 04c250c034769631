"""32 hands at one moment, online and on paper and twice: every code counts exactly once (T8)."""

import os
import random
import threading
import time
from collections import Counter
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from doorstep.apps.record.verify import verify_record
from doorstep.apps.refused import Refused
from doorstep.apps.voting import box, trackers
from doorstep.apps.voting.actions.casting import cast, credential_of, spend_on_paper
from doorstep.apps.voting.actions.polls import end_poll, log_envelopes
from doorstep.apps.voting.choices import Choice
from doorstep.apps.voting.models import Claim, Envelope, EnvelopeBatch
from tests.apps.ledger.test_at_the_same_moment import WRITERS, at_once
from tests.apps.voting.polling import AFTER, DURING, running
from tests.millbrook import ACTOR

CODES = int(os.environ.get("DOORSTEP_TEST_CODES", "10"))


@pytest.fixture
def polling(committed_db):
    polling = running(cards=CODES)
    connection.close()
    return polling


def during(moment: datetime = DURING) -> time_machine.travel:
    return time_machine.travel(moment, tick=True)


def test_every_code_counts_once_across_channels(polling):
    """All 32 hands cast one code at one moment, and then the next. For every second code four of
    them come with paper; proving it takes them a while, so half of the others come as late."""
    ids = [polling.credential(code).pk for code in polling.codes]
    together = threading.Barrier(WRITERS)
    came: list[Counter[str]] = [Counter() for _code in ids]
    kept: list[bytes] = []

    def cast_one(number: int, place: int) -> str:
        if place % 2 and number % 8 == 0:
            spend_on_paper(polling.round, polling.codes[place].printed, actor=ACTOR)
            return "paper"
        if number % 2:
            time.sleep(random.Random(f"{number} {place}").random() / 10)
        receipt = cast(credential_of(ids[place]), Choice(((number % 3, 1),)), trackers.new())
        kept.append(receipt.env_hash)
        return "online"

    def hand(number: int) -> str:
        for place in range(CODES):
            together.wait(60)
            try:
                came[place][cast_one(number, place)] += 1
            except Refused as refused:
                came[place][refused.code] += 1
        return "done"

    with during():
        told = at_once(hand, seconds=120 + 3 * CODES)
    assert told == {"done": WRITERS}
    for place, (pk, outcomes) in enumerate(zip(ids, came, strict=True)):
        assert sum(outcomes.values()) == WRITERS
        assert set(outcomes) <= {"online", "paper", "used_on_paper"}
        assert outcomes["paper"] == place % 2
        # Every version of every code, without a gap: each that was acknowledged, and no other.
        versions = Envelope.objects.filter(credential=pk).values_list("version", flat=True)
        assert sorted(versions) == list(range(1, outcomes["online"] + 1))
    assert {bytes(one.env_hash) for one in Envelope.objects.all()} == set(kept)
    paper = Claim.objects.filter(channel="paper").count()
    assert (Claim.objects.count(), paper) == (CODES, CODES // 2)
    assert box.how_many_count(polling.round) + paper == CODES


def test_one_hand_more_or_less_the_end_is_the_end(polling):
    """While hands cast, the poll ends: whoever got a receipt is in the box, and in the record."""
    ids = [polling.credential(code).pk for code in polling.codes]
    receipts: list[bytes] = []

    def hand(number: int) -> str:
        if number == 20:
            end_poll_by_force(polling)
            return "ended"
        kept = cast(credential_of(ids[number % CODES]), Choice(((0, 1),)), trackers.new())
        receipts.append(kept.env_hash)
        return "cast"

    with during():
        told = at_once(hand)
    assert told["ended"] == 1
    assert set(told) <= {"ended", "cast", "voting_over", "used_on_paper"}, told
    in_box = {bytes(one.env_hash) for one in Envelope.objects.all()}
    assert set(receipts) == in_box
    assert not Envelope.objects.filter(batch=None).exists()
    assert [*verify_record()] == []


def end_poll_by_force(polling) -> None:
    """As the clock does it; the clock of this test stands at one moment for every thread."""
    poll = polling.poll
    terms = poll.round.terms
    from doorstep.apps.voting.actions import polls

    real = polls.window
    polls.window = lambda asked, now: "over" if asked.pk == terms.pk else real(asked, now)
    try:
        end_poll(poll)
    finally:
        polls.window = real


def test_paper_replaces_online_and_nothing_replaces_paper(polling):
    code = polling.codes[0]
    pk = polling.credential(code).pk
    with during():
        cast(credential_of(pk), Choice(((0, 1),)), trackers.new())
        spend_on_paper(polling.round, code.printed, actor=ACTOR)
        with pytest.raises(Exception, match="used on paper"):
            cast(credential_of(pk), Choice(((1, 1),)), trackers.new())
        with pytest.raises(Exception, match="on paper already"):
            spend_on_paper(polling.round, code.printed, actor=ACTOR)
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim.objects.filter(pk=pk).update(channel="online")
    assert box.how_many_count(polling.round) == 0
    connection.close()


def test_envelopes_are_logged_though_the_clock_went_back_before_any_rule(polling):
    """`torture clocks --seed 806846096`: the rule of that day was asked for, and there was none."""
    with during():
        for code in polling.codes[:10]:
            cast(polling.credential(code), Choice(((0, 1),)), trackers.new())
    with during(datetime(2025, 12, 19, 12, tzinfo=UTC)):
        assert log_envelopes(polling.poll) == 10


def test_envelopes_are_logged_when_ten_codes_hide_each_other(polling):
    ids = [polling.credential(code).pk for code in polling.codes]
    with during():
        for pk in ids[:9]:
            for _ in range(2):
                cast(credential_of(pk), Choice(((0, 1),)), trackers.new())
        assert log_envelopes(polling.poll) == 0
        cast(credential_of(ids[9]), Choice(((0, 1),)), trackers.new())
        assert log_envelopes(polling.poll) == 19
        cast(credential_of(ids[0]), Choice(((2, 1),)), trackers.new())
        assert log_envelopes(polling.poll) == 0
    with during(AFTER):
        ended = end_poll(polling.poll)
    assert ended.state == "ended"
    assert [batch.used for batch in EnvelopeBatch.objects.order_by("pk")] == [10, 10]
    connection.close()
