"""However many press the button at once, one count runs, one result stands, one set of awards."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from doorstep.apps.awards.models import Award
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.apps.rounds import ballots
from doorstep.apps.rounds.actions import CLAIM_HOLDS, count_round
from doorstep.apps.rounds.models import Counting, Round
from doorstep.site.operations import close_and_settle
from tests.millbrook import ACTOR, closed, place_with_money


@pytest.mark.django_db
def test_a_second_count_is_refused_while_the_first_runs():
    round_ = closed(place_with_money())
    Counting.objects.create(round=round_, since=timezone.now())
    with pytest.raises(Refused, match="being counted now"):
        count_round(round_, actor=ACTOR)


@pytest.mark.django_db
def test_a_claim_whose_process_died_ends_by_itself():
    round_ = closed(place_with_money())
    Counting.objects.create(round=round_, since=timezone.now() - CLAIM_HOLDS - timedelta(seconds=1))
    assert count_round(round_, actor=ACTOR).state == "counted"


@pytest.mark.django_db
def test_a_count_that_fails_gives_its_claim_back(monkeypatch):
    round_ = closed(place_with_money())
    monkeypatch.setattr(ballots, "recount", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        count_round(round_, actor=ACTOR)
    assert not Counting.objects.exists()


def test_eight_at_once_make_one_result(committed_db):
    round_ = closed(place_with_money())

    def press(_number: int) -> str:
        try:
            return close_and_settle(Round.objects.get(pk=round_.pk), actor=ACTOR).state
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(press, range(8)))
    assert "settled" in answers
    assert set(answers) <= {
        "settled", "being_counted", "round_is_counted", "round_is_settled"
    }, answers  # fmt: skip
    assert Round.objects.get(pk=round_.pk).state == "settled"
    assert Award.objects.count() == 2
    kinds = list(Leaf.objects.values_list("kind", flat=True))
    assert (kinds.count("round.counted"), kinds.count("round.settled")) == (1, 1)
