"""Two trustees open the box, each alone; the ballots are taken only when both found the same."""

import pytest

from doorstep.apps.refused import Refused
from doorstep.apps.rounds.models import Round
from doorstep.apps.rounds.verify import verify_rounds
from doorstep.apps.voting.actions import trustees as acts
from doorstep.apps.voting.actions.box import open_box
from doorstep.apps.voting.models import PollState
from doorstep.engine.count import find_ballot
from tests.apps.voting.boxes import drafted, on_paper, running, vote, with_trustees
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db


def test_what_two_found_becomes_the_ballots_under_their_trackers():
    world = running()
    mine = vote(world, 0, [0])
    vote(world, 1, [1])
    last = vote(world, 1, [0, 1])
    world.end()
    world.hand_on(1)
    world.hand_on(2)
    world.look(1, 2)
    round_ = open_box(world.round, actor=ACTOR)
    assert world.poll.state == PollState.OPENED
    assert round_.box.voters == 2
    assert find_ballot(round_.box.pabulib, mine).ballot.choices == (0,)
    assert find_ballot(round_.box.pabulib, last).ballot.choices == (0, 1)
    assert list(verify_rounds()) == []
    assert open_box(world.round, actor=ACTOR).state == "closed"  # pressed twice


def test_different_ballots_are_refused_with_whom_to_ask_and_a_third_decides():
    world = running()
    vote(world, 0, [0])
    vote(world, 1, [1])
    world.end()
    false = world.found()
    false["ballots"][0]["v"] = [2]
    world.look(1)
    acts.keep_opening(world.trustee(2), false, actor=ACTOR)
    with pytest.raises(Refused, match="Ann Able and Ben Bold found different") as refusal:
        open_box(world.round, actor=ACTOR)
    assert refusal.value.code == "openings_differ"
    world.look(3)
    open_box(world.round, actor=ACTOR)


@pytest.mark.parametrize(
    "found",
    [
        None,
        [],
        {"ballots": [], "spoilt": True},
        {"ballots": [], "spoilt": -1},
        {"ballots": [{"t": 1, "v": []}], "spoilt": 1},
        {"ballots": [{"t": "a", "v": [1.5]}], "spoilt": 1},
        {"ballots": [], "spoilt": 1},
        {"ballots": [], "spoilt": 3},
    ],
)
def test_what_does_not_account_for_every_envelope_is_refused(found):
    world = running()
    vote(world, 0, [0])
    vote(world, 1, [1])
    world.end()
    with pytest.raises(Refused):
        acts.keep_opening(world.trustee(1), found, actor=ACTOR)


def test_an_envelope_that_cannot_be_read_is_counted_as_spoilt():
    world = running()
    vote(world, 0, [0])
    vote(world, 1, [1], tracker="not a tracker at all")
    world.end()
    world.look(1, 2)
    round_ = open_box(world.round, actor=ACTOR)
    assert round_.box.voters == 1


def test_the_box_stays_shut_while_voting_is_open():
    world = running()
    vote(world, 0, [0])
    for early in (
        lambda: world.hand_on(1),
        lambda: world.look(1),
        lambda: open_box(world.round, actor=ACTOR),
    ):
        with pytest.raises(Refused, match="until voting has ended"):
            early()


def test_one_trustee_alone_opens_nothing():
    world = running()
    vote(world, 0, [0])
    world.end()
    world.look(1)
    with pytest.raises(Refused, match="Two trustees must"):
        open_box(world.round, actor=ACTOR)


def test_a_vote_replaced_on_paper_after_the_box_was_opened_asks_to_open_it_again():
    world = running()
    vote(world, 0, [0])
    vote(world, 1, [0])
    world.end()
    world.look(1, 2)
    on_paper(world, 1)
    with pytest.raises(Refused, match="Open the box again"):
        open_box(world.round, actor=ACTOR)


def test_three_different_people_of_different_households():
    world = drafted()
    ann, ben, cat = world.accounts
    for people, apart, code in (
        ([(ann, "A"), (ben, "B")], True, "three_trustees"),
        ([(ann, "A"), (ann, "A again"), (cat, "C")], True, "three_trustees"),
        ([(ann, "A"), (ben, "B"), (cat, "C")], False, "trustees_apart"),
    ):
        with pytest.raises(Refused) as refusal:
            acts.name_trustees(world.round, people, apart=apart, actor=ACTOR)
        assert refusal.value.code == code


def test_a_new_key_of_a_trustee_undoes_the_rounds_key():
    world = with_trustees(drafted())
    assert world.round.key
    acts.keep_trustee_key(world.trustee(2), acts.new_key()[1], actor=ACTOR)
    assert not hasattr(Round.objects.get(pk=world.round.pk), "key")
    assert not world.trustee(1).tried


def test_a_key_that_is_no_point_of_the_curve_is_refused():
    world = with_trustees(drafted())
    for bad in (b"", bytes(65), b"\x04" + bytes(64), b"\x04" * 65):
        with pytest.raises(Refused, match="did not reach us whole"):
            acts.keep_trustee_key(world.trustee(2), bad, actor=ACTOR)


def test_copies_for_other_pairs_or_of_other_length_are_refused():
    world = with_trustees(drafted())
    whole = {(1, 2): bytes(259), (2, 1): bytes(259), (1, 3): bytes(259)} | {
        (3, 1): bytes(259), (2, 3): bytes(259), (3, 2): bytes(259)
    }  # fmt: skip
    public = acts.new_key()[1]
    for copies in ({}, whole | {(1, 2): bytes(258)}, whole | {(1, 1): bytes(259)}):
        with pytest.raises(Refused, match="did not reach us whole"):
            acts.keep_round_key(world.trustee(1), public, copies, actor=ACTOR)
