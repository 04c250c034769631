"""From any pound promised a reader walks to the decision that promised it, and back."""

import json

import pytest

from doorstep.apps.awards.actions import make_award, settle_round
from doorstep.apps.awards.models import Award
from doorstep.apps.ledger.queries import balances, place_money
from doorstep.apps.record.actions import keep_words, write_leaf
from doorstep.apps.refused import Refused
from doorstep.apps.rounds.actions import count_round
from doorstep.apps.rounds.models import Round
from doorstep.site.operations import close_and_settle
from tests.millbrook import ACTOR, DAY, closed, give_example_budget, place_with_money

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return place_with_money()


def settled(place, slug: str = "round-one", **more: object) -> list[Award]:
    return settle_round(count_round(closed(place, slug, **more), actor=ACTOR), on=DAY, actor=ACTOR)


def test_every_winner_becomes_an_award_and_nothing_else_does(place):
    awards = settled(place)
    assert [(award.project.code, award.pence) for award in awards] == [
        ("kitchen", 180_000),
        ("bench", 50_000),
    ]
    assert Award.objects.count() == 2


def test_the_award_its_leaf_and_its_entry_say_the_same(place):
    award = settled(place)[0]
    body = json.loads(bytes(award.made.body))
    assert award.decision.kind == "round.counted"
    assert (body["decision"], body["pence"], body["award"]) == (
        award.decision.idx,
        180_000,
        "round-one-1",
    )
    assert balances(["place:millbrook-east:committed:round-one-1"]) == {
        "place:millbrook-east:committed:round-one-1": 180_000
    }


def test_what_is_not_needed_goes_back_to_the_place(place):
    settled(place)
    money = place_money("millbrook-east")
    assert (money.came_in, money.promised, money.left) == (1_000_000, 230_000, 770_000)
    assert balances(["place:millbrook-east:round:round-one"]) == {
        "place:millbrook-east:round:round-one": 0
    }


def test_a_round_is_settled_once(place):
    settled(place)
    with pytest.raises(Refused, match="it is finished"):
        settle_round(Round.objects.get(slug="round-one"), on=DAY, actor=ACTOR)
    assert Award.objects.count() == 2


def test_a_count_that_was_interrupted_before_the_awards_goes_on_from_there(place):
    round_ = count_round(closed(place), actor=ACTOR)
    assert close_and_settle(Round.objects.get(pk=round_.pk), actor=ACTOR).state == "settled"
    assert Award.objects.count() == 2


def test_an_example_election_commits_example_money_only(place):
    give_example_budget(place, 300_000)
    award = settled(place, "example-one", is_example=True)[0]
    assert award.is_example
    assert award.commitment.transfers.get().credit.code == (
        "example:millbrook-east:committed:example-one-1"
    )
    assert place_money("millbrook-east").left == 1_000_000


@pytest.mark.parametrize("kind", ["plan.line_endorsed", "meeting.decided", "delegated.decided"])
def test_any_kind_of_decision_can_make_an_award(place, kind):
    decision = write_leaf(kind, {"place": place.slug})
    award = make_award(
        "a-worker", place, title=keep_words("A paid worker"), pence=400_000, decision=decision,
        from_account="place:millbrook-east:available", on=DAY, actor=ACTOR,
    )  # fmt: skip
    assert (award.project, award.decision) == (None, decision)


def test_more_than_is_there_is_never_promised(place):
    decision = write_leaf("meeting.decided", {"place": place.slug})
    with pytest.raises(Refused, match="only £10,000 is left"):
        make_award(
            "too-much", place, title=keep_words("A bridge"), pence=1_000_001, decision=decision,
            from_account="place:millbrook-east:available", on=DAY, actor=ACTOR,
        )  # fmt: skip
    assert not Award.objects.exists()
