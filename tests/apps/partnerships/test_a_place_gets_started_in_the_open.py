"""An interim group has no list of members; it listens, agrees on start-up money by the pence, and
ends with a vision."""

from datetime import date, datetime

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from doorstep.apps.awards.actions.from_plan import award_from_start
from doorstep.apps.awards.verify_payments import verify_payments
from doorstep.apps.partnerships.actions.starting import (
    agree_start_money,
    end_start,
    listen,
    open_start,
)
from doorstep.apps.partnerships.models import Start, StartMoney
from doorstep.apps.people.actions import give_role, open_account
from doorstep.apps.record.actors import Actor
from doorstep.apps.refused import Refused
from tests.apps.partnerships.meeting import LONDON
from tests.apps.people.signing_in import sign_in
from tests.millbrook import place_with_money

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 18)
WHO = {"on": JUNE, "actor": Actor("worker", 7)}


@pytest.fixture(autouse=True)
def in_june():
    with time_machine.travel(datetime(2026, 6, 18, 12, tzinfo=LONDON), tick=False):
        yield


@pytest.fixture
def start() -> Start:
    return open_start(place_with_money(5_000_000), "Thursdays at seven, in the hall.", **WHO)


def agreed(start: Start, pence: int, yes: int = 9, no: int = 1, **more) -> StartMoney:
    given = {"kind": "childcare", "title": "Childcare at open meetings", **more}
    return agree_start_money(start, pence=pence, in_favour=yes, against=no, **given, **WHO)


def test_start_up_money_over_the_rule_is_refused_by_the_pence(start):
    assert start.money_pence == 2_000_000
    agreed(start, 1_500_000)
    with pytest.raises(Refused, match=r"£5,000\.01 more is £0\.01 too much") as no:
        agreed(start, 500_001)
    assert no.value.code == "over_the_start"
    agreed(start, 500_000)


def test_it_is_agreed_by_enough_people_and_more_hands_for_than_against(start):
    for yes, no, code in ((2, 0, "too_few"), (3, 3, "not_carried"), (1, 5, "not_carried")):
        with pytest.raises(Refused) as refused:
            agreed(start, 100, yes, no)
        assert refused.value.code == code
    with pytest.raises(Refused):
        agreed(start, 100, kind="later")
    with pytest.raises(Refused):
        agreed(start, 100, title=" ")
    money = agreed(start, 100, 2, 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        StartMoney.objects.filter(pk=money.pk).update(pence=1)


def test_its_award_points_to_the_open_meetings_leaf_and_is_made_once(start):
    money = agreed(start, 48_000)
    award = award_from_start(money, **WHO)
    assert award_from_start(money, **WHO) == award
    assert (award.pence, award.decision) == (48_000, money.leaf)
    assert not list(verify_payments())


def test_it_listens_before_it_ends_with_a_vision_and_then_stays_ended(start):
    with pytest.raises(Refused) as no:
        end_start(start, "A hall.", **WHO)
    assert no.value.code == "not_listened"
    for wrong in ({"how": "guess"}, {"people": 0}, {"heard": " "}):
        with pytest.raises(Refused):
            listen(start, **{"how": "doors", "people": 40, "heard": "A hall.", **wrong}, **WHO)
    listen(start, how="doors", people=40, heard="A hall.", **WHO)
    end_start(start, "A hall for everybody.", **WHO)
    with pytest.raises(Refused) as no:
        agreed(start, 1)
    assert no.value.code == "ended"
    with pytest.raises(Refused) as no:
        open_start(start.place, "Again", **WHO)
    assert no.value.code == "started"


def test_everybody_reads_how_to_come_along_and_what_was_heard(page, client):
    place = place_with_money(5_000_000)
    public = reverse("partnerships:starting", args=[place.slug])
    work = reverse("partnerships:starting-work", args=[place.slug])
    assert "Nobody has called neighbours together" in page.get(public).text
    worker = open_account("worker@millbrook.example", actor=WHO["actor"])
    give_role(worker, "worker", place=place, since=date(2026, 1, 1), actor=WHO["actor"])
    sign_in(client, worker)
    page.post(work, {"do": "open", "where": "Thursdays at seven, in the hall."})
    page.post(work, {"do": "listen", "how": "doors", "people": 40, "heard": "Buses stop at six."})
    sent = {
        "do": "money", "kind": "training", "title": "First aid", "pence": "480", "in_favour": 9,
        "against": 1,
    }  # fmt: skip
    assert "too much" in page.post(work, {**sent, "pence": "20000.01"}).text
    page.post(work, sent)
    text = page.get(public).text
    for said in ("Thursdays at seven", "Buses stop at six.", "40 people", "9 in favour, 1 against"):
        assert said in text
    page.post(work, {"do": "end", "vision": "Buses after six."})
    assert "Buses after six." in page.get(public).text
