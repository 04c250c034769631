"""Trustees are told when they are named and when voting ends, and find each step on the desk."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doorstep.apps.organisations import strongbox
from doorstep.apps.outbox.actions import WORDS
from doorstep.apps.outbox.models import Message
from doorstep.apps.people.desk import DeskItem, Way
from doorstep.apps.people.models import Account
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.actions import count_round
from doorstep.apps.voting.actions import trustees as acts
from doorstep.apps.voting.actions.box import open_box, seal_round
from doorstep.apps.voting.sealing import new_key
from tests.apps.people.signing_in import sign_in
from tests.apps.voting.boxes import PEOPLE, World, drafted, running, vote, with_trustees
from tests.desks import desk_of, titles_on_desk_of
from tests.millbrook import ACTOR

pytestmark = pytest.mark.django_db


def told() -> list[list[str]]:
    """Subject, text and link of each message to trustees, in order."""
    kept = Message.objects.filter(topic="trustees", at_once=True).order_by("pk")
    return [json.loads(strongbox.open_sealed(one.sealed, WORDS)) for one in kept]


def name(world: World) -> None:
    named = list(zip(world.accounts, PEOPLE, strict=True))
    acts.name_trustees(world.round, named, apart=True, actor=ACTOR)


def trustee_pages(account: Account) -> list[Way]:
    return [way for way in desk_of(account).ways if way.title.startswith("Trustee of")]


def recounts(account: Account) -> list[DeskItem]:
    return [item for item in desk_of(account).items if item.title.startswith("Count")]


def waits(world: World, number: int) -> list[str]:
    return titles_on_desk_of(world.accounts[number - 1])


def test_each_is_invited_once_with_the_way_to_their_page():
    world = drafted()
    name(world)
    name(world)  # pressed twice
    messages = told()
    assert len(messages) == 3
    assert messages[0][0] == "Make your key for the vote “What comes first?”"
    assert "before 10 November 2026" in messages[0][1]
    assert messages[0][2] == "/rounds/east-2026/trustee/"


def test_the_desk_names_each_step_before_the_freeze_and_none_while_others_are_waited_for():
    world = drafted()
    name(world)
    assert waits(world, 1) == ["Make your key for “What comes first?”"]
    acts.keep_trustee_key(world.trustee(1), new_key()[1], actor=ACTOR)
    assert waits(world, 1) == []
    assert waits(world, 2) == ["Make your key for “What comes first?”"]
    for number in (2, 3):
        acts.keep_trustee_key(world.trustee(number), new_key()[1], actor=ACTOR)
    assert waits(world, 1) == ["Make the key of “What comes first?”"]
    with_trustees(world)
    assert waits(world, 1) == []
    assert [way.title for way in trustee_pages(world.accounts[0])] == [
        "Trustee of “What comes first?”"
    ]


def test_when_voting_has_ended_each_is_told_and_led_to_hand_on_and_to_open(page):
    world = running()
    before = len(told())
    assert waits(world, 1) == []
    vote(world, 0, [0])
    world.end()
    world.end()  # the clock looks again
    ended = told()[before:]
    assert [one[0] for one in ended] == ["Hand on your half of the key: “What comes first?”"] * 3
    assert waits(world, 1) == ["Hand on your half of the key of “What comes first?”"]
    copies = world.trustee(1).copies_to_peel.select_related("second")
    inner = {copy.second.number: b"x" * 178 for copy in copies}
    acts.hand_on(world.trustee(1), inner, actor=ACTOR)
    assert waits(world, 1) == []
    world.trustee(2).copies_to_peel.update(inner=b"x" * 178)
    assert waits(world, 1) == ["Open the box of “What comes first?”"]
    sign_in(page.client, world.accounts[0])
    on_desk = page.get("/desk/").links
    assert on_desk["Open the box of “What comes first?”"] == "/rounds/east-2026/trustee/"
    assert on_desk["Trustee of “What comes first?”"] == "/rounds/east-2026/trustee/"


def test_where_only_totals_are_published_the_desk_asks_to_count_again():
    world = running(publication="aggregate")
    vote(world, 0, [0])
    world.end()
    world.look(1, 2)
    opened = open_box(world.round, actor=ACTOR)
    assert recounts(world.accounts[0]) == []
    count_round(opened, actor=ACTOR)
    (item,) = recounts(world.accounts[0])
    assert item.url == "/rounds/east-2026/recount/"
    assert waits(world, 1) == [
        "Count “What comes first?” again, and sign", "Delete your key for “What comes first?”",
    ]  # fmt: skip


def test_when_the_box_is_open_each_deletes_their_key_and_the_record_says_so(page):
    world = running()
    vote(world, 0, [0])
    address = f"/rounds/{world.round.slug}/"
    counts, mine = f"{address}voting/", f"{address}trustee/"
    with pytest.raises(Refused, match="still needed"):
        acts.key_is_gone(world.trustee(1), actor=ACTOR)
    world.end()
    world.look(1, 2)
    with pytest.raises(Refused, match="still needed"):
        acts.key_is_gone(world.trustee(1), actor=ACTOR)
    assert "have deleted" not in page.get(counts).text
    before = len(told())
    opened = open_box(world.round, actor=ACTOR)
    assert [one[0] for one in told()[before:]] == ["Delete your key: “What comes first?”"] * 3
    assert "have deleted: 0 of 3" in page.get(counts).text
    for number, account in enumerate(world.accounts[:2], start=1):
        page.client.logout()
        sign_in(page.client, account)
        assert waits(world, number) == ["Delete your key for “What comes first?”"]
        assert "Delete my key from this device" in page.client.get(mine).content.decode()
        for _sent_twice in range(2):
            sent = page.client.post(f"{mine}gone/", "{}", content_type="application/json")
            assert sent.status_code == 200
        assert waits(world, number) == []
        assert "Your key is deleted" in page.client.get(mine).content.decode()
    assert Leaf.objects.filter(kind="voting.trustee_key_gone").count() == 2
    seal_round(opened, actor=ACTOR)
    assert "have deleted: 2 of 3" in page.get(counts).text
    assert trustee_pages(world.accounts[0]) == []
    assert len(trustee_pages(world.accounts[2])) == 1


def test_a_desk_costs_the_same_for_one_trusteeship_and_for_two():
    counts = []
    world = drafted()
    name(world)
    for _more in range(2):
        with CaptureQueriesContext(connection) as asked:
            desk_of(world.accounts[0])
        counts.append(len(asked))
        other = drafted_beside(world)
    assert other.round != world.round
    assert counts[0] == counts[1]


def drafted_beside(world: World) -> World:
    """A second draft of the same place, with the same three."""
    from doorstep.apps.rounds.actions import draft_round
    from doorstep.engine.count import Rule
    from tests.apps.voting.boxes import asking

    round_ = draft_round(
        f"{world.round.slug}-{world.round.place.rounds.count()}", world.round.place,
        title="And then?", budget_pence=1_000, vote_type=world.round.vote_type,
        rule=Rule(seed="x"), terms=asking(),
    )  # fmt: skip
    other = World(round_, accounts=world.accounts)
    name(other)
    return other
