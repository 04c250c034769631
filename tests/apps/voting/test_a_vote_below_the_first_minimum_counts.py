"""Where an idea went during voting, fewer than the minimum may be left. Whoever chose all that was
left has voted, online and on paper, and their vote is counted."""

import pytest
import time_machine

from doorstep.apps.rounds.actions import withdraw_project
from doorstep.apps.rounds.models import Project
from doorstep.apps.voting.actions.box import open_box
from doorstep.apps.voting.actions.paper import count_stack
from tests.apps.voting.boxes import DURING, on_paper, running, vote
from tests.apps.voting.test_every_paper_is_keyed_twice import key, printed
from tests.millbrook import ACTOR, IDEAS

pytestmark = pytest.mark.django_db


def test_two_of_three_count_online_and_on_paper_when_the_third_was_withdrawn():
    assert len(IDEAS) == 3
    world = running(minimum_choices=3, encouraged_choices=3)
    before = vote(world, 0, [0, 1, 2])
    gone = Project.objects.filter(round=world.round).order_by("pk").last()
    with time_machine.travel(DURING):
        withdraw_project(gone, reason="The land was sold.", actor=ACTOR)
    after = vote(world, 1, [0, 1])
    stack = printed(world)
    on_paper(world, 2)
    world.end()
    for keyer in (0, 1):
        key(world, stack, 1, "1 2", keyer)
        count_stack(stack.stack, 1, counter=world.accounts[keyer], actor=ACTOR)
    world.look(1, 2)
    round_ = open_box(world.round, actor=ACTOR)
    rows = round_.box.pabulib.decode().split("VOTES\n")[1]
    assert round_.box.voters == 3
    for tracker in (before, after, stack.trackers[0]):
        assert f"{tracker};" in rows
