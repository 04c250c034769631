"""`doorstep verify` names a trustee, a key, a copy of it or an opened box that was changed."""

import pytest
from django.db import connection

from doorstep.apps.people.actions import open_account
from doorstep.apps.rounds.actions import count_round
from doorstep.apps.rounds.verify import verify_rounds
from doorstep.apps.voting.actions import trustees as acts
from doorstep.apps.voting.actions.box import open_box, seal_round
from doorstep.apps.voting.verify_trustees import verify_trustees
from tests.apps.record.losing import take_protections_away
from tests.apps.voting.boxes import drafted, running, vote, with_trustees
from tests.apps.voting.test_totals_stand_on_a_recount_by_two import at_home, sign
from tests.millbrook import ACTOR

ONE, TWO, THREE = (f"(SELECT id FROM voting_trustee WHERE number = {each})" for each in (1, 2, 3))
OTHER_LEAF = "(SELECT min(id) FROM record_leaf)"
OTHER_WORDS = "(SELECT min(id) FROM record_wording)"
OTHER_PERSON = "(SELECT max(id) FROM people_account)"
FIRST_KEY = "(SELECT public_key FROM voting_trustee WHERE number = 1)"
OF_ONE_TO_THREE = f"first_id = {ONE} AND second_id = {THREE}"
OF_TWO_TO_THREE = f"first_id = {TWO} AND second_id = {THREE}"
A_COPY = f"FROM voting_keycopy WHERE {OF_ONE_TO_THREE}"
A_SIGNER = "(SELECT min(signer_id) FROM rounds_recount)"

# What verify says, by what was changed. Missed by it once: ./doorstep torture rows --seed 5.
CHANGES = {
    "voting_opening SET ballots = ballots + 1": "found in the box is not",
    "voting_opening SET spoilt = -1": "found in the box is not",
    "voting_opening SET sha256 = 'x'": "found in the box is not",
    f"voting_opening SET trustee_id = {THREE} WHERE trustee_id = {TWO}": "found in the box is not",
    f"voting_opening SET trustee_id = 77 WHERE trustee_id = {TWO}": "found in the box is not",
    f"voting_opening SET packed = (SELECT sealed {A_COPY})": "found were changed",
    f"voting_keygone SET trustee_id = {TWO}": "whether the key of trustee 3 is gone",
    "voting_keygone SET trustee_id = 77": "whether the key of trustee 3 is gone",
    f"voting_keygone SET leaf_id = {OTHER_LEAF}": "whether the key of trustee 3 is gone",
    f"voting_keycopy SET first_id = {THREE} WHERE {OF_ONE_TO_THREE}": "the copies of its key",
    f"voting_keycopy SET second_id = {TWO} WHERE {OF_TWO_TO_THREE}": "the copies of its key",
    f"voting_keycopy SET second_id = 77 WHERE {OF_TWO_TO_THREE}": "the copies of its key",
    f"voting_keycopy SET sealed = (SELECT sealed {A_COPY})": "the copies of its key",
    'voting_keycopy SET "inner" = NULL': "to whom trustee 1 handed on",
    f'voting_keycopy SET "inner" = (SELECT "inner" {A_COPY})': "to whom trustee 2 handed on",
    f'voting_keycopy SET "inner" = sealed WHERE {OF_ONE_TO_THREE}': "what trustee 1 handed on",
    f'voting_keycopy SET "inner" = (SELECT "inner" {A_COPY}) WHERE first_id = {ONE}': "what trust",
    f"voting_roundkey SET made_by_id = {TWO}": "not made by whom",
    "voting_roundkey SET made_by_id = NULL": "not made by whom",
    "voting_roundkey SET made_by_id = 77": "not made by whom",
    f"voting_roundkey SET public_key = {FIRST_KEY}": "the key of its box is not the one",
    "voting_roundkey SET round_id = 77": "the key of its box is gone",
    "voting_trustee SET tried = false": "trustee 2 had not tried their key",
    f"voting_trustee SET account_id = {OTHER_PERSON} WHERE number = 3": "not the person who gave",
    "voting_trustee SET account_id = 7777 WHERE number = 3": "not as many people",
    "voting_trustee SET number = 7 WHERE number = 2": "not the ones that the record names",
    f"voting_trustee SET name_id = {OTHER_WORDS} WHERE number = 3": "not the ones that the record",
    "voting_trustee SET round_id = 77 WHERE number = 3": "not the ones that the record names",
    f"voting_trustee SET public_key = {FIRST_KEY}": "key of trustee 3 is not the one in",
    f"rounds_recount SET signer_id = 7777 WHERE signer_id = {A_SIGNER}": "signed by another",
    "rounds_recount SET name_id = NULL": "signed by another",
    "rounds_recount SET name_id = (SELECT max(name_id) FROM rounds_recount)": "signed by another",
}


@pytest.fixture
def recounted(committed_db):
    """Two handed on and looked into the box, the third's key is gone, two signed a recount."""
    world = running(publication="aggregate")
    for voter, idea in enumerate((0, 0, 1)):
        vote(world, voter, [idea])
    world.end()
    world.hand_on(1)
    world.look(1, 2)
    world.round = count_round(open_box(world.round, actor=ACTOR), actor=ACTOR)
    acts.key_is_gone(world.trustee(3), actor=ACTOR)
    outcome = at_home(world)
    for number in (1, 2):
        sign(world, number, outcome)
    open_account("zoe@example.org", actor=ACTOR)
    return world


def test_trustees_who_did_their_part_have_no_fault(recounted):
    assert [*verify_trustees(), *verify_rounds()] == []
    seal_round(recounted.round, actor=ACTOR)
    assert [*verify_trustees(), *verify_rounds()] == []


def test_trustees_named_anew_have_no_fault_with_keys_or_without(db):
    world = with_trustees(drafted())
    assert [*verify_trustees()] == []
    acts.keep_trustee_key(
        world.trustee(2), bytes(world.trustee(1).public_key), actor=ACTOR
    )  # another device: the round's key is to be made again
    assert [*verify_trustees()] == []
    with_trustees(world)
    assert [*verify_trustees()] == []


def test_a_box_that_was_emptied_still_held_ballots(recounted):
    take_protections_away()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rounds_ballotbox SET form = 'ballotm'")
    assert [one.sentence for one in verify_rounds()] == [
        "its box holds ballots and the record says totals, or the other way round."
    ]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_to_a_trustee_is_named(recounted, change):
    take_protections_away()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {change}")
        assert cursor.rowcount
    assert any(CHANGES[change] in finding.sentence for finding in verify_trustees())
