"""Whoever votes with a pen gives up the code for a paper: at the desk, once, and by nobody else."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from doorstep.apps.people.actions import give_role
from doorstep.apps.voting.actions.casting import cast, redeem
from doorstep.apps.voting.choices import Choice
from doorstep.apps.voting.models import Claim, Way
from tests.apps.people.signing_in import sign_in
from tests.apps.voting.polling import BEFORE, DURING, running
from tests.millbrook import ACTOR


@pytest.fixture
def desk(page, db):
    polling = running()
    give_role(
        polling.printer, "worker", place=polling.round.place, since=BEFORE.date(), actor=ACTOR
    )
    with time_machine.travel(DURING, tick=True):
        sign_in(page.client, polling.printer)
        polling.address = reverse("voting:give-paper", args=[polling.round.slug])
        yield polling


def spend(page, desk, code):
    return page.client.post(desk.address, {"code": code}, follow=True)


def ways(desk):
    return list(
        Claim.objects.filter(credential__round=desk.round).values_list("channel", flat=True)
    )


def test_a_code_buys_one_paper(page, desk):
    assert b"is spent on paper" in spend(page, desk, desk.codes[0].printed).content
    again = spend(page, desk, desk.codes[0].printed)
    assert again.status_code == 422
    assert b"Give out no paper" in again.content
    assert ways(desk) == [Way.PAPER]


def test_what_was_cast_online_gives_way_to_the_paper(page, desk):
    credential = redeem(desk.codes[0].printed, address="192.0.2.9")
    cast(credential, Choice(((0, 1),)), "amber otter river stone 42")
    assert ways(desk) == [Way.ONLINE]
    spend(page, desk, desk.codes[0].printed)
    assert ways(desk) == [Way.PAPER]


def test_a_whole_code_never_stands_on_the_page(page, desk):
    code = desk.codes[0].printed
    for answer in (spend(page, desk, code), spend(page, desk, code)):
        assert code not in answer.content.decode()


def test_a_stranger_spends_nobodys_code(desk):
    assert Client().get(desk.address).status_code == 302
    assert Client().post(desk.address, {"code": desk.codes[0].printed}).status_code in {302, 403}
    assert ways(desk) == []
