"""A freeze refuses with everything that is missing, then fixes what a live round asks, and how."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from doorstep.apps.record.verify import body_of
from doorstep.apps.refused import Refused
from doorstep.apps.rounds import freezing
from doorstep.apps.rounds.actions import (
    delete_draft,
    draft_round,
    freeze_round,
    rehearse_freeze,
    set_terms,
)
from doorstep.apps.rounds.freezing import Missing
from doorstep.apps.rounds.models import Round, RoundSize, Secrecy, Terms, VoteType
from doorstep.apps.rounds.queries import fingerprint
from doorstep.apps.rounds.rules import window
from doorstep.apps.rounds.verify import verify_rounds
from doorstep.engine.count import Rule
from doorstep.engine.seal.canonical import canonical
from tests.apps.rounds.live import asking, live, live_draft, newest, one_room, today
from tests.millbrook import ACTOR, DAY, frozen, place_with_money

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return place_with_money()


@pytest.fixture
def registries(monkeypatch):
    """Registries of this test alone, empty."""
    for name in ("_checks", "_cancel_checks", "_parts", "_fills"):
        monkeypatch.setattr(freezing, name, type(getattr(freezing, name))())
    return freezing


def test_a_round_without_terms_keeps_the_bytes_it_always_had(place, registries):
    registries.frozen_with(lambda _round: {"codes": 12})
    round_ = frozen(place)
    asked = {
        "round": "round-one",
        "place": "millbrook-east",
        "budget_pence": 300_000,
        "vote_type": "approval",
        "rule": Rule(seed="round-one").as_dict(),
    }
    ideas = [
        {"id": one.code, "cost_pence": one.cost_pence, "name": one.name.commitment}
        for one in round_.projects.order_by("pk")
    ]
    assert fingerprint(round_) == b"\n".join(canonical(line) for line in [asked, *ideas])


def test_terms_and_the_parts_of_other_rooms_are_in_the_fingerprint(place, registries):
    registries.frozen_with(lambda _round: {"codes": {"desk": 40}})
    registries.frozen_with(lambda _round: {})
    round_ = live(place)
    first = json.loads(fingerprint(round_).split(b"\n")[0])
    assert first["terms"]["size"] == "street"
    assert first["terms"]["grounds"] == ["lives"]
    assert first["terms"]["opens_at"].endswith("Z")
    assert first["also"] == {"codes": {"desk": 40}}
    said = body_of(round_.frozen)["fingerprint"]
    assert said == hashlib.sha256(fingerprint(round_)).hexdigest()


def test_two_rooms_cannot_freeze_the_same_name(place, registries):
    registries.frozen_with(lambda _round: {"codes": 1})
    registries.frozen_with(lambda _round: {"codes": 2})
    with pytest.raises(ValueError, match="two rooms freeze codes"):
        live(place)


def test_the_lot_is_the_last_link_of_the_record_before_the_freeze(place, registries):
    round_ = live(place, rule=Rule(seed="mine"))
    assert round_.rule["seed"] == bytes(round_.frozen.prev_chain).hex()
    assert list(verify_rounds()) == []


def test_ideas_are_put_on_the_ballot_by_the_freeze_itself(place, registries):
    from doorstep.apps.rounds.actions import add_projects

    registries.fills_ballot(lambda one, _actor: add_projects(one, [("late", "A late one", 500)]))
    round_ = live(place)
    assert "late" in round_.projects.values_list("code", flat=True)
    assert b'"late"' in fingerprint(round_)


def test_a_freeze_says_everything_that_is_missing_and_where_to_put_it_right(place, registries):
    registries.before_freeze(lambda _one: [Missing("Three ideas have no answer.", "/ideas/")])
    registries.before_freeze(lambda _one: ["There are no trustees."], only_for_a_vote=True)
    later = today() + timedelta(days=3)
    draft = live_draft(
        place,
        budget=2_000_000,
        terms=asking(
            ideas_until=later, checked_by=later, opens_at=timezone.now() + timedelta(days=9),
            closes_at=timezone.now() + timedelta(days=10),
        ),
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        freeze_round(draft, on=today(), actor=ACTOR)
    for said in ("has £10,000 free", "may propose ideas until", "no answer", "no trustees"):
        assert said in refusal.value.reason
    found = rehearse_freeze(draft, on=today(), actor=ACTOR)
    assert [one.link for one in found.missing] == [
        "/rounds/live/edit/", "/rounds/live/edit/", "/ideas/", "",
    ]  # fmt: skip
    assert "There are no trustees." not in found.missing_without_vote
    assert found.everything_fits


def test_a_rehearsal_leaves_no_trace(place, registries):
    from doorstep.apps.record.models import Leaf
    from doorstep.apps.rounds.actions import add_projects

    registries.fills_ballot(lambda one, _actor: add_projects(one, [("late", "A late one", 500)]))
    draft = live_draft(place)
    leaves = Leaf.objects.count()
    found = rehearse_freeze(draft, on=today(), actor=ACTOR)
    assert ("A late one", 500) in found.ideas
    assert draft.projects.count() == 3
    assert Leaf.objects.count() == leaves
    assert not Round.objects.get(pk=draft.pk).without_vote


def test_voting_that_would_have_opened_already_is_not_frozen(place, registries):
    past = timezone.now() - timedelta(minutes=1)
    draft = live_draft(place, terms=asking(opens_at=past, checked_by=today() - timedelta(days=1),
                                           ideas_until=today() - timedelta(days=2)))  # fmt: skip
    with pytest.raises(Refused, match="opened already"):
        freeze_round(draft, on=today(), actor=ACTOR)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"size": "city"}, "Choose a size"),
        ({"ideas_until": DAY - timedelta(days=900)}, "cannot end before"),
        ({"checked_by": DAY - timedelta(days=900)}, "after they came in"),
        ({"opens_at": timezone.now() - timedelta(days=90)}, "or later"),
        ({"closes_at": timezone.now() - timedelta(days=90)}, "must end after"),
        ({"grounds": ()}, "at least one reason"),
        ({"grounds": ("owns",)}, "at least one reason"),
        ({"minimum_age": 121}, "from 0 to 120"),
        ({"minimum_choices": 0}, "at least one choice"),
        ({"encouraged_choices": 1, "minimum_choices": 2}, "below the least"),
        ({"maximum_choices": 2}, "no maximum"),
        ({"points": 10}, "sharing points only"),
        ({"expected_voters": 0}, "from 1 to"),
        ({"languages": ("fr",)}, "at least one language"),
        ({"publication": "some"}, "is published"),
        ({"secrecy": "nobody"}, "opens the box"),
        ({"secrecy": Secrecy.ROOM}, "opens the box"),
        ({"secrecy": Secrecy.HOUSE}, "Say in public why"),
        (
            {"secrecy": "house", "secrecy_reason": "x", "size": "whole_place"},
            "needs three trustees",
        ),
    ],
)
def test_terms_that_do_not_fit_are_refused_with_what_to_do(place, changed, why):
    draft = live_draft(place)
    before = Terms.objects.get(pk=draft.pk)
    with pytest.raises(Refused, match=why):
        set_terms(draft, asking(**changed))
    assert Terms.objects.get(pk=draft.pk).expected_voters == before.expected_voters


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"budget": 200_001}, "up to £2,000"),
        ({"vote_type": VoteType.ORDINAL}, "choose the ideas"),
        ({"rule": Rule()}, "most votes"),
        ({"terms": one_room(publication="whole")}, "only totals"),
        ({"terms": one_room(secrecy="trustees")}, "no sealed ballots"),
    ],
)
def test_one_room_is_for_small_pots_and_totals(place, more, why):
    settings = {"budget": 200_000, "rule": Rule(name="greedy"), "terms": one_room()}
    with pytest.raises(Refused, match=why):
        live_draft(place, **settings | more)


def test_points_need_their_number(place):
    with pytest.raises(Refused, match="how many points"):
        live_draft(place, vote_type=VoteType.CUMULATIVE)
    round_ = live_draft(place, vote_type=VoteType.CUMULATIVE, terms=asking(points=10))
    assert round_.terms.points == 10


def test_the_reason_for_giving_up_trustees_stands_in_the_fingerprint(place, registries):
    round_ = live(place, terms=asking(secrecy=Secrecy.HOUSE, secrecy_reason="Too few of us."))
    first = json.loads(fingerprint(round_).split(b"\n")[0])
    assert first["terms"]["secrecy_reason"] == round_.terms.secrecy_reason.commitment


def test_frozen_terms_are_refused_by_the_action_too(place, registries):
    round_ = live(place)
    with pytest.raises(Refused, match="frozen"):
        set_terms(round_, asking(minimum_age=99))


def test_a_draft_is_deleted_and_a_frozen_round_is_not(place, registries):
    draft = live_draft(place)
    delete_draft(draft)
    assert not Round.objects.filter(slug="live").exists()
    with pytest.raises(Refused, match="frozen"):
        delete_draft(live(place, "kept"))


def test_voting_is_open_from_its_first_moment_until_before_its_last():
    now = timezone.now()
    terms = asking(opens_at=now, closes_at=now + timedelta(hours=1))
    assert window(terms, now - timedelta(microseconds=1)) == "before"
    assert window(terms, now) == "open"
    assert window(terms, now + timedelta(hours=1)) == "over"


def test_verify_sees_terms_that_were_changed_behind_its_back(place, registries, monkeypatch):
    round_ = live(place)
    changed = Terms.objects.get(pk=round_.pk)
    changed.minimum_age = 99
    monkeypatch.setattr(freezing, "terms_of", lambda _round: changed)
    assert [one.sentence for one in verify_rounds()] == ["what it asks is not what was frozen."]


def test_verify_sees_a_lot_that_somebody_chose(place, registries, monkeypatch):
    monkeypatch.setattr("doorstep.apps.rounds.actions.fixing.lock_head", lambda: (0, b"\x07" * 32))
    live(place)
    assert [one.sentence for one in verify_rounds()] == [
        "the seed of its lot is not the last link of the record before it was frozen."
    ]


def test_freezing_one_size_larger_needs_no_room(place, registries):
    round_ = live(place, terms=asking(size=RoundSize.WHOLE_PLACE))
    assert body_of(newest("round.frozen"))["round"] == round_.slug


def test_a_draft_without_terms_can_be_frozen_as_before(place):
    round_ = draft_round(
        "bare", place, title="?", budget_pence=5, vote_type=VoteType.APPROVAL, rule=Rule()
    )
    assert freezing.terms_of(round_) is None
    assert freezing.missing(round_) == []
