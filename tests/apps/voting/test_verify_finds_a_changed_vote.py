"""`doorstep verify` names a code that was added, a ballot that was changed, one that is gone."""

import pytest
import time_machine
from django.db import connection

from doorstep.apps.record import seals
from doorstep.apps.voting import trackers
from doorstep.apps.voting.actions.casting import cast, credential_of
from doorstep.apps.voting.actions.polls import end_poll
from doorstep.apps.voting.choices import Choice
from doorstep.apps.voting.verify import verify_voting
from tests.apps.voting.polling import AFTER, DURING, running

CHANGES = {
    "are not the ones that were printed": "UPDATE voting_credential SET salt = hashed",
    "the record says": "UPDATE voting_codebatch SET count = count + 1",
    "is not the one whose mark": "UPDATE voting_envelope SET sealed = env_hash",
    "are missing from the box": "DELETE FROM voting_envelope",
    "never noted": "UPDATE voting_envelope SET batch_id = NULL",
    "another key": "UPDATE voting_poll SET padded_to = 512",
}


@pytest.fixture
def ended(committed_db):
    polling = running(cards=2)
    with time_machine.travel(DURING, tick=True):
        cast(
            credential_of(polling.credential(polling.codes[0]).pk),
            Choice(((0, 1),)),
            trackers.new(),
        )
    with time_machine.travel(AFTER, tick=True):
        end_poll(polling.poll)
    return polling


def unsealed() -> None:
    if connection.vendor == "sqlite":
        seals.remove(connection)
        return
    with connection.cursor() as cursor:
        for seal in seals.triggers("postgresql"):
            cursor.execute(f"DROP TRIGGER {seal.name} ON {seal.table}")


def test_a_sound_vote_has_no_fault(ended):
    assert [*verify_voting()] == []


@pytest.mark.parametrize("said", CHANGES)
def test_a_change_is_named(ended, said):
    unsealed()
    with connection.cursor() as cursor:
        cursor.execute(CHANGES[said])
    assert any(said in finding.sentence for finding in verify_voting())
