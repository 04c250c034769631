"""A frozen round is called off before its count; an idea is taken off it; or nobody need vote."""

import pytest

from doorstep.apps.awards.actions import settle_round
from doorstep.apps.awards.models import Award
from doorstep.apps.awards.verify import verify_awards
from doorstep.apps.ledger.queries import balances
from doorstep.apps.record.models import Leaf
from doorstep.apps.record.sentences import sentence
from doorstep.apps.record.verify import body_of
from doorstep.apps.refused import Refused
from doorstep.apps.rounds import freezing
from doorstep.apps.rounds.actions import (
    cancel_round,
    close_round,
    count_round,
    decide_without_vote,
    withdraw_project,
)
from doorstep.apps.rounds.models import Round, Withdrawal
from doorstep.apps.rounds.queries import withdrawn
from doorstep.apps.rounds.verify import verify_rounds
from doorstep.engine.count import Rule, count, read_pabulib
from tests.apps.rounds.live import live, live_draft, newest, today
from tests.millbrook import ACTOR, ballots, closed, frozen, place_with_money

pytestmark = pytest.mark.django_db
FREE = "place:millbrook-east:available"


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No other room asks anything of a freeze here."""
    for name in ("_checks", "_cancel_checks", "_parts", "_fills"):
        monkeypatch.setattr(freezing, name, type(getattr(freezing, name))())


@pytest.fixture
def place():
    return place_with_money()


def project(round_: Round, code: str):
    return round_.projects.get(code=code)


def test_calling_off_gives_the_pot_back_and_says_why(place):
    round_ = cancel_round(live(place), reason="The hall burnt down.", on=today(), actor=ACTOR)
    assert round_.state == "cancelled"
    assert balances([FREE]) == {FREE: 1_000_000}
    leaf = newest("round.cancelled")
    told = sentence(leaf.kind, body_of(leaf), lambda _c: "The hall burnt down.")
    assert told == "Round live was called off; £3,000 is free again. Reason: The hall burnt down."
    assert b"burnt" not in bytes(leaf.body)
    assert list(verify_rounds()) == []


def test_a_called_off_round_moves_no_further(place):
    round_ = cancel_round(live(place), reason="Rain.", on=today(), actor=ACTOR)
    for step in (
        lambda: close_round(round_, ballots(), actor=ACTOR),
        lambda: cancel_round(round_, reason="Again.", on=today(), actor=ACTOR),
        lambda: withdraw_project(project(round_, "bus"), reason="No.", actor=ACTOR),
    ):
        with pytest.raises(Refused, match="cancelled"):
            step()
    assert balances([FREE]) == {FREE: 1_000_000}


def test_a_round_whose_ballots_are_public_is_not_called_off(place):
    with pytest.raises(Refused, match="closed"):
        cancel_round(closed(place), reason="We do not like it.", on=today(), actor=ACTOR)


def test_another_room_can_forbid_it(place):
    freezing.before_cancel(lambda _round: ["The box was opened already."])
    with pytest.raises(Refused, match="opened already"):
        cancel_round(live(place), reason="Rain.", on=today(), actor=ACTOR)


@pytest.mark.parametrize("reason", ["", "   \n"])
def test_no_reason_no_calling_off(place, reason):
    round_ = live(place)
    with pytest.raises(Refused, match="Say why"):
        cancel_round(round_, reason=reason, on=today(), actor=ACTOR)
    with pytest.raises(Refused, match="Say why"):
        withdraw_project(project(round_, "bus"), reason=reason, actor=ACTOR)


def test_verify_sees_another_reason_for_calling_off(place, monkeypatch):
    from doorstep.apps.record.actions import keep_words

    round_ = cancel_round(live(place), reason="Rain.", on=today(), actor=ACTOR)
    other = keep_words("Sun.")
    round_.cancel_reason = other
    monkeypatch.setattr(
        "doorstep.apps.rounds.verify.public_rounds", lambda: _Only(round_, Round.objects.all())
    )
    found = [one.sentence for one in verify_rounds()]
    assert "the reason for which it was called off is not the one in the record." in found


class _Only:
    """A queryset that gives one row, as it stands in memory."""

    def __init__(self, row, rows):
        self.row = row

    def select_related(self, *_names):
        return self

    def order_by(self, *_names):
        return [self.row]

    def __iter__(self):
        return iter([self.row])


def test_an_idea_taken_off_is_not_funded_and_its_ballots_stay(place):
    round_ = live(place, rule=Rule(name="greedy"))
    withdraw_project(project(round_, "kitchen"), reason="The landlord said no.", actor=ACTOR)
    counted = count_round(close_round(round_, ballots(), actor=ACTOR), actor=ACTOR)
    outcome = counted.result.as_json
    assert outcome["winners"] == ["bench"]
    kitchen = next(one for one in outcome["projects"] if one["id"] == "kitchen")
    assert (kitchen["votes"], kitchen["reason"]["code"]) == (9, "withdrawn")
    assert list(verify_rounds()) == []


@pytest.mark.parametrize("rule", ["equal-shares", "greedy", "phragmen"])
def test_the_published_file_alone_gives_the_same_result(place, rule):
    round_ = live(place, rule=Rule(name=rule))
    withdraw_project(project(round_, "kitchen"), reason="No.", actor=ACTOR)
    closed_ = close_round(round_, ballots(), actor=ACTOR)
    again = count(read_pabulib(closed_.box.pabulib, name="x.pb"), Rule.from_dict(closed_.rule))
    assert "kitchen" not in again.winners
    assert again.verdict("kitchen").votes == 9


def test_taken_off_twice_is_once(place):
    round_ = live(place)
    first = withdraw_project(project(round_, "bus"), reason="No.", actor=ACTOR)
    second = withdraw_project(project(round_, "bus"), reason="Still no.", actor=ACTOR)
    assert first == second
    assert Leaf.objects.filter(kind="round.project_withdrawn").count() == 1


def test_the_last_idea_is_not_taken_off(place):
    round_ = live(place)
    withdraw_project(project(round_, "bus"), reason="No.", actor=ACTOR)
    withdraw_project(project(round_, "bench"), reason="No.", actor=ACTOR)
    with pytest.raises(Refused, match="last idea"):
        withdraw_project(project(round_, "kitchen"), reason="No.", actor=ACTOR)


def test_verify_sees_a_withdrawal_that_the_record_does_not_know(place, monkeypatch):
    round_ = live(place)
    withdraw_project(project(round_, "bus"), reason="No.", actor=ACTOR)
    close_round(round_, ballots(), actor=ACTOR)
    monkeypatch.setattr(
        "doorstep.apps.rounds.verify.Withdrawal",
        type("None_", (), {"objects": Withdrawal.objects.none()}),
    )
    assert [one.sentence for one in verify_rounds()] == [
        "its rows and the record disagree about taking off idea bus."
    ]


def test_verify_sees_ballots_that_forget_a_withdrawal(place, monkeypatch):
    round_ = live(place)
    withdraw_project(project(round_, "bus"), reason="No.", actor=ACTOR)
    with monkeypatch.context() as blind:
        blind.setattr("doorstep.apps.rounds.ballots.withdrawn", lambda _round: {})
        round_ = close_round(round_, ballots(), actor=ACTOR)
    count_round(round_, actor=ACTOR)
    assert set(withdrawn(round_)) == {"bus"}
    assert "its ballots and its rows disagree about which ideas were taken off." in [
        one.sentence for one in verify_rounds()
    ]


def test_when_everything_fits_nobody_votes_and_every_idea_has_its_award(place):
    draft = live_draft(place, budget=1_000_000 + 130_000 - 130_000)
    with pytest.raises(Refused, match="must choose"):
        decide_without_vote(draft, on=today(), actor=ACTOR)
    rich = place_with_money(2_000_000, "millbrook-west")
    round_ = decide_without_vote(live_draft(rich, "all", budget=1_200_000), on=today(), actor=ACTOR)
    assert round_.state == "counted"
    assert round_.closed is None
    settle_round(round_, on=today(), actor=ACTOR)
    assert Award.objects.filter(project__round=round_).count() == 3
    assert balances(["place:millbrook-west:available"]) == {
        "place:millbrook-west:available": 2_000_000 - 1_130_000
    }
    outcome = Round.objects.get(pk=round_.pk).result.as_json
    assert outcome["winners"] == ["kitchen", "bench", "bus"]
    assert {one["votes"] for one in outcome["projects"]} == {0}
    assert "no vote was needed" in outcome["projects"][0]["reason"]["text"]
    assert list(verify_rounds()) == []
    assert list(verify_awards()) == []
    leaf = newest("round.decided")
    assert "no vote was needed" in sentence(leaf.kind, body_of(leaf), str)


def test_deciding_without_a_vote_needs_no_trustees(place):
    freezing.before_freeze(lambda _one: ["No trustees."], only_for_a_vote=True)
    rich = place_with_money(2_000_000, "millbrook-west")
    round_ = live_draft(rich, "all", budget=1_200_000)
    with pytest.raises(Refused, match="No trustees"):
        live(rich, "other", budget=500_000)
    assert decide_without_vote(round_, on=today(), actor=ACTOR).without_vote


def test_an_example_is_never_decided_without_its_ballots(place):
    from tests.millbrook import drafted

    with pytest.raises(Refused, match="by its ballots"):
        decide_without_vote(drafted(place), on=today(), actor=ACTOR)


def test_verify_counts_the_ideas_of_a_round_without_a_vote(place, monkeypatch):
    rich = place_with_money(2_000_000, "millbrook-west")
    decide_without_vote(live_draft(rich, "all", budget=1_200_000), on=today(), actor=ACTOR)
    monkeypatch.setattr("doorstep.apps.rounds.verify.everything_fits", lambda _round: "{}")
    assert [one.sentence for one in verify_rounds()] == [
        "its result is not that every idea on its ballot is funded."
    ]


def test_a_frozen_example_can_be_called_off_as_well(place):
    round_ = cancel_round(frozen(place), reason="Wrong file.", on=today(), actor=ACTOR)
    assert list(verify_rounds()) == []
    assert round_.neighbour_word == "called off before anything was counted"
