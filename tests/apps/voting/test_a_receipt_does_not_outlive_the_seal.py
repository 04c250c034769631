"""A receipt sent by message joins an address to a tracker: its words go when it is sent, and with
the seal at the latest."""

import pytest
import time_machine
from django.core import mail

from doorstep.apps.outbox.actions import tell
from doorstep.apps.outbox.models import Message
from doorstep.apps.outbox.sending import deliver_due
from doorstep.apps.voting.actions.box import open_box, receipts_of, seal_round
from tests.apps.voting.boxes import AFTER, DURING, running, vote
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db


def ask(topic, tracker):
    return tell(
        f"{tracker}@example.org", subject="Your receipt", text=f"Your tracker is {tracker}.",
        topic=topic, key=f"receipt {tracker}", at_once=True,
    )  # fmt: skip


def test_its_words_go_when_it_is_sent_and_with_the_seal():
    world = running()
    vote(world, 0, [0])
    topic = receipts_of(world.round)
    with time_machine.travel(DURING):
        sent = ask(topic, "sent")
        assert deliver_due() == 1
    assert "Your tracker is sent" in mail.outbox[0].body
    sent.refresh_from_db()
    assert (sent.state, sent.sealed) == (Message.State.SENT, "")
    waits, other = ask(topic, "waits"), ask("other", "other")
    world.end()
    world.look(1, 2)
    with time_machine.travel(AFTER):
        open_box(world.round, actor=ACTOR)
        seal_round(world.round, actor=ACTOR)
    waits.refresh_from_db()
    other.refresh_from_db()
    assert (waits.state, waits.sealed) == (Message.State.DROPPED, "")
    assert other.sealed
